"""Which generated CVs there are."""

import random
from collections.abc import Callable

from sake_ray.synthetic.resumes import columns, forms, single
from sake_ray.synthetic.sheet import Drawing

Maker = Callable[[random.Random, str], Drawing]
MAKERS: tuple[Maker, ...] = (
    single.plain,
    single.compact,
    single.long,
    single.typed,
    single.timeline,
    single.functional,
    single.academic,
    forms.europass,
    forms.tabular,
    single.sparse,
    columns.sidebar,
    columns.light_sidebar,
    columns.modern,
    columns.banner,
)
