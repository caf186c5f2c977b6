"""Classify texts at once without letting one fail its neighbours."""

from collections.abc import Sequence

from sake_ray.classifier import Classifier
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.verdicts import Policy, Verdict


def predict_each(classifier: Classifier, texts: Sequence[DocumentText], *, policy: Policy) -> list[Verdict | Exception]:
    """Classify the texts, in their order; where that raises, each alone. One that raises alone has its error as result."""
    try:
        return list(classifier.predict(texts, policy=policy))
    except Exception as error:  # whatever it is, only one of them may have provoked it
        if len(texts) == 1:
            return [error]
    return [result for text in texts for result in predict_each(classifier, [text], policy=policy)]
