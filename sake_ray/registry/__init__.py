"""Track training runs and model versions in MLflow, and which version serves."""

from sake_ray.registry.champion import ChampionAlias
from sake_ray.registry.connection import MlflowConnection
from sake_ray.registry.erased_trainings import ErasedTrainings
from sake_ray.registry.runs import Runs
from sake_ray.registry.searches import Searches
from sake_ray.registry.trainings import Trainings
from sake_ray.registry.versions import Versions


class Registry:
    """MLflow at one address, by what is asked of it: `registry.versions.all()`. Plain values only, so that it can be pickled."""

    def __init__(self, uri: str, artifacts: str) -> None:
        self.connection = MlflowConnection(uri, artifacts)
        self.champion = ChampionAlias(self.connection)
        self.erased_trainings = ErasedTrainings(self.connection)
        self.runs = Runs(self.connection)
        self.searches = Searches(self.connection)
        self.trainings = Trainings(self.connection)
        self.versions = Versions(self.connection)

    def prepare(self) -> None:
        """Create the tables and the experiment where they are missing."""
        self.connection.prepare()

    @property
    def is_new(self) -> bool:
        """Whether this is an MLflow without a server in which no model was registered yet; False where MLflow has to be asked."""
        known = self.connection.read_versions()
        return known is not None and not known.versions

    @property
    def reads_without_mlflow(self) -> bool:
        """Whether versions and aliases are read without importing MLflow."""
        return self.connection.read_versions() is not None
