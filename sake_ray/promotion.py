"""Register, promote and roll back model versions: checked, logged, and consistent after a kill at any moment."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sake_ray.classifier import load
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.promotions import DONE, ComparisonOutcome, ComparisonVerdict
from sake_ray.domain.texts import Recipe
from sake_ray.errors import NOTHING, InputError, Message, ModelRefused, PromotionRefused
from sake_ray.registry import Registry
from sake_ray.registry.versions import ModelVersion
from sake_ray.storage.records import Records

OVERTAKEN = "overtaken by a later one"


def register(registry: Registry, records: Records, run: str, *, now: datetime) -> ModelVersion:
    """Make the model of a training the next version, and record its checksum at once.

    Raises InputError when the run has no model, ModelRefused when the model is not what was logged.
    """
    adopt_versions(registry, records, now=now)
    version = registry.versions.register(run)
    records.models.add(version.number, version.sha256, now=now)
    return version


def adopt_versions(registry: Registry, records: Records, *, now: datetime) -> None:
    """Record the checksums of all versions if none is recorded yet: the records are new, or older than this function."""
    if not records.models.list_checksums():
        for version in registry.versions.all():
            records.models.add(version.number, version.sha256, now=now)


def check_known(records: Records, version: ModelVersion) -> None:
    """Raise ModelRefused for a version that was not registered here, or was exchanged since: MLflow has passwords of its own."""
    known = records.models.list_checksums().get(version.number)
    if known is None:
        raise ModelRefused("model-not-registered", version=version.number)
    if known != version.sha256:
        raise ModelRefused("model-replaced-in-mlflow", version=version.number)


def promote(
    registry: Registry,
    records: Records,
    number: int,
    *,
    recipe: Recipe,
    verdict: ComparisonVerdict | None,
    force: bool = False,
    expected: int | None = None,
    by: str,
    why: str,
    now: datetime,
) -> ModelVersion:
    """Make this version the champion, after checking that it can serve here and is not known to be worse.

    `verdict` is the comparison with the champion; None without one. `expected` is the champion as the person who decided saw it.
    Raises InputError for an unknown version, ModelRefused naming what is wrong with it, PromotionRefused unless the verdict
    speaks for it, or it is forced with a reason, and when another version serves than expected. The champion stays then.
    """
    version = find_version(registry, number)
    adopt_versions(registry, records, now=now)
    check_version(registry, records, version, recipe=recipe)
    reconcile(registry, records)
    newest, before = records.promotions.find_newest_number(), registry.champion.get()
    if before is None or before.number != number:  # a request sent again may have been carried out
        check_expected(before, expected)
    if objection := find_objection(version, before, verdict):
        if not force:
            raise PromotionRefused("promotion-needs-force", objection=objection)
        if not why.strip():
            raise PromotionRefused("promotion-needs-reason", objection=objection)
    standing = verdict.standing if verdict and before and before.number == verdict.against else None
    return _log_and_promote(
        registry, records, version, by=by, why=why, now=now, standing=standing, forced=bool(objection), after=newest
    )


def find_objection(version: ModelVersion, before: ModelVersion | None, verdict: ComparisonVerdict | None) -> Message:
    """Find what speaks against a promotion; empty when nothing does, as for the first champion."""
    if before is None or before.number == version.number:
        return NOTHING
    versions = {"version": version.number, "champion": before.number}
    if verdict is None:
        return Message("model-not-compared", **versions)
    if verdict.against != before.number:
        return Message("champion-changed", **versions, before=verdict.against)
    counts = {"documents": verdict.documents, "corrected": verdict.corrected, "broken": verdict.broken}
    objections = {
        ComparisonOutcome.WORSE: Message("model-worse", **versions, **counts),
        ComparisonOutcome.TOO_FEW: Message("model-maybe-worse", **versions, **counts),
        ComparisonOutcome.UNKNOWN: Message("model-not-comparable", **versions, error=verdict.remark),
    }
    return objections.get(verdict.standing, NOTHING)


def rollback(
    registry: Registry,
    records: Records,
    *,
    recipe: Recipe,
    expected: int | None = None,
    by: str,
    why: str,
    now: datetime,
) -> ModelVersion:
    """Make the champion before this one the champion again. It needs no verdict.

    Two rollbacks cancel out, so `expected` should name the champion to roll back from. Raises InputError, ModelRefused, and
    PromotionRefused when another version serves than expected.
    """
    reconcile(registry, records)
    newest = records.promotions.find_newest_number()
    check_expected(registry.champion.get(), expected)
    previous = registry.champion.previous()
    if previous is None:
        raise InputError("no-earlier-version")
    adopt_versions(registry, records, now=now)
    check_version(registry, records, previous, recipe=recipe)
    return _log_and_promote(
        registry,
        records,
        previous,
        by=by,
        why=why,
        now=now,
        standing=None,
        forced=False,
        action=AuditAction.MODEL_ROLLED_BACK,
        after=newest,
    )


def check_expected(champion: ModelVersion | None, expected: int | None) -> None:
    """Raise PromotionRefused when another version serves than the one expected."""
    if expected is not None and (champion is None or champion.number != expected):
        raise PromotionRefused("champion-not-expected", champion=champion.number if champion else 0, expected=expected)


def _log_and_promote(
    registry: Registry,
    records: Records,
    version: ModelVersion,
    *,
    by: str,
    why: str,
    now: datetime,
    standing: ComparisonOutcome | None,
    forced: bool,
    after: int,
    action: AuditAction = AuditAction.MODEL_PROMOTED,
) -> ModelVersion:
    before = registry.champion.get()
    intent = records.promotions.start(
        version.number,
        before=before.number if before else None,
        by=by,
        why=why,
        now=now,
        standing=standing,
        forced=forced,
        action=action,
        after=after,
    )
    if intent is None:
        raise PromotionRefused("promotion-overtaken", version=version.number)
    registry.champion.promote(version.number)
    records.promotions.finish(intent, DONE)
    return version


def reconcile(registry: Registry, records: Records) -> None:
    """Finish the newest promotion that a kill left unfinished; older ones have been overtaken by it."""
    newest = True
    for promotion in records.promotions.list().items:
        if promotion.outcome is None:
            if newest:
                registry.champion.promote(promotion.version)
            records.promotions.finish(promotion.number, DONE if newest else OVERTAKEN)
        newest = False


def find_version(registry: Registry, number: int) -> ModelVersion:
    """Find the version of that number; raises InputError naming those there are."""
    versions = registry.versions.all()
    for version in versions:
        if version.number == number:
            return version
    known = ", ".join(str(version.number) for version in reversed(versions)) or "none"
    raise InputError("model-version-unknown", version=number, versions=known)


def check_version(registry: Registry, records: Records, version: ModelVersion, *, recipe: Recipe) -> None:
    """Download the version and load it as the Predictor would; raises ModelRefused, also for one that a restore left in doubt."""
    check_known(records, version)
    if doubt := registry.runs.find_doubt(version):
        raise ModelRefused("model-version-refused", version=version.number, error=doubt)
    with TemporaryDirectory() as folder:
        files = registry.versions.download(version, Path(folder) / "classifier")
        try:
            load(files, recipe=recipe, sha256=version.sha256)
        except ModelRefused as error:
            raise ModelRefused("model-version-refused", version=version.number, error=error) from error
