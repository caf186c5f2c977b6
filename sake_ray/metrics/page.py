"""Write the tables of docs/metrics.md from the table of the metrics: `make contract` runs this.

.venv/bin/python -m sake_ray.metrics.page docs/metrics.md
"""

import re
import sys
from pathlib import Path

from sake_ray.metrics.metric import AnyOf, Metric, Values
from sake_ray.metrics.table import SECTIONS

BEGIN, END = "<!-- The tables are made by `make contract`. -->", "<!-- End of the tables. -->"
HEAD = "| metric | type, unit | labels | from | what it answers | what to do |\n|---|---|---|---|---|---|"


def write_tables() -> str:
    """Write a table for each section."""
    parts = []
    for title, metrics in SECTIONS.items():
        parts += [f"### {title}", "\n".join([HEAD, *map(write_row, metrics)])]
    return "\n\n".join(parts)


def write_row(metric: Metric) -> str:
    """Write the row of one metric."""
    labels = "<br>".join(f"`{name}`: {write_values(values)}" for name, values in metric.labels.items())
    absent = f" Absent {metric.absent}." if metric.absent else ""
    cells = (
        f"`{metric.exposed}`",
        f"{metric.kind}, {metric.unit}",
        labels,
        metric.exporter,
        metric.meaning + absent,
        metric.action,
    )
    return f"| {' | '.join(cells)} |"


def write_values(values: Values) -> str:
    """Write which values a label has."""
    if isinstance(values, AnyOf):
        return f"{values.what} (at most {values.most})" if values.most else values.what
    return ", ".join(f"`{value}`" for value in values)


def replace_tables(page: str) -> str:
    """Replace the tables of the page."""
    tables = f"{BEGIN}\n\n{write_tables()}\n\n{END}"
    return re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: tables, page, flags=re.DOTALL)


def main(path: Path) -> None:
    """Bring the page up to date."""
    path.write_text(replace_tables(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
