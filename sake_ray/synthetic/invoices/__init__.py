"""Which generated invoices there are."""

import random
from collections.abc import Callable

from sake_ray.synthetic.invoices import bills, letters, services, variants
from sake_ray.synthetic.sheet import Drawing

Maker = Callable[[random.Random, str], Drawing]
MAKERS: tuple[Maker, ...] = (
    letters.make_letterhead,
    letters.make_boxes,
    letters.make_band,
    letters.make_legal,
    variants.make_minimal,
    variants.make_credit_note,
    variants.make_pro_forma,
    variants.make_freelance,
    bills.make_utility,
    bills.make_cloud,
    bills.make_subscription,
    services.make_hotel,
    services.make_freight,
    services.make_care,
    services.make_shop,
)
