"""The types of the data that is worked on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""An image: height × width × 3 in RGB, or height × width in grey."""

Row = dict[str, Any]
"""A row of a table or of a Ray dataset: its values by the names of the columns."""
