"""A saved classifier comes back the same, and anything else is refused."""

import io
import json
import pickle
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sake_ray.classifier import Classifier, check_files, fit, load
from sake_ray.classifier.manifest import FORMAT_VERSION, MANIFEST_FILE
from sake_ray.classifier.model_archive import pack_archive, unpack_archive
from sake_ray.classifier.model_files import ARRAYS, MODEL_FILE, TEXTS
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import ModelRefused
from tests.handmade import RECIPE, make_corpus

NOW = datetime(2026, 11, 23, tzinfo=UTC)
POLICY = Policy()


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    """Trained on twelve documents of each label."""
    return fit(*make_corpus(12))


@pytest.fixture
def saved(classifier: Classifier, tmp_path: Path) -> Path:
    """The folder of a saved classifier."""
    classifier.save(tmp_path, created=NOW)
    return tmp_path


def edit_manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Rewrite the manifest of a saved classifier."""
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    change(manifest)
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")


def replace_model(folder: Path, content: bytes) -> None:
    """Put another file in the model's place, with a manifest that vouches for it."""
    (folder / MODEL_FILE).write_bytes(content)
    edit_manifest(folder, lambda manifest: manifest.update(model_sha256=sha256(content).hexdigest()))


class TestSaveAndLoad:
    def test_loaded_classifier_predicts_the_same(self, classifier: Classifier, tmp_path: Path) -> None:
        name = classifier.save(tmp_path / "new" / "folder", created=NOW)
        loaded = load(tmp_path / "new" / "folder", recipe=RECIPE, sha256=name)
        texts, _ = make_corpus(5, seed=7)
        assert loaded.predict(texts, policy=POLICY) == classifier.predict(texts, policy=POLICY)
        assert loaded.explain(texts[0]) == classifier.explain(texts[0])
        assert (loaded.sha256, loaded.parameters, loaded.recipe) == (name, classifier.parameters, RECIPE)

    def test_saving_leaves_two_files(self, saved: Path) -> None:
        assert sorted(path.name for path in saved.iterdir()) == [MANIFEST_FILE, MODEL_FILE]

    def test_labels_of_any_form_survive(self, tmp_path: Path) -> None:
        texts, labels = make_corpus(3, labels=("facture", "resume"))
        strange = {"facture": "two\nlines", "resume": 'reçu "x" \U0001f600'}
        fit(texts, [strange[label] for label in labels]).save(tmp_path, created=NOW)
        assert set(load(tmp_path, recipe=RECIPE).labels) == set(strange.values())

    def test_classifier_survives_the_way_to_a_worker(self, classifier: Classifier) -> None:
        texts, _ = make_corpus(1, seed=7)
        sent = pickle.loads(pickle.dumps(classifier))  # noqa: S301 - our own
        assert sent.predict(texts, policy=POLICY) == classifier.predict(texts, policy=POLICY)

    def test_sound_files_pass_the_check_without_loading(self, classifier: Classifier, tmp_path: Path) -> None:
        name = classifier.save(tmp_path, created=NOW)
        manifest = check_files(tmp_path, sha256=name)
        assert (manifest.sha256, manifest.created, manifest.labels) == (name, NOW, classifier.labels)

    def test_one_flipped_bit_is_refused(self, saved: Path) -> None:
        content = bytearray((saved / MODEL_FILE).read_bytes())
        content[len(content) // 2] ^= 1
        (saved / MODEL_FILE).write_bytes(content)
        with pytest.raises(ModelRefused, match=r"model\.npz is not the file its manifest\.json speaks of"):
            load(saved, recipe=RECIPE)

    @pytest.mark.parametrize("name", [MODEL_FILE, MANIFEST_FILE])
    def test_missing_file_is_refused(self, saved: Path, name: str) -> None:
        (saved / name).unlink()
        with pytest.raises(ModelRefused, match=f"no readable {name}"):
            load(saved, recipe=RECIPE)

    def test_edited_manifest_is_refused_by_its_checksum(self, classifier: Classifier, tmp_path: Path) -> None:
        name = classifier.save(tmp_path, created=NOW)
        edit_manifest(tmp_path, lambda manifest: manifest.update(created="2027-01-01T00:00:00+00:00"))
        with pytest.raises(ModelRefused, match="not the one that was registered"):
            load(tmp_path, recipe=RECIPE, sha256=name)

    def test_swapped_labels_are_refused(self, saved: Path) -> None:
        edit_manifest(saved, lambda manifest: manifest["labels"].reverse())
        with pytest.raises(ModelRefused, match="labels are not those"):
            load(saved, recipe=RECIPE)

    @pytest.mark.parametrize(
        "content", [b"", b"\xff", b"[]", b"{}", b"[" * 90_000, b" " * 1_000_001, b'{"format_version": true}']
    )
    def test_malformed_manifest_is_refused(self, saved: Path, content: bytes) -> None:
        (saved / MANIFEST_FILE).write_bytes(content)
        with pytest.raises(ModelRefused, match=r"manifest\.json is"):
            load(saved, recipe=RECIPE)

    @pytest.mark.parametrize(
        ("part", "name", "value"),
        [
            ("recipe", "engine", 5),
            ("recipe", "colour", "red"),
            ("parameters", "c", "20"),
            ("parameters", "c", float("nan")),
            ("parameters", "n_splits", 2.5),
            ("libraries", "numpy", None),
        ],
    )
    def test_manifest_with_a_wrong_field_is_refused(self, saved: Path, part: str, name: str, value: object) -> None:
        edit_manifest(saved, lambda manifest: manifest[part].update({name: value}))
        with pytest.raises(ModelRefused, match="damaged"):
            load(saved, recipe=RECIPE)

    def test_other_format_version_is_refused(self, saved: Path) -> None:
        edit_manifest(saved, lambda manifest: manifest.update(format_version=FORMAT_VERSION + 1))
        with pytest.raises(ModelRefused, match="format version 4; this program reads version 3"):
            load(saved, recipe=RECIPE)

    def test_other_scikit_learn_is_refused(self, saved: Path) -> None:
        edit_manifest(saved, lambda manifest: manifest["libraries"].update({"scikit-learn": "1.2.3"}))
        with pytest.raises(ModelRefused, match=r"scikit-learn 1\.2\.3 and here is \d"):
            load(saved, recipe=RECIPE)

    @pytest.mark.parametrize(
        ("recipe", "sentence"),
        [
            (replace(RECIPE, engine_version="6.0.0"), "the version of Tesseract is 5 there and 6 here"),
            (replace(RECIPE, languages="eng"), r"the languages is fra\+eng there and eng here"),
            (replace(RECIPE, reading_version=99), "the reading version is 1 there and 99 here"),
            (replace(RECIPE, cleaning_version=99), r"the cleaning version is \d+ there and 99 here"),
        ],
    )
    def test_other_recipe_is_refused_by_name(self, saved: Path, recipe: Recipe, sentence: str) -> None:
        with pytest.raises(ModelRefused, match=sentence):
            load(saved, recipe=recipe)

    def test_other_way_to_call_the_same_tesseract_makes_no_difference(self, saved: Path) -> None:
        assert load(saved, recipe=replace(RECIPE, engine="pytesseract", engine_version="5.5.1")).recipe == RECIPE
        assert load(saved, recipe=None).recipe == RECIPE


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.path,)


def members_of(folder: Path) -> dict[str, bytes]:
    """The members of a saved model."""
    with zipfile.ZipFile(folder / MODEL_FILE) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zip_of(members: dict[str, bytes], *, compression: int = zipfile.ZIP_STORED) -> bytes:
    """A zip of these members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def npy_of(array: NDArray[Any], *, pickled: bool = False) -> bytes:
    """A .npy file of an array."""
    member = io.BytesIO()
    np.save(member, array, allow_pickle=pickled)
    return member.getvalue()


def announce(shape: str, dtype: str = "<f4", body: bytes = b"") -> bytes:
    """A .npy file whose header says so, whatever follows."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + body


def assert_refused(folder: Path, content: bytes) -> None:
    """A model of that content is refused, although its manifest vouches for it."""
    replace_model(folder, content)
    with pytest.raises(ModelRefused, match="is no model of this program"):
        load(folder, recipe=RECIPE)


class TestForeignModels:
    def test_pickle_is_refused_and_not_run(self, saved: Path) -> None:
        mark = saved / "ran"
        assert_refused(saved, pickle.dumps(Bomb(mark)))
        assert not mark.exists()

    @pytest.mark.parametrize("name", [f"{name}.npy" for name in ARRAYS])
    def test_pickled_array_is_refused_and_not_run(self, saved: Path, name: str) -> None:
        mark = saved / "ran"
        array = np.array([Bomb(mark)], dtype=object)
        members = members_of(saved) | {name: npy_of(array, pickled=True)}
        assert_refused(saved, zip_of(members))
        assert not mark.exists()

    @pytest.mark.parametrize("content", [b"", b"text", b"PK\x05\x06" + bytes(18), npy_of(np.zeros(3)), b"PK\x03\x04"])
    def test_other_file_is_refused(self, saved: Path, content: bytes) -> None:
        assert_refused(saved, content)

    def test_model_with_any_member_missing_or_another_beside_them_is_refused(self, saved: Path) -> None:
        members = members_of(saved)
        for name in members:
            assert_refused(saved, zip_of({other: content for other, content in members.items() if other != name}))
        assert_refused(saved, zip_of(members | {"more.npy": npy_of(np.zeros(1))}))
        assert_refused(saved, zip_of(members | {"../coef.npy": npy_of(np.zeros(1))}))

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_model_with_a_member_twice_is_refused(self, saved: Path) -> None:
        packed = io.BytesIO((saved / MODEL_FILE).read_bytes())
        with zipfile.ZipFile(packed, "a") as archive:
            archive.writestr("coef.npy", archive.read("coef.npy"))
        assert_refused(saved, packed.getvalue())

    @pytest.mark.parametrize(
        "array",
        [
            np.float64(-1.0), np.float64("nan"), np.float64("inf"), np.float32(1.0), np.array([1.0]), np.array(1),
            np.array("text"), np.array(True), np.zeros((0,)), np.zeros((4, 7), np.float32), np.array(1j),
            np.array(1.0, dtype=">f8"), np.array((1.0, 2), dtype=[("a", "<f8"), ("b", "<i4")]),
            np.array("2026-01-01", dtype="<M8[D]"),
        ],
        ids=lambda array: f"{array.dtype}{array.shape}",
    )  # fmt: skip
    def test_model_with_any_array_exchanged_is_refused(self, saved: Path, array: NDArray[Any]) -> None:
        members = members_of(saved)
        for name in ARRAYS:
            if (name, repr(array)) != ("legible", repr(np.float64(-1.0))):  # which may be negative
                assert_refused(saved, zip_of(members | {f"{name}.npy": npy_of(np.asarray(array))}))

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
    @pytest.mark.parametrize("name", ["coef", "char_idf", "token_idf"])
    def test_array_with_one_number_that_is_none_is_refused(self, saved: Path, name: str, value: float) -> None:
        arrays, texts = unpack_archive((saved / MODEL_FILE).read_bytes(), ARRAYS, TEXTS)
        broken = arrays[name].copy()
        broken.flat[0] = value
        assert_refused(saved, pack_archive(arrays | {name: broken}, texts))

    def test_temperature_of_zero_is_refused(self, saved: Path) -> None:
        assert_refused(saved, zip_of(members_of(saved) | {"temperature.npy": npy_of(np.array(0.0))}))

    @pytest.mark.parametrize(
        "member",
        [
            announce("(1000000000000,)"), announce("(4, 5, 6, 7)"), announce("(-1,)", body=bytes(4)),
            announce("(-1, -1)", body=bytes(4)), announce("(2,)", body=bytes(4)), announce("(1,)", body=bytes(8)),
            announce("(999999999999, 999999999999)"), announce("(1.5,)"), announce("[1]", body=bytes(4)),
            announce("(1,)", "|O", bytes(8)), announce("(1,)", "<f2", bytes(2)), announce("(" * 90), announce("__import__('os')"),
            b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65_535, b"\x93NUMPY\x01\x00\xff\xff" + b" " * 10, b"\x93NUMPY", b"",
            b"\x93NUMPY\x02\x00" + announce("(1,)", body=bytes(4))[8:],
            announce("(1,)", body=bytes(4)).replace(b"False", b"True "),
        ],
        ids=range(19),
    )  # fmt: skip
    def test_array_that_is_not_what_its_header_says_is_refused(self, saved: Path, member: bytes) -> None:
        assert_refused(saved, zip_of(members_of(saved) | {"token_idf.npy": member}))

    @pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_compressed_members_are_refused_before_they_grow(self, saved: Path, compression: int) -> None:
        members = members_of(saved) | {"coef.npy": announce("(250000000,)", body=bytes(100_000_000))}
        content = zip_of(members, compression=compression)
        assert len(content) < 1_000_000
        tracemalloc.start()
        assert_refused(saved, content)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 10_000_000

    def test_member_that_claims_to_be_larger_than_the_file_is_refused(self, saved: Path) -> None:
        content = bytearray((saved / MODEL_FILE).read_bytes())
        entry = content.rindex(b"PK\x01\x02")
        for place in (entry + 20, entry + 24):
            content[place : place + 4] = (2**32 - 2).to_bytes(4, "little")
        assert_refused(saved, bytes(content))

    @pytest.mark.parametrize(
        "texts",
        [
            b"", b"\xff", b"[]", b"{}", b"[" * 90_000, b'"text"', b'{"labels": 5, "chars": [], "tokens": []}',
            b'{"labels": [], "chars": [], "tokens": []}', b'{"labels": [5], "chars": ["a"], "tokens": [null]}',
            b'{"labels": [], "chars": {}, "tokens": []}', b'{"labels": [], "chars": [], "tokens": [], "more": []}',
        ],
    )  # fmt: skip
    def test_other_texts_are_refused(self, saved: Path, texts: bytes) -> None:
        assert_refused(saved, zip_of(members_of(saved) | {"texts.json": texts}))

    def test_ngram_with_two_columns_is_refused(self, saved: Path) -> None:
        members = members_of(saved)
        texts = json.loads(members["texts.json"])
        texts["tokens"][1] = texts["tokens"][0]
        assert_refused(saved, zip_of(members | {"texts.json": json.dumps(texts).encode()}))

    @pytest.mark.parametrize("damage", ["member", "cut", "checksum"])
    def test_broken_archive_is_refused(self, saved: Path, damage: str) -> None:
        content = bytearray((saved / MODEL_FILE).read_bytes())
        if damage == "checksum":
            content[200] ^= 1
        members = members_of(saved)
        members |= {"coef.npy": members["coef.npy"][:20]} if damage == "member" else {}
        assert_refused(
            saved, zip_of(members) if damage == "member" else bytes(content[:-100] if damage == "cut" else content)
        )


def test_equal_models_are_equal_bytes_that_numpy_reads(classifier: Classifier, tmp_path: Path) -> None:
    for name in ("one", "other"):
        classifier.save(tmp_path / name, created=NOW)
    files = [(tmp_path / name / MODEL_FILE).read_bytes() for name in ("one", "other")]
    assert files[0] == files[1]
    with np.load(tmp_path / "one" / MODEL_FILE, allow_pickle=False) as arrays:
        assert np.array_equal(arrays["coef"], classifier.model.coef)
