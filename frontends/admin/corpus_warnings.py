"""Warn in plain words about images that would make a poor training."""

from collections.abc import Mapping

from frontends.i18n import Translations
from frontends.user.document_state import label_name

MIN_IMAGES, MAX_RATIO = 20, 8
"""Fewer images are too few for a label; a label with so many times more images drowns it."""


def list_warnings(labels: Mapping[str, int], words: Translations) -> list[str]:
    """List what would make a poor training."""
    if not labels:
        return []
    if len(labels) == 1:
        return [words("admin.images.one_label")]
    few = [f"{label_name(label, words)} ({count})" for label, count in labels.items() if count < MIN_IMAGES]
    texts = [words("admin.images.few", labels=", ".join(few), enough=MIN_IMAGES)] if few else []
    largest, smallest = max(labels, key=lambda one: labels[one]), min(labels, key=lambda one: labels[one])
    if labels[smallest] and labels[largest] >= MAX_RATIO * labels[smallest]:
        times = labels[largest] // labels[smallest]
        texts.append(
            words("admin.images.dwarfed", n=times, most=label_name(largest, words), least=label_name(smallest, words))
        )
    return texts
