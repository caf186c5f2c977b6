"""Run the containers as docs/containers.md says, and see that nothing is lost when a reader is killed: `make containers`.

Prediction, training and monitoring start from empty volumes; documents are handed in through the gateway; the container of a
reader is killed while it reads. A protocol with the seconds is printed; everything that was started is removed again.
"""

import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from sake_ray.synthetic.generate import generate
from scripts.container_engine import DOCKER, PROJECT, ROOT, Trial, alone

READY_SECONDS, WORK_SECONDS = 900.0, 900.0
DOCUMENTS, NODES = 40, 3
SERVICES = (
    "gateway", "screens-user", "screens-admin", "service", "reader", "reader-2", "postgres", "objects", "mlflow",
    "prometheus", "alertmanager", "node-exporter",
)  # fmt: skip
"""Of the profiles all but Grafana, which is in no package."""
JOBS = {"ray", "keeper", "screens-user", "screens-admin", "node", "prometheus", "alertmanager"}
READER = "reader"
NOT_ONCE = """
SELECT documents.name, count(predictions.id) FROM documents LEFT JOIN predictions ON predictions.document = documents.id
GROUP BY documents.id, documents.name HAVING count(predictions.id) <> 1 ORDER BY 1"""
"""Each document that has no prediction, or several, and how many."""


def main() -> None:
    """Build, start, hand in, kill, count, stop."""
    with alone(), tempfile.TemporaryDirectory(prefix="sake-trial-") as folder:
        trial = Trial(Path(folder))
        for what in ("image", "packages"):
            built = subprocess.run([ROOT / "scripts/containers", what], capture_output=True, text=True, check=False)
            if built.returncode:
                raise SystemExit(built.stderr[-3000:])
        size = int(trial.ask_engine("image", "inspect", "--format", "{{.Size}}", "localhost/sake_ray")) / 1e9
        trial.say(f"the images are there; that of the service has {size:.2f} GB")
        subprocess.run([DOCKER / "make-secrets", trial.scratch / "secrets"], check=True)
        with running(trial):
            client = sign_in(trial)
            hand_in(trial, client, 4, seed=1)
            see_targets(trial, client)
            kill_reader(trial, client)
        trial.say("all containers are stopped and removed")


@contextmanager
def running(trial: Trial) -> Iterator[None]:
    """Start the containers for the duration of the block; say what they logged when it fails."""
    trial.compose("down", "--volumes")
    try:
        trial.compose("up", "-d", "--no-build", *SERVICES)
        trial.say("prediction, training and monitoring are started, from empty volumes")
        yield
    except BaseException:
        for name in trial.ask_engine("ps", "-a", "--filter", f"name={PROJECT}", "--format", "{{.Names}}").split():
            done = subprocess.run(
                [trial.engine, "logs", "--tail", "15", name], capture_output=True, text=True, check=False
            )
            print(f"--- {name}\n{done.stdout}{done.stderr}", file=sys.stderr)
        print((trial.scratch / "compose.log").read_text()[-3000:], file=sys.stderr)
        raise
    finally:
        trial.compose("down", "--volumes")


def sign_in(trial: Trial) -> httpx.Client:
    """Wait until the service answers through the gateway, and sign in as the admin; the certificate is the gateway's own."""
    base = f"https://localhost:{trial.https}/"

    def read_certificate() -> str:
        return trial.ask_engine("exec", trial.find("gateway"), "cat", "/var/lib/sake/tls/certificate.pem")

    trust = ssl.create_default_context(cadata=trial.wait("a certificate", read_certificate, READY_SECONDS))
    client = httpx.Client(base_url=base, verify=trust, timeout=60, trust_env=False)
    trial.wait("the service answers", lambda: client.get("api/v1/ready").status_code == 200, READY_SECONDS)
    password = trial.ask_engine("exec", trial.find("service"), "cat", "/var/lib/sake/admin_password").strip()
    answer = client.post("api/v1/auth/token", data={"username": "admin", "password": password})
    client.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"
    trial.say("the service answers through the gateway, and the admin is signed in")
    return client


def submit(client: httpx.Client, count: int, *, seed: int) -> str:
    """Hand in generated scans as one batch, and return its uuid."""
    files = [("files", (document.name, document.data)) for document in generate(count, seed=seed)]
    answer = client.post("api/v1/predict", data={"reference": f"trial {seed}"}, files=files)
    return str(answer.raise_for_status().json()["uuid"])


def list_documents(client: httpx.Client, batch: str) -> list[dict[str, Any]]:
    """List the documents of a batch."""
    answer = client.get(f"api/v1/batches/{batch}/documents", params={"page_size": 100})
    items: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
    return items


def hand_in(trial: Trial, client: httpx.Client, count: int, *, seed: int) -> None:
    """Hand in a few documents, and show the answers."""
    batch = submit(client, count, seed=seed)
    trial.wait("they are completed", lambda: count_completed(client, batch) == count, WORK_SECONDS)
    for document in sorted(list_documents(client, batch), key=lambda document: str(document["name"])):
        trial.say(f"{document['name']} is {document['label']}, confidence {document['confidence']:.2f}")


def count_completed(client: httpx.Client, batch: str) -> int:
    """Count the documents of a batch that are completed."""
    return sum(document["status"] == "COMPLETED" for document in list_documents(client, batch))


def see_targets(trial: Trial, client: httpx.Client) -> None:
    """Wait until Prometheus, asked through the gateway, sees every job up, and Ray on all three nodes."""

    def look() -> list[dict[str, Any]]:
        answer = client.get("prometheus/api/v1/targets", params={"state": "active"})
        found: list[dict[str, Any]] = answer.raise_for_status().json()["data"]["activeTargets"]
        jobs = {target["labels"]["job"] for target in found}
        nodes = {target["labels"]["host"] for target in found if target["labels"]["job"] == "ray"}
        up = all(target["health"] == "up" for target in found)
        return found if up and jobs == JOBS and len(nodes) == NODES else []

    found = trial.wait("all targets of Prometheus are up", look, READY_SECONDS)
    trial.say(f"Prometheus: {len(found)} targets, all up: {', '.join(sorted(JOBS))}")


def kill_reader(trial: Trial, client: httpx.Client) -> None:
    """Kill a container that reads while documents wait; all must be completed, each once."""
    batch = submit(client, DOCUMENTS, seed=2)
    trial.say(f"{DOCUMENTS} documents are handed in")

    def find_reading() -> str:
        if not 1 <= count_completed(client, batch) < DOCUMENTS - 10:
            return ""
        names = [trial.find(service) for service in (READER, f"{READER}-2")]
        return next((name for name in names if "ServeReplica:sake:Etl" in trial.ask_engine("top", name)), "")

    killed = trial.wait("a reader reads", find_reading, WORK_SECONDS)
    done = count_completed(client, batch)
    trial.ask_engine("kill", killed)
    trial.say(f"{killed} is killed; {done} are completed")
    since = time.monotonic()
    trial.wait("all are completed", lambda: count_completed(client, batch) == DOCUMENTS, WORK_SECONDS)
    trial.say(f"all {DOCUMENTS} are completed, {time.monotonic() - since:.0f} s after the kill")
    # With the one that `sake up` classifies as a proof. Each was read as often as it takes, and classified once.
    not_once = ask_records(trial, NOT_ONCE)
    assert not not_once, not_once
    (documents,), *_ = ask_records(trial, "SELECT count(*) FROM documents")
    assert int(documents) > DOCUMENTS, documents
    outcomes = ask_records(trial, "SELECT outcome, count(*) FROM attempts GROUP BY 1 ORDER BY 1")
    attempts = ", ".join(f"{number} {outcome}" for outcome, number in outcomes)
    trial.say(f"each of {documents} documents has one prediction; attempts: {attempts}")
    print(trial.ask_engine("exec", trial.find("service"), "sake", "check").strip(), flush=True)
    # A kill that was asked for is no failure to the engine: whoever killed it starts it again.
    trial.ask_engine("start", killed)
    see_targets(trial, client)


def ask_records(trial: Trial, query: str) -> list[list[str]]:
    """Ask the records, past the service; return rows of words."""
    password = (trial.scratch / "secrets/postgres_password").read_text()
    psql = ("psql", "-h", "127.0.0.1", "-U", "sake", "-d", "sake", "-tA", "-c", query)
    printed = trial.ask_engine("exec", "-e", f"PGPASSWORD={password}", trial.find("postgres"), *psql)
    return [line.split("|") for line in printed.splitlines()]


if __name__ == "__main__":
    main()
