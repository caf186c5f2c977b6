"""`sake check` says what is wrong, what to do about it, and ends with 0 or 1."""

import json
import shutil
from pathlib import Path

import pytest

from sake_ray.registry import Registry
from tests.command import run_sake
from tests.ledger.bureau import Bureau


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_command_says_what_is_wrong_and_what_to_do(bureau: Bureau, registry: Registry, tmp_path: Path) -> None:
    shutil.copyfile(registry.connection.uri.removeprefix("sqlite:///"), tmp_path / "mlflow.db")
    (document,) = bureau.upload("one", key="k")
    bureau.process()
    sound = run_sake("check", home=tmp_path)
    assert (sound.returncode, sound.stdout) == (0, "No faults.\n"), sound.stderr
    assert "Checked 1 documents, 1 batches, 1 answered uploads and 5 objects: 0 faults." in sound.stderr
    bureau.store.delete(document.original)
    broken = run_sake("check", home=tmp_path)
    assert broken.returncode == 1
    assert "fault-original-missing (1): Restore the object" in broken.stdout
    assert document.original in broken.stdout
    sampled = run_sake("check", "--sample", "3", "--json", home=tmp_path)
    assert sampled.returncode == 1
    found = json.loads(sampled.stdout)
    assert (found["documents"], found["faults"]) == (1, {"fault-original-missing": 1})
    assert found["examples"][0]["params"] == {"document": document.id, "key": document.original}
