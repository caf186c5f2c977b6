"""A model says what it was fitted on, wherever it goes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sake_ray.classifier import fit, load, read_manifest
from sake_ray.classifier.manifest import MANIFEST_FILE
from sake_ray.domain.drift import ALL, TEXT_LAYER
from sake_ray.errors import ModelRefused
from sake_ray.train.first_model import NUMBERS
from tests.handmade import RECIPE, make_corpus

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """The folder of a classifier that was fitted on six documents of each of two labels."""
    fit(*make_corpus(6, labels=("facture", "resume"))).save(tmp_path, created=NOW)
    return tmp_path


def edit(folder: Path, **changes: Any) -> None:
    manifest = json.loads((folder / MANIFEST_FILE).read_text())
    (folder / MANIFEST_FILE).write_text(json.dumps({**manifest, **changes}))


def test_a_saved_model_counts_what_it_was_fitted_on(saved: Path) -> None:
    loaded = load(saved, recipe=RECIPE)
    assert loaded.profile[ALL]["label"] == {"facture": 6, "resume": 6}
    assert sum(loaded.profile[ALL]["words"].values()) == 12
    assert read_manifest(saved).profile == loaded.profile


def test_it_goes_on_with_a_model_that_is_loaded_and_saved_again(saved: Path, tmp_path: Path) -> None:
    loaded = load(saved, recipe=RECIPE)
    loaded.save(tmp_path / "again", created=NOW)
    assert load(tmp_path / "again", recipe=RECIPE).profile == loaded.profile


def test_a_model_from_before_there_were_profiles_has_none(saved: Path) -> None:
    manifest = json.loads((saved / MANIFEST_FILE).read_text())
    del manifest["profile"]
    (saved / MANIFEST_FILE).write_text(json.dumps(manifest))
    assert load(saved, recipe=RECIPE).profile == {}


@pytest.mark.parametrize("profile", [[], {"all": 1}, {"all": {"label": []}}, {"all": {"label": {"cv": "many"}}}])
def test_what_is_no_profile_is_refused(saved: Path, profile: object) -> None:
    edit(saved, profile=profile)
    with pytest.raises(ModelRefused, match="damaged"):
        load(saved, recipe=RECIPE)


def test_the_first_model_has_the_counts_of_its_corpus() -> None:
    profile = read_manifest(NUMBERS).profile
    assert sum(profile[ALL]["label"].values()) == 1100
    assert "ocr_confidence" in profile[ALL]
    assert "ocr_confidence" not in profile[TEXT_LAYER]
