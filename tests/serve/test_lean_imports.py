"""The processes of the service import Ray Serve without pandas, and can import pandas afterwards."""

import subprocess
import sys

CODE = """
import sys
from sake_ray.serve.lean_imports import import_serve
import_serve()
assert 'ray.serve' in sys.modules
assert 'pandas' not in sys.modules
import pandas
assert pandas.DataFrame
"""


def test_pandas_is_left_out_and_not_lost() -> None:
    subprocess.run([sys.executable, "-c", CODE], check=True)


def test_what_is_there_is_left_alone() -> None:
    code = "import pandas, sys; from sake_ray.serve.lean_imports import import_serve; import_serve(); pandas.DataFrame"
    subprocess.run([sys.executable, "-c", code], check=True)
