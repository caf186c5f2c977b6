"""How much each piece of evidence counts. Made by `bench/splitting.py --fit`; do not edit."""

BIAS = -2.66
WEIGHTS: dict[str, float] = {
    "other_class": 4.00,
    "same_class": -1.10,
    "number_follows": -3.03,
    "number_restarts": 2.00,
    "number_ended": 1.00,
    "number_missing": 0.17,
    "new_identifier": 1.38,
    "new_date": 0.95,
    "headline": 4.00,
    "other_zone": 1.98,
    "blank_between": 0.84,
    "separator_between": 2.66,
    "other_shape": 2.36,
    "other_print": 0.65,
    "room_left": 2.90,
}
