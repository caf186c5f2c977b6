"""How much each piece of evidence counts. Made by `bench/splitting.py --fit`; do not edit."""

BIAS = -2.77
WEIGHTS: dict[str, float] = {
    "other_class": 4.00,
    "same_class": -1.12,
    "number_follows": -3.03,
    "number_restarts": 2.00,
    "number_ended": 1.00,
    "number_missing": 1.15,
    "new_identifier": 0.66,
    "new_date": 1.23,
    "headline": 3.45,
    "other_zone": 2.95,
    "blank_between": 0.31,
    "separator_between": 2.03,
    "other_shape": 2.16,
    "other_print": 1.25,
    "room_left": 4.17,
}
