"""Classify texts that came together; each gets a result of its own."""

from collections.abc import Sequence

from sake_ray.classifier.manifest import recipe_difference
from sake_ray.domain.parts import SplitMode
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.verdicts import Policy, Prediction
from sake_ray.errors import ModelRefused
from sake_ray.serve.champion import ServedModel
from sake_ray.splitting.proposal import predict_documents


def classify_each(
    served: ServedModel, texts: Sequence[DocumentText], policy: Policy, modes: Sequence[SplitMode] | None = None
) -> list[Prediction | Exception]:
    """Classify the texts by the model that serves, in their order; a text that it refuses or that raises gets its error.

    `modes` are those of `predict_documents`.
    """
    refused = {place: error for place, text in enumerate(texts) if (error := _find_refusal(served, text))}
    sound = [text for place, text in enumerate(texts) if place not in refused]
    wanted = [mode for place, mode in enumerate(modes) if place not in refused] if modes else None
    verdicts = iter(predict_documents(served.classifier, sound, policy=policy, modes=wanted))
    results: list[Prediction | Exception] = []
    for place in range(len(texts)):
        verdict = refused[place] if place in refused else next(verdicts)
        if isinstance(verdict, Exception):
            results.append(verdict)
        else:
            version = served.version
            results.append(Prediction(verdict, str(version.number), version.sha256, policy.version))
    return results


def _find_refusal(served: ServedModel, text: DocumentText) -> ModelRefused | None:
    difference = recipe_difference(served.classifier.recipe, text.recipe)
    return ModelRefused("text-recipe-differs", difference=difference) if difference else None
