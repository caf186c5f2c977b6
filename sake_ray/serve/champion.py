"""Follow the champion: which model version serves, and its classifier."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sake_ray.classifier import Classifier
from sake_ray.domain.texts import Recipe
from sake_ray.errors import NOTHING, Message, ModelRefused, NoChampion, NotFound, SakeError
from sake_ray.registry import Registry
from sake_ray.registry.champion import CHAMPION, PREVIOUS
from sake_ray.registry.versions import ModelVersion

log = logging.getLogger(__name__)

MAX_EARLIER = 3


def ignore_refusal(error: SakeError) -> None:
    """Drop it; the default of `on_refused`."""


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model version, loaded; its `role` is `champion` or `previous`."""

    version: ModelVersion
    classifier: Classifier
    role: str


class Champion:
    """Holds the classifier that serves. A bad model never replaces a good one, and MLflow being down changes nothing."""

    def __init__(
        self,
        registry: Registry,
        models: Path,
        recipe: Recipe,
        check: Callable[[ModelVersion], None],
        *,
        on_refused: Callable[[SakeError], None] = ignore_refusal,
    ) -> None:
        """`check` raises ModelRefused for a version that must not be loaded, whatever MLflow says of it.

        `on_refused` is told each time a version could not be loaded, and why.
        """
        self._on_refused = on_refused
        self.registry_answers = True
        """Whether the registry has answered the last question."""
        self.registry, self.models, self.recipe, self.check = registry, models, recipe, check
        self.served: ServedModel | None = None
        self.refused = NOTHING
        """Why the champion does not serve; empty when it does."""
        self._refused: ModelVersion | None = None
        self._earlier: dict[str, tuple[Classifier, str]] = {}

    def follow(self) -> None:
        """Ask the registry for the champion, and let that version serve if it can be loaded."""
        wanted = self._query(self.registry.champion.get)
        if wanted is None:
            if not self.served:
                raise NoChampion(self.refused or Message("no-model-serves"))
            return
        if self.served and wanted == self.served.version:
            self.refused = NOTHING
            self.served = ServedModel(wanted, self.served.classifier, CHAMPION)
            return
        if self.served and wanted == self._refused:
            return
        try:
            self.served = ServedModel(wanted, self.load(wanted), CHAMPION)
            self.refused, self._refused = NOTHING, None
            log.info("champion serves", extra={"version": wanted.number})
        except SakeError as error:
            self.refused, self._refused = error.message, wanted if isinstance(error, ModelRefused) else None
            log.error("champion refused", extra={"version": wanted.number, "error": error.message})
            self._on_refused(error)
            self._fall_back()

    def load(self, version: ModelVersion) -> Classifier:
        """Download, check and load a version; raises ModelRefused."""
        self.check(version)
        if self.served and self.served.version.sha256 == version.sha256:
            return self.served.classifier
        return self.registry.versions.load(version, self.models, recipe=self.recipe)

    def find_classifier(self, sha256: str) -> tuple[Classifier, str]:
        """Find the classifier with this hash, which may be an earlier one, and its version; raises NotFound.

        An earlier one only explains its own predictions, so its recipe may differ from that of today's texts.
        """
        if self.served and self.served.version.sha256 == sha256:
            return self.served.classifier, str(self.served.version.number)
        if sha256 not in self._earlier:
            version = next((version for version in self.registry.versions.all() if version.sha256 == sha256), None)
            if version is None:
                raise NotFound("explaining-model-gone")
            classifier = self.registry.versions.load(version, self.models, recipe=None)
            if len(self._earlier) >= MAX_EARLIER:
                self._earlier.clear()
            self._earlier[sha256] = classifier, str(version.number)
        return self._earlier[sha256]

    def _fall_back(self) -> None:
        """Let the previous version serve when the champion cannot be loaded at the start."""
        if self.served:
            return
        previous = self._query(self.registry.champion.previous)
        if previous is None:
            raise NoChampion("champion-refused", error=self.refused)
        try:
            self.served = ServedModel(previous, self.load(previous), PREVIOUS)
            log.warning("previous serves", extra={"version": previous.number})
        except SakeError as error:
            self._on_refused(error)
            raise NoChampion("no-loadable-model", error=self.refused) from error

    def _query(self, question: Callable[[], ModelVersion | None]) -> ModelVersion | None:
        try:
            found = question()
        except SakeError as error:
            self.registry_answers = False
            if not self.served:
                self.refused = error.message
            log.warning("registry does not answer", extra={"error": error.message})
            return None
        self.registry_answers = True
        return found
