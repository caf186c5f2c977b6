"""Fill the records with as many documents as a large agency has after years, quickly: rows are written past the program."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import Policy
from sake_ray.storage.records import Records
from sake_ray.storage.records.search_index import SLOTS, make_criterion, to_milliseconds

TEAMS = {"paris": 35, "lyon": 25, "lille": 20, "nantes": 15, "brest": 5}
LABELS = {
    "invoice": 30, "resume": 20, "identity_card": 15, "payslip": 12, "licence": 10, "passport": 6, "other": 5, "rib": 2
}  # fmt: skip
LANGUAGES = {"fr": 93, "en": 5, "unknown": 2}
COMMON, FREQUENT, RARE = "total", "contrat", "grue"
"""Words of every second, every tenth and every thousandth document."""
WORDS, TEMPLATES = 60, 2000
"""How many words a document has; the texts are made of so many, each with words of its own."""
CHUNK = 10_000
MODEL = "ab" * 32
RECIPE = json.dumps(asdict(Recipe("tesseract", "5.3.0", "fra+eng", 3, 2)))
WAITING, IN_WORK, LEFT_TO_OPS = 2000, 20, 50
"""The newest documents wait or are in work; some older ones need ops."""


@dataclass
class Filled:
    """What was put in, to ask for: a moment after all of it, and some ids, batches and references."""

    now: datetime
    documents: list[str] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)


def fill(records: Records, documents: int, *, now: datetime, seed: int = 7) -> Filled:
    """Fill empty records with so many documents, twenty in a batch, one batch after the other over a year."""
    records.policies.apply_settings(Policy(), now=now - timedelta(days=366))
    filled, random = Filled(now), Random(seed)
    with _quickly(records) as write:
        made = _make(documents, random, filled)
        while rows := next(made, None):
            for table, some in rows.items():
                write(table, some)
    return filled


def _make(documents: int, random: Random, filled: Filled) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
    """Make the rows chunk by chunk, by table, in the order of their references."""
    words = ["".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(20_000)]
    weights = [1 / (place + 3) for place in range(len(words))]
    templates = [random.choices(words, weights=weights, k=WORDS - 5) for _ in range(TEMPLATES)]
    step, number, entries, answers = timedelta(days=365) / max(1, documents / 20), 0, 1, 0  # one entry: the policy
    open_from = documents - min(WAITING, documents // 10)
    while number < documents:
        rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in COLUMNS}
        while number < documents and len(rows["documents"]) < CHUNK:
            size = min(documents - number, random.choice((1, 5, 10, 20, 64)))
            at = filled.now - timedelta(days=365) + step * (number / 20)
            uuid, team = f"{random.getrandbits(128):032x}", _draw(random, TEAMS)
            uuid = f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"
            owner, reference = f"{team} {random.randrange(8)}", f"candidate {number // 50}"
            rows["batches"].append((uuid, reference, team, owner, at, size, size, size, at))
            entries += 1
            rows["audit"].append((entries, at, owner, "", "documents uploaded", f"batch:{uuid}", "{}", ""))
            for position in range(size):
                number += 1
                id = f"{random.getrandbits(128):032x}"
                waits = number > open_from
                status = "COMPLETED" if random.random() > 0.015 else "FAILED"
                if waits:
                    status = "IN_PROGRESS" if number <= open_from + IN_WORK else "PENDING"
                elif number % max(1, documents // LEFT_TO_OPS) == 0:
                    status = "NEEDS_OPS"
                done = status == "COMPLETED"
                label, language, prediction = _draw(random, LABELS), _draw(random, LANGUAGES), f"{id}p"
                confidence = 1 - random.random() ** 2 / 2
                unsure = confidence < 0.7
                answer = _draw(random, LABELS) if done and random.random() < (0.7 if unsure else 0.05) else None
                ended = at + timedelta(minutes=2) if status in {"COMPLETED", "FAILED"} else None
                rows["documents"].append((
                    id, uuid, position, f"scan {number}.pdf", "application/pdf", 250_000, f"{random.getrandbits(256):064x}",
                    f"{uuid}/original_raw/{id}.pdf", at, status, int(not waits), at, 2 if done else None, 2 if done else 0, "",
                    ended, language if done else None, 91.0 if done else None, RECIPE if done else None,
                    prediction if done else None, answer, team, owner, reference, unsure if done else None,
                    unsure and answer is None if done else None, (answer or label) if done else None,
                    at + timedelta(hours=2) if answer else None, answer != label if answer else None,
                    filled.now + timedelta(hours=1) if status == "IN_PROGRESS" else None,
                ))  # fmt: skip
                if not waits:
                    outcome = "completed" if done else "failed" if status == "FAILED" else "blocked"
                    rows["attempts"].append((id, 1, "w", at, ended or at, outcome, ""))
                if not done:
                    continue
                chances = json.dumps({label: round(confidence, 3), "other": round(1 - confidence, 3)})
                rows["predictions"].append((
                    prediction, id, 1, label, confidence, chances, 2 * confidence - 1, unsure, False, "", "1", MODEL, 1, ended,
                ))  # fmt: skip
                if answer:
                    answers += 1
                    entries += 1
                    said = at + timedelta(hours=2)
                    rows["answers"].append((answers, id, answer, owner, said, said if answers % 2 else None))
                    rows["audit"].append((entries, said, owner, "", "answered", f"document:{id}", "{}", ""))
                place = to_milliseconds(at) * SLOTS + position
                rows["searchable"].append((place, id))
                words = [*templates[random.randrange(TEMPLATES)], f"n{random.randrange(5000)}", f"u{number}"]
                words += [word for word, every in ((COMMON, 2), (FREQUENT, 10), (RARE, 1000)) if number % every == 0]
                criteria = {"team": team, "owner": owner, "reference": reference, "language": language}
                rows["search_index"].append((place, words, [make_criterion(*pair) for pair in criteria.items()]))
                if random.random() < 200 / documents:
                    filled.documents.append(id)
            if random.random() < 4000 / documents:
                filled.batches.append(uuid)
                filled.references.append(reference)
        yield rows


COLUMNS = {
    "batches": "uuid reference team owner submitted_at changes exported accepted exported_at",
    "documents": "id batch position name media_type size sha256 original submitted_at status attempt not_before pages pages_done "
    "error ended_at language ocr_confidence recipe prediction answer team owner reference needs_review awaits_review "
    "final_label answered_at corrected lease_until",
    "attempts": "document attempt worker started_at ended_at outcome remark",
    "predictions": "id document attempt label confidence probabilities margin needs_review scant remark model_version model_hash "
    "policy_version made_at",
    "answers": "number document answer by at imported_at",
    "audit": "number at by peer action subject details hash",
    "searchable": "number document",
    "search_index": "rowid terms",
}
COUNT = """INSERT INTO document_counts (status, label, answered, documents)
SELECT status, coalesce(final_label, ''), answer IS NOT NULL, count(*) FROM documents GROUP BY 1, 2, 3"""


@contextmanager
def _quickly(records: Records) -> Iterator[Any]:
    """Yield what writes rows into a table; indexes are made at the end, and what triggers would do is done at once."""
    with records.database.connect() as connection:
        raw: Any = connection.connection.driver_connection
        sqlite = records.database.is_sqlite
        if sqlite:
            for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000"):
                raw.execute(f"PRAGMA {pragma}")
            found = "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
            raw.execute("BEGIN")
        else:
            raw.execute("SET session_replication_role = replica")
            raw.execute("SET maintenance_work_mem = '1GB'")
            found = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'ix_%'"
        made = list(raw.execute(found).fetchall())
        for name, definition in made:
            raw.execute(f"DROP {'TRIGGER' if definition.startswith('CREATE TRIGGER') else 'INDEX'} {name}")

        def write(table: str, rows: Iterable[Sequence[Any]]) -> None:
            columns = COLUMNS[table].split()
            if table == "search_index":
                rows = (_to_entry(row, sqlite=sqlite) for row in rows)
            names = ", ".join(f'"{column}"' for column in columns)
            if sqlite:
                marks = ", ".join("?" * len(columns))
                raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", map(_to_sqlite, rows))  # noqa: S608
                return
            with raw.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

        yield write
        raw.execute("UPDATE audit_head SET number = (SELECT max(number) FROM audit)")
        raw.execute(COUNT)
        for _, definition in made:
            raw.execute(definition)
        raw.commit()
        if sqlite:
            for pragma in ("foreign_keys=ON", "synchronous=FULL", "wal_checkpoint(TRUNCATE)"):
                raw.execute(f"PRAGMA {pragma}")
        else:
            raw.autocommit = True
            raw.execute(
                "SELECT setval(pg_get_serial_sequence('answers', 'number'), (SELECT count(*) + 1 FROM answers))"
            )
            raw.execute("SET session_replication_role = DEFAULT")
            raw.execute("VACUUM ANALYZE")
            raw.autocommit = False


def _to_entry(row: Sequence[Any], *, sqlite: bool) -> tuple[int, str]:
    number, words, criteria = row
    if sqlite:
        return number, " ".join([*(f"{mark}{word}" for word in words for mark in "xf"), *criteria])
    places: dict[str, list[str]] = {}
    for position, word in enumerate(words, 1):
        places.setdefault(word, []).append(str(position))
    entries = [f"{mark}{word}:{','.join(at)}" for word, at in places.items() for mark in "xf"]
    return number, " ".join([*entries, *criteria])


def _to_sqlite(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value for value in row)


def _draw(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def read_size(records: Records) -> int:
    """The bytes of the database."""
    query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    if not records.database.is_sqlite:
        query = "SELECT pg_database_size(current_database())"
    with records.database.transaction(reads_only=True) as connection:
        return int(connection.execute(sa.text(query)).scalar_one())
