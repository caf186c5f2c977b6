"""Reading with Ray Data: pages of one document on several workers, everything read once."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os
import sys
import time
from pathlib import Path
from bench.ray_scaling import SleepingReader, run, write_documents
from sake_ray.jobs.ray_connection import open_ray
from sake_ray.storage.objects import FolderStore

folder = Path(sys.argv[1])
meeting = folder / "meeting"
meeting.mkdir()

class MeetingReader(SleepingReader):
    def read_range(self, data, wanted, **options):
        if wanted:
            (meeting / str(os.getpid())).touch()
            while len(list(meeting.iterdir())) < 2:
                time.sleep(0.05)
        return super().read_range(data, wanted, **options)

with open_ray(folder, address=sys.argv[2]):
    documents = write_documents(folder / "documents", [1, 1, 12, 1, 1], seconds=0.01)
    _, pages, texts = run(documents, FolderStore(folder / "objects"), cpus=2, reader_type=MeetingReader)
assert pages == [1, 1, 12, 1, 1], pages
assert len({word.partition("@")[0] for word in texts[2].split()}) == 2, texts[2]
assert len(list((folder / "objects").glob("texts/**/*.gz"))) == 5
assert not list((folder / "objects").glob("loose-pages/**/*.gz"))
assert len(list((folder / "objects").glob("pages/**/*.thumbnail.jpg"))) == 16
"""


def test_pages_of_a_long_document_are_read_by_two_workers_and_joined(own_ray: dict[str, str], tmp_path: Path) -> None:
    """Each of the two waits on its first page of it until the other has one."""
    environment = os.environ | {"RAY_AUTH_TOKEN_PATH": own_ray["RAY_AUTH_TOKEN_PATH"], "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), own_ray["SAKE_RAY_ADDRESS"]]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=800)
    assert done.returncode == 0, done.stderr
