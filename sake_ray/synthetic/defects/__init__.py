"""What scanners and phones do to a document, each by the name the reports group by."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from sake_ray.domain.datatypes import Pixels
from sake_ray.synthetic.defects.copies import copy_card_on_page
from sake_ray.synthetic.defects.light import faded, glare, shadow, tint, uneven_light
from sake_ray.synthetic.defects.paper import bleed_through, fax, folds, photocopy, stamp
from sake_ray.synthetic.defects.photos import phone_photo, photograph_card, scan_app
from sake_ray.synthetic.defects.pixels import Defect
from sake_ray.synthetic.defects.sharpness import (
    gaussian_blur,
    grainy,
    low_resolution,
    motion_blur,
    noise,
    salt_and_pepper,
    strong_jpeg,
)
from sake_ray.synthetic.defects.turns import any_angle, crop, curl, half_turn, quarter_turn, skew, small_rotation

__all__ = ["DEFECTS", "Defect", "copy_card_on_page", "photograph_card"]


def none(image: Pixels, rng: np.random.Generator) -> Pixels:  # noqa: ARG001 - the form every defect has
    """Leave the image as it is."""
    return image


def clean_scan(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Scan with a good machine: only its grain."""
    return grainy(image, rng, strength=float(rng.uniform(0.5, 2.5)))


DEFECTS: Mapping[str, Defect] = MappingProxyType(
    {
        defect.__name__: defect
        for defect in (
            none,
            clean_scan,
            small_rotation,
            any_angle,
            quarter_turn,
            half_turn,
            skew,
            curl,
            crop,
            gaussian_blur,
            motion_blur,
            noise,
            salt_and_pepper,
            low_resolution,
            strong_jpeg,
            shadow,
            uneven_light,
            glare,
            faded,
            tint,
            photocopy,
            fax,
            bleed_through,
            folds,
            stamp,
            phone_photo,
            scan_app,
        )
    }
)
