"""Hold what was accepted against what is there: answered requests, rows, originals, texts, index and registry.

None of these is made from another when it is checked, so that none can vouch for itself. `whole` checks everything, `rounds` a
little at a time; each finds faults whose sentences say what to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sake_ray.domain.texts import Recipe
from sake_ray.registry import Registry
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import Records

LOST = "lost"
TO_MEND = "to_mend"
REMADE = "remade"

BATCH_KINDS = {"fault-batch-count": LOST}
REQUEST_KINDS = {"fault-request-unkept": LOST}
DOCUMENT_KINDS = {
    "fault-original-missing": LOST,
    "fault-original-damaged": LOST,
    "fault-document-stranded": LOST,
    "fault-prediction-missing": TO_MEND,
    "fault-columns-differ": TO_MEND,
    "fault-not-indexed": TO_MEND,
    "fault-index-differs": TO_MEND,
    "fault-text-missing": REMADE,
    "fault-text-damaged": REMADE,
    "fault-page-images": REMADE,
}
COUNT_KINDS = {"fault-counts-differ": TO_MEND}
OBJECT_KINDS = {"fault-object-orphaned": TO_MEND}
MODEL_KINDS = {
    "fault-model-missing": TO_MEND,
    "fault-model-replaced": TO_MEND,
    "fault-model-unknown": TO_MEND,
}
SEVERITIES: Mapping[str, str] = BATCH_KINDS | REQUEST_KINDS | DOCUMENT_KINDS | COUNT_KINDS | OBJECT_KINDS | MODEL_KINDS
"""Every kind of fault: a document is lost unless somebody acts; somebody has to mend it; or it is remade when it is needed."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What is held against each other. Without a registry models are not checked.

    `recipe` is the one by which texts are made again here.
    """

    records: Records
    store: ObjectStore
    recipe: Recipe | None = None
    registry: Registry | None = None
