"""Say in plain words what a training would suffer from."""

from collections.abc import Mapping

from frontends.i18n import Translations
from frontends.user.document_state import label_name

FEW, DWARFED = 20, 8
"""Fewer images than that teach a label poorly; so many times more of another label drown it."""


def warnings(labels: Mapping[str, int], words: Translations) -> list[str]:
    """What a training would suffer from, in words."""
    if not labels:
        return []
    if len(labels) == 1:
        return [words("admin.images.one_label")]
    few = [f"{label_name(label, words)} ({count})" for label, count in labels.items() if count < FEW]
    texts = [words("admin.images.few", labels=", ".join(few), enough=FEW)] if few else []
    most, least = max(labels, key=lambda one: labels[one]), min(labels, key=lambda one: labels[one])
    if labels[least] and labels[most] >= DWARFED * labels[least]:
        times = labels[most] // labels[least]
        texts.append(
            words("admin.images.dwarfed", n=times, most=label_name(most, words), least=label_name(least, words))
        )
    return texts
