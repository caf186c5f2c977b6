"""The processes of the service import Ray Serve and scikit-learn without pandas, and can import pandas afterwards."""

import subprocess
import sys

import pytest

CODE = """
import sys
from sake_ray.serve.lean_imports import import_without_pandas
import_without_pandas({name!r})
assert 'pandas' not in sys.modules
import pandas
assert pandas.DataFrame
"""


@pytest.mark.parametrize("name", ["ray.serve", "sklearn.feature_extraction.text"])
def test_pandas_is_left_out_and_not_lost(name: str) -> None:
    subprocess.run([sys.executable, "-c", CODE.format(name=name)], check=True)


def test_what_is_there_is_left_alone() -> None:
    code = "import pandas, sys; from sake_ray.serve.lean_imports import import_serve; import_serve(); pandas.DataFrame"
    subprocess.run([sys.executable, "-c", code], check=True)
