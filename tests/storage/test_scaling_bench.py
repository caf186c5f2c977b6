"""The bench of scaling in its small form: the queue can be measured on every database."""

from bench.scaling import run_queue
from sake_ray.domain.documents import Status
from sake_ray.storage.records import Records

DOCUMENTS = 60


def test_queue_finishes_what_it_accepts_also_beside_documents_that_are_there(url: str) -> None:
    paces = {pace.name: pace for pace in run_queue(url, filled=40, documents=DOCUMENTS, in_work=3)}
    assert paces["accept"].documents == paces["claim to finish"].documents == DOCUMENTS
    assert all(pace.own > 0 and pace.rate > 0 for pace in paces.values())
    assert (paces["claim to finish"].server > 0) == url.startswith("postgresql")
    records = Records(url)
    # Four of those that were there waited as well, and are the first to be finished.
    waiting = sum(number for status, _, number in records.queue.measure_depth().documents if status is Status.PENDING)
    records.database.close()
    assert waiting <= 4
