"""Run `sake` with the words of this command line; print which of the heavy packages were loaded for it, as JSON."""

import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from sake_ray.cli import main

HEAVY = {
    "ray", "mlflow", "sklearn", "scipy", "pandas", "streamlit", "cv2", "dvc", "numpy", "pyarrow", "fastapi", "sqlalchemy",
    "boto3", "optuna", "skops", "faker", "PIL", "simplemma", "httpx", "alembic", "rich",
}  # fmt: skip

if __name__ == "__main__":
    code: object = 0
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        try:
            main()
        except SystemExit as end:
            code = end.code
    print(json.dumps({"code": code, "heavy": sorted(HEAVY & set(sys.modules))}))
