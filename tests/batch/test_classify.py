"""`sake classify`: one row an input, in order, whatever the inputs are."""

import csv
import io
import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest

from sake_ray.batch.output import COLUMNS
from sake_ray.batch.progress import ignore_run_progress
from sake_ray.batch.run import classify_files
from sake_ray.cli.bootstrap import make_s3_endpoint, open_records
from sake_ray.cli.documents import make_classification_context
from sake_ray.data.sources import find_sources
from sake_ray.domain.documents import Status
from sake_ray.domain.verdicts import Policy
from sake_ray.settings import Settings
from sake_ray.synthetic.sheet import sheets_to_pdf
from tests.command import run_sake
from tests.pages import letter, png
from tests.ports import free_port
from tests.storage.s3_servers import Server
from tests.storage.s3_servers import moto as moto


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as people have them: good and bad files, copies, odd names, a side file."""
    folder = tmp_path_factory.mktemp("inbox")
    (folder / "sub").mkdir()
    scan = png(letter().render(130))
    first, *rest = (letter((f"Letter {number} about the invoice",)).render(80) for number in range(3))
    first.save(folder / "three pages.tif", save_all=True, append_images=rest, compression="tiff_lzw")
    (folder / "a scan.png").write_bytes(scan)
    (folder / "sub" / "copy of it.jpg").write_bytes(scan)
    (folder / "layer.pdf").write_bytes(
        sheets_to_pdf([letter(("Facture numéro 12", "Total à payer avant le 3 mars", "Montant de la TVA"))])
    )
    (folder / "=cmd|'C calc'!A0.pdf").write_bytes(b"")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\n nothing of a PDF")
    (folder / "blank.png").write_bytes(png(letter(()).render(60)))
    (folder / "list.csv").write_text("name,label\n")
    (folder / ".hidden.png").write_bytes(scan)
    (folder / os.fsdecode(b"odd \xff name.png")).write_bytes(scan)
    return folder


@pytest.fixture(scope="module")
def run(
    home: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory, own_ray: dict[str, str]
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """One run over the folder."""
    output = tmp_path_factory.mktemp("out") / "results.csv"
    return run_sake("classify", str(folder), "--output", str(output), home=home, **own_ray), output


@pytest.fixture(scope="module")
def rows(run: tuple[subprocess.CompletedProcess[str], Path], folder: Path) -> dict[str, dict[str, str]]:
    return rows_of(run[1])


def rows_of(output: Path) -> dict[str, dict[str, str]]:
    with output.open(newline="", encoding="utf-8") as file:
        return {Path(row["path"]).name: row for row in csv.DictReader(file)}


def journal_of(output: Path) -> list[dict[str, object]]:
    lines = output.with_name(output.name + ".journal").read_text(encoding="utf-8").splitlines()
    return sorted(
        ({name: value for name, value in json.loads(line).items() if name != "seconds"} for line in lines),
        key=lambda entry: str(entry["path"]),
    )


def test_ray_gives_the_same_rows_and_journal(
    run: tuple[subprocess.CompletedProcess[str], Path],
    folder: Path,
    home: Path,
    own_ray: dict[str, str],
    tmp_path: Path,
) -> None:
    output = tmp_path / "on ray.csv"
    settings = own_ray | {"SAKE_LOCAL_SECONDS": "0", "SAKE_OBJECTS_URL": str(tmp_path / "objects")}
    done = run_sake("classify", str(folder), "--output", str(output), home=home, **settings)
    assert done.returncode == 3, done.stderr

    def facts(path: Path) -> list[dict[str, str]]:
        return [{name: row[name] for name in COLUMNS if name != "seconds"} for row in rows_of(path).values()]

    assert facts(output) == facts(run[1])
    assert journal_of(output) == journal_of(run[1])
    assert list((tmp_path / "objects").glob("loose-pages/**/*.gz")) == []


def test_little_work_is_done_without_ray(folder: Path, home: Path, tmp_path: Path) -> None:
    """There is no such cluster, which is said soon: Ray itself tries twenty times."""
    done = run_sake(
        "classify", str(folder / "a scan.png"), str(folder / "three pages.tif"), home=home,
        SAKE_RAY_ADDRESS=f"127.0.0.1:{free_port()}", SAKE_OBJECTS_URL=str(tmp_path),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [row["pages"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["1", "3"]


def test_more_work_is_done_by_ray(folder: Path, home: Path, tmp_path: Path) -> None:
    """There is no such cluster, which is said soon: Ray itself tries twenty times."""
    done = run_sake(
        "classify", str(folder / "a scan.png"), home=home, SAKE_LOCAL_SECONDS="0",
        SAKE_RAY_ADDRESS=f"127.0.0.1:{free_port()}", SAKE_OBJECTS_URL=str(tmp_path),
    )  # fmt: skip
    assert done.returncode not in {0, 3}
    assert "Ray cluster" in done.stderr


def test_every_document_has_one_row_and_side_files_none(rows: dict[str, dict[str, str]]) -> None:
    names = {
        "=cmd|'C calc'!A0.pdf",
        "a scan.png",
        "blank.png",
        "broken.pdf",
        "layer.pdf",
        "copy of it.jpg",
        "odd \\xff name.png",
        "three pages.tif",
    }
    assert set(rows) == names
    assert tuple(rows["layer.pdf"]) == COLUMNS


def test_exit_code_three_says_that_some_failed(run: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    assert run[0].returncode == 3
    assert "8 documents: 6 COMPLETED" in run[0].stderr
    assert "2 FAILED" in run[0].stderr
    assert "list.csv" in run[0].stderr
    assert run[0].stdout == ""


def test_bad_file_is_a_row_with_its_error(rows: dict[str, dict[str, str]]) -> None:
    assert rows["broken.pdf"]["status"] == rows["=cmd|'C calc'!A0.pdf"]["status"] == Status.FAILED
    assert "damaged" in rows["broken.pdf"]["error"]
    assert "empty" in rows["=cmd|'C calc'!A0.pdf"]["error"]
    assert rows["broken.pdf"]["label"] == ""


def test_page_without_text_has_no_label_and_goes_to_people(rows: dict[str, dict[str, str]]) -> None:
    blank = rows["blank.png"]
    assert (blank["status"], blank["label"], blank["confidence"], blank["needs_review"]) == (
        "COMPLETED",
        "",
        "",
        "True",
    )
    assert "scan it again" in blank["error"]


def test_copies_of_the_same_bytes_have_the_same_answer(rows: dict[str, dict[str, str]]) -> None:
    one, other = rows["a scan.png"], rows["copy of it.jpg"]
    assert {name: one[name] for name in COLUMNS if name != "path"} == {
        name: other[name] for name in COLUMNS if name != "path"
    }


def test_probabilities_belong_to_all_labels_and_sum_to_one(rows: dict[str, dict[str, str]]) -> None:
    probabilities = json.loads(rows["layer.pdf"]["probabilities"])
    assert set(probabilities) == {"facture", "id_pieces", "resume", "other"}
    assert sum(probabilities.values()) == pytest.approx(1)
    assert float(rows["layer.pdf"]["confidence"]) == pytest.approx(max(probabilities.values()))
    assert rows["layer.pdf"]["label"] == "facture"
    assert rows["layer.pdf"]["model_version"] == "1"


def test_second_run_knows_everything_and_writes_the_same(
    run: tuple[subprocess.CompletedProcess[str], Path], folder: Path, home: Path, own_ray: dict[str, str]
) -> None:
    before = run[1].read_bytes()
    again = run_sake("classify", str(folder), "--output", str(run[1]), home=home, **own_ray)
    assert again.returncode == 3
    assert "8 of 8 documents are known" in again.stderr
    assert run[1].read_bytes() == before


def test_retry_failed_reads_only_what_failed(
    run: tuple[subprocess.CompletedProcess[str], Path], folder: Path, home: Path, own_ray: dict[str, str]
) -> None:
    again = run_sake("classify", str(folder), "--output", str(run[1]), "--retry-failed", home=home, **own_ray)
    assert again.returncode == 3
    assert "6 of 8 documents are known" in again.stderr


def test_other_threshold_classifies_anew_and_without_output_goes_to_standard_output(
    folder: Path, home: Path, own_ray: dict[str, str]
) -> None:
    done = run_sake("classify", str(folder / "layer.pdf"), home=home, SAKE_REVIEW_THRESHOLD="1", **own_ray)
    assert done.returncode == 0
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert (row["label"], row["needs_review"]) == ("facture", "True")


@pytest.mark.usefixtures("run")
def test_promise_of_the_admin_counts_over_the_threshold(
    folder: Path, home: Path, tmp_path: Path, own_ray: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=home, review_threshold=0, ray_address=own_ray["SAKE_RAY_ADDRESS"])
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", own_ray["RAY_AUTH_TOKEN_PATH"])
    policies = open_records(settings).policies
    sources = find_sources([str(folder / "layer.pdf")], buckets=make_s3_endpoint(settings)).sources

    def wants_person() -> bool:
        with make_classification_context(settings, on_stage=lambda _: None) as context:
            (result,) = classify_files(
                sources,
                context,
                journal_path=tmp_path / "journal",
                retry_failed=False,
                on_progress=ignore_run_progress,
                on_stage=lambda _: None,
            )
        return result.needs_review

    before = wants_person()
    policies.add(Policy(thresholds={"facture": None}, wrong_in=200), by="ann", now=datetime.now(UTC))
    promised = wants_person()
    policies.add(Policy(), by="ann", now=datetime.now(UTC))
    assert (before, promised, wants_person()) == (False, True, False)


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (("classify", "no such folder"), "There is no file or folder no such folder.", 2),
        (("classify", "x.png", "--output", "results.xlsx"), "results.xlsx ends in none of .csv, .jsonl, .parquet.", 2),
    ],
)
def test_mistake_of_the_caller_is_one_sentence(words: tuple[str, ...], says: str, code: int, home: Path) -> None:
    done = run_sake(*words, home=home)
    assert (done.returncode, done.stderr.strip()) == (code, f"sake: {says}")


def test_wrong_setting_is_named(home: Path) -> None:
    done = run_sake("classify", ".", home=home, SAKE_READ_PAGES="many")
    assert done.returncode == 5
    assert "SAKE_READ_PAGES='many'" in done.stderr


def test_s3_prefix_is_classified_and_objects_may_live_in_s3(moto: Server, home: Path, tmp_path: Path) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    client = boto3.client(
        "s3",
        endpoint_url=moto.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.create_bucket(Bucket="inbox")
    client.put_object(Bucket="inbox", Key="march/letter.pdf", Body=sheets_to_pdf([letter()]))
    client.put_object(Bucket="inbox", Key="april/other.pdf", Body=b"")
    output = tmp_path / "out.jsonl"
    done = run_sake(
        "classify", "s3://inbox/march", "--output", str(output), home=home,
        SAKE_S3_ENDPOINT=moto.endpoint, SAKE_OBJECTS_URL="s3://inbox/objects", **keys,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (row,) = map(json.loads, output.read_text().splitlines())
    assert (row["path"], row["status"], row["pages"]) == ("s3://inbox/march/letter.pdf", "COMPLETED", 1)
    stored = [entry["Key"] for entry in client.list_objects_v2(Bucket="inbox", Prefix="objects/")["Contents"]]
    assert any(key.endswith(".json.gz") for key in stored)
    assert any(key.endswith("1.thumbnail.jpg") for key in stored)
