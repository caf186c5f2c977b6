"""Remove documents from the training images, from whatever was trained on them, and from the list of who said what."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from sake_ray.domain.erasures import ErasureTargets
from sake_ray.feedback.provenance import ImageOrigin, provenance_file, read_origins, write_origins
from sake_ray.workspace import ErasedData, Workspace


def select_trained(folder: Path, targets: ErasureTargets, held: Collection[str]) -> frozenset[str]:
    """Select the sha256 whose images go: of bytes that nobody else has, and of those that are images by these documents alone."""
    documents = {document.id for document in targets.documents}
    origins = read_origins(provenance_file(folder))
    return frozenset(
        sha256 for sha256 in targets.digests if sha256 not in held or _came_from(origins.get(sha256), documents)
    )


def erase_from_workspace(workspace: Workspace, targets: ErasureTargets, digests: Collection[str]) -> ErasedData:
    """Erase these images, and what was made of them, from a workspace that is held; then what is noted about the documents."""
    erased = workspace.erasures.erase(digests)
    # At the end: it tells which images came from these documents alone.
    documents = {document.id for document in targets.documents}
    path = provenance_file(workspace.folder)
    before = read_origins(path)
    after = {
        sha256: replace(origin, sources=tuple(one for one in origin.sources if one.document not in documents))
        for sha256, origin in before.items()
        if sha256 not in digests
    }
    if after != before:
        write_origins(path, after)
    return erased


def _came_from(origin: ImageOrigin | None, documents: Collection[str]) -> bool:
    return origin is not None and all(source.document in documents for source in origin.sources)
