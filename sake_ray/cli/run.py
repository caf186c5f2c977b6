"""Run a classification of many files with its journal: what is known is not done again."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from sake_ray.batch.classification import classify_known
from sake_ray.batch.journal import ClassificationResult, ResultJournal
from sake_ray.cli.bootstrap import buckets_of, objects_of, policy_of, reading_of, registry_of
from sake_ray.data.reading import Reader
from sake_ray.data.sources import SourceFile, hash_sources
from sake_ray.domain.documents import Status
from sake_ray.domain.progress import Progress
from sake_ray.jobs.ray_connection import open_ray
from sake_ray.settings import Settings
from sake_ray.train.first_model.model import champion_classifier


def classify_into(
    journal_path: Path | None,
    sources: Sequence[SourceFile],
    *,
    settings: Settings,
    retry_failed: bool,
    on_progress: Progress,
    on_stage: Callable[[str], None],
) -> list[ClassificationResult]:
    """Classify the sources, taking from the journal what an earlier run finished; results in the order of the sources."""
    options, policy = reading_of(settings), policy_of(settings)
    with ExitStack() as stack:
        with Reader(options) as reader:
            recipe = reader.recipe
        version, classifier = champion_classifier(
            registry_of(settings), settings.home, recipe=recipe, on_stage=on_stage
        )
        made_by = f"{version.sha256}/{policy.name}"
        journal = None
        if journal_path:
            journal = stack.enter_context(ResultJournal(journal_path, model=made_by, recipe=recipe.name).open())
        buckets = buckets_of(settings)
        results: list[ClassificationResult | None] = [None] * len(sources)
        # Copies of the same bytes are read once: the first stands for all.
        places: dict[str, list[int]] = {}
        digests = hash_sources(sources, buckets=buckets, most=options.limits.max_bytes)
        for index, digest in enumerate(digests):
            known = journal.find(sources[index].path, digest, retry_failed=retry_failed) if journal else None
            if known:
                results[index] = known
            else:
                places.setdefault(digest or f"unread {index}", []).append(index)
        done = sum(result is not None for result in results)
        if done:
            on_stage(f"{done} of {len(sources)} documents are known from an earlier run.")
        on_progress(done, len(sources))
        groups = list(places.items())
        store = objects_of(settings)

        def take(number: int, result: ClassificationResult) -> None:
            nonlocal done
            digest, indexes = groups[number]
            for index in indexes:
                mine = replace(result, path=sources[index].path, model_version=str(version.number))
                if mine.status == Status.FAILED:
                    mine = replace(mine, sha256="" if digest.startswith("unread") else digest)
                if journal:
                    journal.add(mine)
                results[index] = mine
                done += 1
            on_progress(done, len(sources))

        known_texts = classify_known(
            [digest for digest, _ in groups], classifier, policy=policy, store=store, recipe=recipe
        )
        taken = set()
        for number, result in known_texts:
            take(number, result)
            taken.add(number)
        waiting = [number for number in range(len(groups)) if number not in taken]
        if waiting:
            stack.enter_context(open_ray(settings.home, address=settings.ray_address, cpus=settings.cpus))
            # Ray reads its environment when it is imported, so not earlier.
            from sake_ray.batch.pipeline import classify_sources

            firsts = [sources[groups[number][1][0]] for number in waiting]
            for place, result in classify_sources(
                firsts, classifier, policy=policy, options=options, store=store, buckets=buckets
            ):
                take(waiting[place], result)
    return [result for result in results if result is not None]
