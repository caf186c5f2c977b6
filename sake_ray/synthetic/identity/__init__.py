"""Make identity documents of any country, by kinds."""

import random
from collections.abc import Callable

from sake_ray.synthetic.identity.american import (
    make_permanent_resident_card,
    make_social_security_card,
    make_state_card,
)
from sake_ray.synthetic.identity.cards import (
    make_french_card,
    make_identity_card,
    make_large_card,
    make_residence_permit,
)
from sake_ray.synthetic.identity.civil import make_civil_card, make_service_card
from sake_ray.synthetic.identity.health import make_european_health_card, make_vitale_card
from sake_ray.synthetic.identity.licences import (
    make_european_licence,
    make_foreign_licence,
)
from sake_ray.synthetic.identity.old_french import make_old_french_licence
from sake_ray.synthetic.identity.passports import make_open_passport, make_passport
from sake_ray.synthetic.sheet import Drawing

Maker = Callable[[random.Random, str], Drawing]

# A kind stands here as often as it should come: passports and identity cards are what recruits hand in most.
MAKERS: tuple[Maker, ...] = (
    make_passport, make_passport, make_passport, make_open_passport, make_open_passport,
    make_identity_card, make_identity_card, make_identity_card, make_french_card, make_french_card, make_large_card,
    make_residence_permit, make_residence_permit, make_european_licence, make_european_licence, make_old_french_licence,
    make_foreign_licence, make_state_card, make_state_card, make_service_card, make_service_card, make_permanent_resident_card,
    make_social_security_card, make_vitale_card, make_european_health_card,
    make_civil_card, make_civil_card, make_civil_card, make_civil_card,
)  # fmt: skip
"""Each draws one document of the label "id_pieces" from the randomness and the language, "fr" or "en"."""
