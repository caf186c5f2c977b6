"""Keep experiments and model versions in MLflow, and say which version serves."""

from sake_ray.registry.champion import ChampionAlias
from sake_ray.registry.runs import Runs
from sake_ray.registry.searches import Searches
from sake_ray.registry.trainings import Trainings
from sake_ray.registry.versions import Versions


class Registry(Trainings, Searches, Runs, Versions, ChampionAlias):
    """MLflow at one address: a server, or a SQLite file whose artifacts lie in a folder."""
