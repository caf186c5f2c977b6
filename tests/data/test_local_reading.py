"""Reading without Ray: pages over several readers, bad files beside good ones."""

from io import BytesIO
from pathlib import Path

import pytest

from sake_ray.data.document_claims import ClaimTable
from sake_ray.data.local_reading import read_locally
from sake_ray.data.loose_pages import read_pages_apart
from sake_ray.data.portion_reader import OutcomeKind, PortionReader, SourceOutcome
from sake_ray.data.portions import Portion, PortionSource
from sake_ray.data.reading import Reader, ReadingOptions
from sake_ray.data.sources import RecentBytes, S3Endpoint
from sake_ray.domain.limits import Limits
from sake_ray.domain.page_ranges import PageRange
from sake_ray.storage.objects import FolderStore
from tests.pages import letter, png

FETCH = RecentBytes(S3Endpoint(), max_bytes=20_000_000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scan of three pages, a scan of one, its copy, and a broken file."""
    folder = tmp_path_factory.mktemp("inbox")
    first, *rest = (letter((f"Letter {number} about the invoice",)).render(80) for number in range(3))
    buffer = BytesIO()
    first.save(buffer, "TIFF", save_all=True, append_images=rest, compression="tiff_lzw")
    (folder / "0.tif").write_bytes(buffer.getvalue())
    for name in ("1.png", "2.png"):
        (folder / name).write_bytes(png(first))
    (folder / "3.pdf").write_bytes(b"%PDF-1.7\n nothing of a PDF")
    return folder


def whole(folder: Path) -> list[Portion]:
    sources = [PortionSource(index, str(path).encode()) for index, path in enumerate(sorted(folder.iterdir()))]
    return [Portion((source,), 1.0, unsurveyed=True) for source in sources]


def reading(reader: Reader, store: FolderStore, **options: object) -> PortionReader:
    return PortionReader(reader, store, fetch=FETCH, claims=ClaimTable(), known={}, **options)  # type: ignore[arg-type]


def test_pages_are_read_by_several_readers_and_outcomes_name_their_source(
    reader: Reader, folder: Path, tmp_path: Path
) -> None:
    store = FolderStore(tmp_path)
    surveys = reading(reader, store)
    portions = [divided for portion in whole(folder)[:2] + whole(folder)[3:] for divided in surveys.survey(portion)]
    assert len(portions) == 3 + 1 + 1
    pages: list[tuple[int, int]] = []
    outcomes = list(
        read_locally(
            portions, reader=reader, cpus=2, store=store, fetch=FETCH, on_page=lambda *page: pages.append(page)
        )
    )
    ended = {outcome.index: outcome for outcome in outcomes if outcome.kind is not OutcomeKind.PAGES}
    assert {index: outcome.kind for index, outcome in ended.items()} == {
        0: OutcomeKind.READ, 1: OutcomeKind.READ, 3: OutcomeKind.FAILED,
    }  # fmt: skip
    text = ended[0].text
    assert text
    assert text == reader.read((folder / "0.tif").read_bytes())
    assert ended[3].error.code == "pdf-damaged"
    assert sorted(pages) == [(0, 3), (0, 3), (0, 3), (1, 1)]


def test_a_copy_is_not_read(reader: Reader, folder: Path, tmp_path: Path) -> None:
    reads = reading(reader, FolderStore(tmp_path))
    kinds = [outcome.kind for portion in whole(folder)[1:3] for outcome in reads.read(portion)]
    assert kinds == [OutcomeKind.READ, OutcomeKind.COPY]


def test_what_an_earlier_run_finished_is_not_read(reader: Reader, folder: Path, tmp_path: Path) -> None:
    digest = reader.read((folder / "1.png").read_bytes()).sha256
    reads = PortionReader(
        reader, FolderStore(tmp_path), fetch=FETCH, claims=ClaimTable(), known={1: frozenset([digest])}
    )
    assert [outcome.kind for outcome in reads.read(whole(folder)[1])] == [OutcomeKind.KNOWN]


def test_no_more_pages_are_read_of_a_document_that_used_up_its_time(folder: Path, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    with Reader(ReadingOptions(limits=Limits(document_seconds=0.3))) as reader:
        reads = reading(reader, store)
        outcomes: list[SourceOutcome] = []
        for portion in reads.survey(whole(folder)[0]):
            outcomes += reads.read(portion)
        kinds = [outcome.kind for outcome in outcomes]
        assert kinds.count(OutcomeKind.FAILED) == 1
        assert OutcomeKind.READ not in kinds


def test_a_retry_reads_only_the_pages_that_were_not_read(reader: Reader, folder: Path, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    data = (folder / "0.tif").read_bytes()
    digest = reader.read(data).sha256
    read_pages_apart(data, digest, PageRange(1, 2), count=3, reader=reader, store=store)
    pages: list[tuple[int, int]] = []
    reads = reading(reader, store, on_page=lambda *page: pages.append(page))
    outcomes = [outcome for portion in reads.survey(whole(folder)[0]) for outcome in reads.read(portion)]
    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.PAGES, OutcomeKind.PAGES, OutcomeKind.READ]
    assert pages == [(0, 3)]


def test_an_error_that_is_no_documents_fault_ends_the_run(reader: Reader, folder: Path, tmp_path: Path) -> None:
    def fetch(location: bytes) -> bytes:
        raise MemoryError

    with pytest.raises(MemoryError):
        list(read_locally(whole(folder), reader=reader, cpus=2, store=FolderStore(tmp_path), fetch=fetch))
