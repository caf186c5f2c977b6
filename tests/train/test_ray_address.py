"""The Ray of a training is named to its stages, unless somebody has named one already."""

import os

import pytest

from sake_ray.train.run import RAY_ADDRESS, naming_ray


@pytest.mark.parametrize(
    ("preset", "address", "named"),
    [
        *((None, "local:1", "local:1"), ("", "local:1", "local:1"), (None, "", None)),
        *(("preset:1", "local:1", "preset:1"), ("preset:1", "", "preset:1")),
    ],
)
def test_stages_find_the_ray_of_the_training_unless_one_is_preset(
    preset: str | None, address: str, named: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(RAY_ADDRESS, raising=False)
    if preset is not None:
        monkeypatch.setenv(RAY_ADDRESS, preset)
    with naming_ray(address):
        assert os.environ.get(RAY_ADDRESS) == named
    assert os.environ.get(RAY_ADDRESS) == preset
