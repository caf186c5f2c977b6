"""A saved classifier comes back the same, and anything else is refused."""

import json
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import skops.io
from sklearn.linear_model import LogisticRegression

from sake_ray.classifier import Classifier, check_files, fit, load
from sake_ray.classifier.manifest import FORMAT_VERSION, MANIFEST_FILE
from sake_ray.classifier.model_files import MODEL_FILE
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
        with pytest.raises(ModelRefused, match=r"model\.skops is not the file its manifest\.json speaks of"):
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
            ("libraries", "skops", None),
        ],
    )
    def test_manifest_with_a_wrong_field_is_refused(self, saved: Path, part: str, name: str, value: object) -> None:
        edit_manifest(saved, lambda manifest: manifest[part].update({name: value}))
        with pytest.raises(ModelRefused, match="damaged"):
            load(saved, recipe=RECIPE)

    def test_other_format_version_is_refused(self, saved: Path) -> None:
        edit_manifest(saved, lambda manifest: manifest.update(format_version=FORMAT_VERSION + 1))
        with pytest.raises(ModelRefused, match="format version 3; this program reads version 2"):
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


class TestForeignModels:
    def test_pickle_is_refused_and_not_run(self, saved: Path) -> None:
        mark = saved / "ran"
        replace_model(saved, pickle.dumps(Bomb(mark)))
        with pytest.raises(ModelRefused, match="is no model of this program"):
            load(saved, recipe=RECIPE)
        assert not mark.exists()

    def test_foreign_type_is_refused(self, saved: Path) -> None:
        replace_model(saved, skops.io.dumps({"labels": Bomb(saved / "ran")}))
        with pytest.raises(ModelRefused, match="foreign types"):
            load(saved, recipe=RECIPE)

    @pytest.mark.parametrize("content", [LogisticRegression(), [], {}, {"labels": 5}, "text"])
    def test_other_skops_file_is_refused(self, saved: Path, content: object) -> None:
        replace_model(saved, skops.io.dumps(content))
        with pytest.raises(ModelRefused, match="is no model of this program"):
            load(saved, recipe=RECIPE)

    def test_model_with_any_part_exchanged_is_refused(self, saved: Path) -> None:
        plain = skops.io.load(saved / MODEL_FILE)
        for name in plain:
            replace_model(saved, skops.io.dumps({**plain, name: -1.0}))
            with pytest.raises(ModelRefused, match="is no model of this program"):
                load(saved, recipe=RECIPE)

    @pytest.mark.parametrize("damage", ["schema", "member", "cut"])
    def test_broken_archive_is_refused(self, saved: Path, damage: str) -> None:
        broken = saved / "broken.zip"
        with zipfile.ZipFile(saved / MODEL_FILE) as old, zipfile.ZipFile(broken, "w") as new:
            for number, name in enumerate(old.namelist()):
                content = old.read(name)
                if damage == "schema" and name == "schema.json":
                    content = b'{"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode"}'
                if damage == "member" and number == 0:
                    content = content[:20]
                new.writestr(name, content)
        content = broken.read_bytes()
        replace_model(saved, content[:-100] if damage == "cut" else content)
        with pytest.raises(ModelRefused, match="is no model of this program"):
            load(saved, recipe=RECIPE)
