"""Which kinds of documents are of no class of the office, and who draws them?"""

import random
from collections.abc import Callable

from sake_ray.synthetic.others.kinds import list_makers
from sake_ray.synthetic.sheet import Drawing

__all__ = ["MAKERS", "Maker"]

Maker = Callable[[random.Random, str], Drawing]
MAKERS: tuple[Maker, ...] = list_makers()
