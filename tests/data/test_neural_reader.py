"""The neural reader: what it reads, what it needs, and that a machine without it reads on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from sake_ray.data.ocr.confidences import to_common_scale
from sake_ray.data.ocr.line_detection import LineBox, find_slope, group_rows
from sake_ray.data.ocr.neural import RapidocrEngine
from sake_ray.data.reading import Reader, ReadingOptions
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.limits import Limits
from sake_ray.domain.texts import ReadingSource
from sake_ray.errors import ReadingTimeout, SetupError
from tests.pages import LINES, letter, png

ALONE = ReadingOptions(engine="none")
MEGABYTE = 1 << 20


def grey_letter(dpi: int = 100) -> Pixels:
    return np.asarray(letter().render(dpi).convert("L"))


@pytest.fixture(scope="module")
def engine() -> RapidocrEngine:
    return RapidocrEngine()


@pytest.fixture(scope="module")
def alone() -> Iterator[Reader]:
    """A reader that reads every page by the neural reader only."""
    with Reader(ALONE) as reader:
        yield reader


def without_module(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the reader process find a module that does not load, as a wheel that does not fit the machine."""
    (folder / f"{name}.py").write_text("raise ImportError('wrong ELF class')\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))


def test_words_have_their_places_and_lines(engine: RapidocrEngine) -> None:
    grey = grey_letter()
    words = engine.read(grey, segmentation=0, seconds=60)
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.text)
        assert grey[word.top : word.bottom, word.left : word.right].min() < 120  # there is ink
    assert [" ".join(line) for line in lines.values()] == list(LINES)


@pytest.mark.parametrize("angle", [0, 7, 90, 180, 250])
def test_lines_are_found_whichever_way_they_run(engine: RapidocrEngine, angle: int) -> None:
    turned = letter().render(100).rotate(angle, expand=True, fillcolor="white")
    found = engine.find_lines(np.asarray(turned.convert("L")))
    assert abs((found.angle + angle + 180) % 360 - 180) < 1  # rotated so far the other way, it is upright
    assert len(found.quads) == len(LINES)


def test_a_short_word_beside_long_lines_does_not_tilt_the_page() -> None:
    lines = [LineBox(100, 20 * number, 200, 12, 3.0) for number in range(5)]
    assert find_slope([*lines, LineBox(10, 300, 60, 20, 88.0)]) == pytest.approx(3.0, abs=0.1)
    assert find_slope([]) == 0


def test_columns_of_one_row_are_one_line() -> None:
    def quad(left: float, top: float) -> np.ndarray:
        return np.array([[left, top], [left + 50, top], [left + 50, top + 10], [left, top + 10]], np.float32)

    assert group_rows([quad(200, 3), quad(0, 0), quad(0, 20)]) == [[1, 0], [2]]


def test_nothing_on_a_page_is_read_as_nothing(engine: RapidocrEngine) -> None:
    assert engine.read(np.full((400, 300), 230, np.uint8), segmentation=0, seconds=60) == ()


def test_reading_ends_with_its_cpu_seconds(engine: RapidocrEngine) -> None:
    with pytest.raises(ReadingTimeout):
        engine.read(grey_letter(), segmentation=0, seconds=0.01)


def test_confidence_grows_with_sureness_and_stays_on_the_scale() -> None:
    scale = [to_common_scale(step / 1000) for step in range(1001)]
    assert scale == sorted(scale)
    assert (scale[0], scale[-1] <= 100) == (0.0, True)


def test_nothing_is_fetched_sent_kept_or_logged(tmp_path: Path) -> None:
    """Python's sockets are forbidden; a native library that reported home would keep its reports in the home until then."""
    program = (
        "import sys\n"
        "def forbid(event, arguments):\n"
        "    if event.startswith(('socket.', 'urllib.')): raise SystemExit(f'network: {event}')\n"
        "sys.addaudithook(forbid)\n"
        "import numpy as np\n"
        "from sake_ray.data.ocr.neural import RapidocrEngine\n"
        "RapidocrEngine().read(np.full((300, 300), 255, np.uint8), segmentation=0, seconds=60)\n"
    )
    places = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | places)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_its_runtime_cannot_send_usage_data() -> None:
    libraries = Path(next(iter(find_spec("onnxruntime").submodule_search_locations))) / "capi"  # type: ignore[union-attr, arg-type]
    for library in libraries.glob("*.so"):
        assert b"events.data.microsoft.com" not in library.read_bytes(), library.name


def test_one_thread_reads_however_many_cpus_there_are(alone: Reader) -> None:
    alone.read(png(letter().render(100)))
    process = psutil.Process(alone._process._process.pid)  # type: ignore[union-attr]
    before = [thread.system_time + thread.user_time for thread in process.threads()]
    alone.read(png(letter().render(100)))
    after = [thread.system_time + thread.user_time for thread in process.threads()]
    assert sum(later > sooner + 0.05 for sooner, later in zip(sorted(before), sorted(after), strict=True)) == 1


def test_models_are_loaded_when_a_page_needs_them(reader: Reader) -> None:
    with Reader(ReadingOptions()) as fresh:
        fresh.read(png(letter(LINES * 2).render(200)))
        process = psutil.Process(fresh._process._process.pid)  # type: ignore[union-attr]
        idle = process.memory_full_info().pss
        fresh.read(png(letter(LINES[:2]).render(100)))  # too few words to be called good
        assert idle < 250 * MEGABYTE
        assert process.memory_full_info().pss > idle + 25 * MEGABYTE  # the models have 31


def test_alone_it_reads_pages_too(alone: Reader) -> None:
    told: list[ReadingSource] = []
    scan = png(letter().render(100).rotate(90, expand=True))
    text = alone.read(scan, on_page_measured=lambda source, _: told.append(source))
    assert told == [ReadingSource.NEURAL]
    assert [word.text for word in text.words] == " ".join(LINES).split()
    assert text.recipe.engine == "rapidocr"


def test_pages_that_tesseract_reads_poorly_are_read(reader: Reader) -> None:
    pale = 205 - (255 - np.asarray(letter(size=9).render(90).convert("L"), float)) * 0.22
    rng = np.random.default_rng(3)
    page = np.clip(pale + rng.normal(0, 7, pale.shape), 0, 255).astype(np.uint8)
    data = cv2.imencode(".png", page)[1].tobytes()
    with Reader(ReadingOptions(second_engine="none")) as other:
        poor = other.read(data)
    good = reader.read(data)
    words = set(" ".join(LINES).split())
    assert len(words & {word.text for word in good.words}) > len(words & {word.text for word in poor.words})


def test_a_machine_without_its_wheels_reads_by_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_module("onnxruntime", tmp_path, monkeypatch)
    with Reader(ReadingOptions()) as reader:
        assert reader.recipe.engine == "tesserocr"
        assert "workshop" in reader.read(png(letter().render(100).rotate(180))).text


def test_a_machine_without_tesserocr_reads_by_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_module("tesserocr", tmp_path, monkeypatch)
    with Reader(ReadingOptions()) as reader:
        assert reader.recipe.engine == "pytesseract+rapidocr"
        assert "workshop" in reader.read(png(letter().render(100))).text


def test_a_machine_that_is_left_without_any_engine_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_module("onnxruntime", tmp_path, monkeypatch)
    with Reader(ALONE) as reader, pytest.raises(SetupError, match="No OCR engine is left"):
        _ = reader.recipe


def test_too_little_memory_for_it_leaves_tesseracts_words() -> None:
    with Reader(ReadingOptions(limits=Limits(memory_mb=700))) as reader:
        text = reader.read(png(letter(LINES[:2]).render(100)))  # too few words to be called good
    assert "workshop" in text.text
