"""Which generated invoices there are."""

import random
from collections.abc import Callable

from sake_ray.synthetic.invoices import bills, letters, services, variants
from sake_ray.synthetic.sheet import Drawing

Maker = Callable[[random.Random, str], Drawing]
MAKERS: tuple[Maker, ...] = (
    letters.letterhead,
    letters.boxes,
    letters.band,
    letters.legal,
    variants.minimal,
    variants.credit_note,
    variants.pro_forma,
    variants.freelance,
    bills.utility,
    bills.cloud,
    bills.subscription,
    services.hotel,
    services.freight,
    services.care,
    services.shop,
)
