"""Read and move the alias of the model version that serves."""

from collections.abc import Mapping

from sake_ray.registry.connection import MODEL, MlflowConnection
from sake_ray.registry.versions import ModelVersion, to_model_version

CHAMPION, PREVIOUS = "champion", "previous"


class ChampionAlias:
    """The version that serves, and the one before it."""

    def __init__(self, connection: MlflowConnection) -> None:
        self._connection = connection

    def promote(self, number: int) -> None:
        """Let this version serve from now on; the one before becomes `previous`."""
        before = self.get()
        with self._connection.open() as (_, client):
            client.get_model_version(MODEL, str(number))  # an unknown number must not cost us `previous`
            if before and before.number != number:
                client.set_registered_model_alias(MODEL, PREVIOUS, str(before.number))
            client.set_registered_model_alias(MODEL, CHAMPION, str(number))

    def get(self) -> ModelVersion | None:
        """Get the version that serves; None when there is none yet."""
        return self._get_alias(CHAMPION)

    def previous(self) -> ModelVersion | None:
        """Get the version that served before; None when there is none."""
        return self._get_alias(PREVIOUS)

    def find_roles(self) -> Mapping[int, str]:
        """Find which versions are `champion` and `previous`, by their number, with one question."""
        if (found := self._connection.read_versions()) is not None:
            return _name_roles(found.aliases)
        with self._connection.open() as (_, client):
            from mlflow.exceptions import MlflowException

            try:
                aliases = client.get_registered_model(MODEL).aliases
            except MlflowException as error:
                if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                    return {}
                raise
        return _name_roles(aliases)

    def _get_alias(self, alias: str) -> ModelVersion | None:
        if (found := self._connection.read_versions()) is not None:
            return found.find(alias)
        with self._connection.open() as (_, client):
            from mlflow.exceptions import MlflowException

            try:
                return to_model_version(client.get_model_version_by_alias(MODEL, alias))
            except MlflowException as error:
                if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                    return None
                raise


def _name_roles(aliases: Mapping[str, int]) -> Mapping[int, str]:
    # The champion last: it may be its own predecessor.
    return {int(aliases[alias]): alias for alias in (PREVIOUS, CHAMPION) if alias in aliases}
