"""How far does one head carry: over 1 to 16 nodes of pretended CPUs, and at the speed of the queue alone?

    .venv/bin/python -m bench.scaling nodes [--nodes 1,2,4,8,16] [--cpus 1] [--seconds 4] [--documents 20]
    .venv/bin/python -m bench.scaling queue [--database sqlite|postgresql|both|URL] [--filled 0,200000] [--documents 5000]

`nodes` (bench.scaling_nodes) runs the service's deployments on Ray nodes whose readers sleep, so many documents for each reader.
`queue` (bench.scaling_queue) has one orchestrator finish documents that need no reading, in records with so many others in them.
CPU milliseconds are what other work on the machine changes least. docs/capacity.md plans from these figures. How Ray Data spreads
a bulk classification is bench.ray_scaling's question.
"""

import argparse
import os
import secrets
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.records import open_database
from bench.records_data import fill, read_size
from bench.scaling_queue import Pace, measure_queue
from sake_ray.storage.records import Records

NODES_HEAD = (
    "| nodes | readers | documents | documents/s | of ideal | CPU ms for a document | ceiling, documents/s | memory, MB |\n"
    "|---|---|---|---|---|---|---|---|"
)
QUEUE_HEAD = "| step | documents | documents/s | CPU ms here | CPU ms at the server |\n|---|---|---|---|---|"


def run_queue(url: str, *, filled: int, documents: int, in_work: int) -> Iterator[Pace]:
    """Put so many documents into empty records, quickly, and measure how more of them are accepted and finished."""
    records = Records(url)
    records.database.migrate()
    try:
        if filled:
            fill(records, filled, now=datetime.now(UTC))
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            yield from measure_queue(records, documents, Path(folder), in_work=in_work)
        print(f"{read_size(records) / (filled + documents):,.0f} bytes of records for each document", flush=True)
    finally:
        records.database.close()


def main() -> None:
    """Print the figures as they come."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    nodes = commands.add_parser("nodes")
    nodes.add_argument("--nodes", default="1,2,4,8,16")
    nodes.add_argument("--cpus", type=int, default=1, help="of each node")
    nodes.add_argument("--seconds", type=float, default=4.0, help="what a document takes")
    nodes.add_argument("--documents", type=int, default=20, help="for each reader")
    queue = commands.add_parser("queue")
    queue.add_argument("--database", default="both", help="sqlite, postgresql, both, or the URL of an empty database")
    queue.add_argument("--filled", default="0,200000", help="how many documents are there before")
    queue.add_argument("--documents", type=int, default=5000)
    queue.add_argument("--in-work", type=int, default=9, help="documents in work at a time")
    options = parser.parse_args()
    if options.command == "nodes":
        # Ray reads these once, when it is first imported.
        os.environ |= {
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": secrets.token_hex(32),
            "RAY_USAGE_STATS_ENABLED": "0",
        }
        from bench.scaling_nodes import measure_nodes

        print(NODES_HEAD, flush=True)
        for number in map(int, options.nodes.split(",")):
            count = number * options.cpus * options.documents
            print(measure_nodes(number, cpus=options.cpus, seconds=options.seconds, documents=count), flush=True)
        return
    for kind in ["sqlite", "postgresql"] if options.database == "both" else [options.database]:
        for filled in map(int, options.filled.split(",")):
            with open_database(kind) as url:
                print(f"\n{kind}, {filled:,} documents before\n\n{QUEUE_HEAD}", flush=True)
                for pace in run_queue(url, filled=filled, documents=options.documents, in_work=options.in_work):
                    print(pace, flush=True)


if __name__ == "__main__":
    main()
