"""An import killed with -9 between any two of its steps loses nothing, doubles nothing, and takes nothing for a hand's work."""

import subprocess
import sys
from pathlib import Path

from sake_ray.feedback.provenance import unfinished_file
from tests.office import PNG, make_office

# Forks a process for each step at which an import can be killed: before whatever changes a file, and around each commit.
KILL = """
import os, shutil, signal, sys
from pathlib import Path
import sqlalchemy as sa
from sake_ray.feedback.provenance import provenance_file, read_origins
from tests.office import Office

kept, work = Path(sys.argv[1]), Path(sys.argv[2])
watched = ("os.rename", "os.remove", "os.mkdir", "os.rmdir")
writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT

def fork(run):
    pid = os.fork()
    if pid == 0:
        run()
        os._exit(0)
    return os.waitpid(pid, 0)[1]

def run(office, step):
    left = step
    def count(*_):
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    def hear(event, details):
        if (event in watched or (event == "open" and details[2] & writes)) and str(work) in str(details):
            count()
    sys.addaudithook(hear)
    sa.event.listen(sa.Engine, "commit", count)
    office.import_answers()

def finish(office):
    if killed:
        office.import_answers()
    noted = sorted(origin.label for origin in read_origins(provenance_file(office.workspace.folder)).values())
    todo = office.feedback.preview().changes
    print(sorted(office.images().items()), noted, office.waits(), office.records.answers.count_imported(), todo, flush=True)

# Whatever is imported on the way is imported once.
shutil.copytree(kept, work)
Office(work).import_answers()
step, killed = 0, True
while killed:
    step += 1
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(kept, work)
    killed = fork(lambda: run(Office(work), step)) != 0
    fork(lambda: finish(Office(work)))
"""


def test_import_killed_at_any_step_is_made_good_by_the_next(tmp_path: Path) -> None:
    kept, work = tmp_path / "kept", tmp_path / "work"
    kept.mkdir()
    office = make_office(kept)
    added, moved, gone, differs, hand = (
        office.add_classified(name) for name in ("added", "moved", "gone", "differs", "hand")
    )
    office.workspace.images.add("facture", PNG + b"hand", ending=".png")
    for document in (moved, gone, differs):
        office.say(document, "facture")
    office.say(hand, "none_of_these")
    office.decide(hand, "skip")
    assert office.import_answers().added == 3
    office.say(added, "facture")
    office.say(moved, "none_of_these")
    office.say(gone, "withdrawn")
    office.say(differs, "none_of_these", by="paul")
    office.decide(differs, "other")
    office.records.database.close()
    command = [sys.executable, "-c", KILL, str(kept), str(work)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=True)
    outcomes = done.stdout.splitlines()
    assert len(outcomes) > 15, done.stderr
    wanted = {"added": "facture", "differs": "other", "hand": "facture", "moved": "other"}
    assert set(outcomes) == {f"{sorted(wanted.items())} ['facture', 'other', 'other'] [] 6 ()"}
    assert not unfinished_file(work / "workspace").exists()
