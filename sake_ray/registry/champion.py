"""Say which model version serves."""

from sake_ray.registry.connection import MODEL, MlflowConnection
from sake_ray.registry.versions import ModelVersion, version_of

CHAMPION, PREVIOUS = "champion", "previous"


class ChampionAlias(MlflowConnection):
    """Calls about the version that serves."""

    def promote(self, number: int) -> None:
        """Let this version serve from now on; the one before becomes `previous`."""
        before = self.champion()
        with self._mlflow() as (_, client):
            client.get_model_version(MODEL, str(number))  # a number that is refused must not cost us `previous`
            if before and before.number != number:
                client.set_registered_model_alias(MODEL, PREVIOUS, str(before.number))
            client.set_registered_model_alias(MODEL, CHAMPION, str(number))

    def champion(self) -> ModelVersion | None:
        """The version that serves; None when there is none yet."""
        return self._by_alias(CHAMPION)

    def previous(self) -> ModelVersion | None:
        """The version that served before; None when there is none."""
        return self._by_alias(PREVIOUS)

    def _by_alias(self, alias: str) -> ModelVersion | None:
        with self._mlflow() as (_, client):
            from mlflow.exceptions import MlflowException

            try:
                return version_of(client.get_model_version_by_alias(MODEL, alias))
            except MlflowException as error:
                if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                    return None
                raise
