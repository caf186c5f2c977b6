"""The system: bring it up."""

import sys
import time

from sake_ray.cli.assembly import objects_of, reading_of, registry_of
from sake_ray.settings import read_settings

PROOF_SEED = 20


def up() -> None:
    """Make sure there is a model, and classify a generated scan as proof."""
    from sake_ray.data.reading import Reader, read_document
    from sake_ray.data.samples.generate import generate_one
    from sake_ray.train.first_model import champion_classifier

    settings = read_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with Reader(reading_of(settings)) as reader:
        version, classifier = champion_classifier(
            registry_of(settings), settings.home, recipe=reader.recipe, on_stage=_say
        )
        scan = generate_one(PROOF_SEED, seed=PROOF_SEED)
        path = settings.home / "proof" / scan.name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(scan.data)
        reading_started = time.monotonic()
        text = read_document(scan.data, reader=reader, store=objects_of(settings))
        (verdict,) = classifier.predict([text], policy=settings.policy)
    seconds = time.monotonic() - reading_started
    _say(
        f"Model version {version.number} is ready after {time.monotonic() - started:.1f} s; a generated scan as proof:"
    )
    print(f"{path} → {verdict.label}, confidence {verdict.confidence or 0:.2f}, {seconds:.1f} s")  # noqa: T201 - the result
    _say("Now classify your own: .venv/bin/sake classify FOLDER --output results.csv")


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 - the edge
