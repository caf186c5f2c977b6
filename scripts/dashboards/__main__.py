"""Write all dashboards: `make dashboards`. The files in cluster/grafana/dashboards are what these modules say."""

import json
from pathlib import Path

from scripts.dashboards.cluster import CLUSTER
from scripts.dashboards.learning import LEARNING
from scripts.dashboards.overview import OVERVIEW
from scripts.dashboards.reading import READING
from scripts.dashboards.render import render
from scripts.dashboards.security import SECURITY
from scripts.dashboards.serving import SERVING
from scripts.dashboards.slo import SLO

FOLDER = Path(__file__).parents[2] / "cluster" / "grafana" / "dashboards"
DASHBOARDS = (OVERVIEW, SERVING, READING, LEARNING, CLUSTER, SECURITY, SLO)


def write_all(folder: Path) -> None:
    """Write a file for each dashboard, named by its uid."""
    folder.mkdir(parents=True, exist_ok=True)
    for dashboard in DASHBOARDS:
        text = json.dumps(render(dashboard), indent=1, ensure_ascii=False) + "\n"
        (folder / f"{dashboard.uid}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_all(FOLDER)
