"""Which generated CVs there are."""

import random
from collections.abc import Callable

from sake_ray.synthetic.resumes import columns, forms, single
from sake_ray.synthetic.sheet import Drawing

Maker = Callable[[random.Random, str], Drawing]
MAKERS: tuple[Maker, ...] = (
    single.make_plain,
    single.make_compact,
    single.make_long,
    single.make_typed,
    single.make_timeline,
    single.make_functional,
    single.make_academic,
    forms.make_europass,
    forms.make_tabular,
    single.make_sparse,
    columns.make_sidebar,
    columns.make_light_sidebar,
    columns.make_modern,
    columns.make_banner,
)
