"""A running `sake up`: what it prints, what it refuses, what it serves, and that nothing is left of it."""

import itertools
import json
import os
import re
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from sake_ray.client import Client
from sake_ray.domain.documents import Status
from sake_ray.domain.parts import SplitMode
from sake_ray.domain.verdicts import Policy
from sake_ray.domain.webhooks import WebhookEvent
from sake_ray.errors import SakeError, Unauthenticated
from sake_ray.metrics import METRICS
from sake_ray.schemas.batches import BatchOut
from sake_ray.schemas.documents import DocumentDetail, DocumentOut
from tests.collector import Collector, collecting
from tests.command import run_sake
from tests.grafana.asking import find_gaps
from tests.live_prometheus import run_prometheus
from tests.monitoring.rule_tests import load_rules
from tests.pages import letter, png
from tests.raw_http import Target, answer_raw, check
from tests.raw_requests import chunks, framings, lying
from tests.receiver import Receiver, receive
from tests.receiver import receiver as receiver
from tests.resources.hostile import Completed, HostileFile, Outcome, hostile_file, sent_over_http
from tests.service import Service, processes_of, run_service
from tests.stacks import STACK
from tests.train.test_training import scan as training_scan
from tests.waiting import has_ended, wait_until

PATH_OR_TRACE = re.compile(r"Traceback|0x[0-9a-f]{4}|(^|[\s'\"(])/\w+/")
EVERY_TENTH = 10
PER_SECOND = 7 if os.environ.get("SAKE_FAULTS") == "full" else 1
"""So often people at work ask something of the service."""
PATIENCE, WHILE_OTHERS_WORK = 400.0, 300.0
"""Ten seconds are promised on a machine that does nothing else (docs/measurements.md); here other tests run beside."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the service watches."""
    return tmp_path_factory.mktemp("scans")


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """Where the service sends its spans."""
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="module")
def told() -> Iterator[Receiver]:
    """Who is told of alerts."""
    with receive() as running:
        yield running


@pytest.fixture(scope="module")
def service(
    home: Path, place: Path, collector: Collector, told: Receiver, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """One for all."""
    settings = {"SAKE_READ_MEMORY_MB": "2048", "SAKE_WATCH": f"lyon={place}", "SAKE_WATCH_SECONDS": "1"}
    # Where the receiver of a test is.
    settings |= {
        "SAKE_WEBHOOK_HTTP": "true",
        "SAKE_WEBHOOK_ALLOW": "127.0.0.1",
        "SAKE_OTLP_ENDPOINT": collector.address,
    }
    settings |= {"SAKE_ALERT_WEBHOOK_URL": told.url("/alerts"), "SAKE_SCRAPE_SECONDS": "5"}
    folder = tmp_path_factory.mktemp("office")
    with run_service(home, folder, "--gateway", "--monitoring", **settings) as service:
        yield service


@pytest.fixture(scope="module")
def client(service: Service) -> Client:
    """Signed in as admin."""
    return service.client()


def scan(text: str) -> bytes:
    return png(letter((text, "Total amount due on Monday", "Invoice of the northern branch")).render(100))


def test_start_prints_a_proof_the_addresses_and_the_first_password(service: Service) -> None:
    wait_until(lambda: "Ctrl-C" in service.log(), timeout=PATIENCE, interval=0.2, log=service.log)
    assert re.search(r"\.\w+ → facture, confidence 0\.\d\d, \d+\.\d s", service.log())
    assert service.url in service.log()
    assert service.password in service.log()
    assert (service.home / "admin_password").stat().st_mode & 0o777 == 0o600
    assert (service.home / "token_key").stat().st_mode & 0o777 == 0o600


def test_every_process_of_a_service_keeps_its_files_private(service: Service) -> None:
    umasks = {}
    for process in service.find(""):
        with suppress(OSError):  # it has ended meanwhile
            status = Path(f"/proc/{process.pid}/status").read_text()
            umasks[process.pid] = re.findall(r"^Umask:\s*(\d+)", status, re.MULTILINE)
    assert len(umasks) > 5
    assert {umask for (umask,) in umasks.values()} == {"0077"}


def test_ray_and_serve_keep_their_logs_within_bounds(service: Service) -> None:
    (raylet,) = service.find("/raylet/raylet")  # whose environment all replicas inherit
    assert raylet.environ()["RAY_ROTATION_MAX_BYTES"] == "10000000"


def test_nothing_in_the_home_of_a_service_is_open_to_others(service: Service) -> None:
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in service.home.rglob("*") if not path.is_symlink()}
    assert service.home.stat().st_mode & 0o077 == 0
    assert [path for path, mode in modes.items() if mode & 0o077 and mode != 0o444] == []


def test_status_tells_where_it_runs(service: Service) -> None:
    told = run_sake("status", home=service.home)
    assert (told.returncode, told.stdout.split()[:3]) == (0, [service.url, "is", "ready:"])


def test_second_start_on_the_same_home_is_refused(service: Service) -> None:
    told = run_sake("up", home=service.home)
    assert told.returncode == 5
    assert len(told.stderr.strip().splitlines()) == 1
    assert service.url in told.stderr


def test_busy_port_is_refused_with_its_number(service: Service, tmp_path: Path) -> None:
    told = run_sake("up", home=tmp_path / "other", SAKE_PORT=str(service.port))
    assert told.returncode == 5
    assert f":{service.port} " in told.stderr
    assert "SAKE_PORT" in told.stderr
    assert "Traceback" not in told.stderr


def test_running_service_checks_itself_and_reads_deleted_texts_again(service: Service, client: Client) -> None:
    uuid = client.batches.submit("ledger", [("a.png", scan("Checked and read again"))]).uuid
    (document,) = client.batches.wait(uuid, seconds=PATIENCE).documents
    assert wait_until(lambda: client.system.monitoring().ledger.checked_at, interval=1)
    checked = run_sake("check", home=service.home)
    assert (checked.returncode, checked.stdout) == (0, "No faults.\n"), checked.stderr
    assert client.system.monitoring().ledger.faults == []
    before = [client.documents.words(document.id), client.documents.explain(document.id)]
    picture = client.documents.page_image(document.id, 1)
    sha256 = client.documents.get(document.id).sha256
    for file in [*service.home.glob(f"objects/texts/**/{sha256}*"), *service.home.glob(f"objects/pages/**/{sha256}/*")]:
        file.unlink()
    broken = run_sake("check", "--json", home=service.home)
    assert json.loads(broken.stdout)["faults"] == {"fault-text-missing": 1, "fault-page-images": 1}
    assert [client.documents.words(document.id), client.documents.explain(document.id)] == before
    assert client.documents.page_image(document.id, 1) == picture
    assert run_sake("check", home=service.home).returncode == 0


def test_hostile_files_end_as_written_and_good_documents_go_on(client: Client) -> None:
    sent: list[tuple[HostileFile, str]] = []
    good: list[tuple[str, float]] = []
    refused: list[tuple[HostileFile, str]] = []
    kinds = sent_over_http()
    assert len(kinds) >= 40
    for number, kind in enumerate(kinds):
        file = hostile_file(kind)
        try:
            sent.append((file, client.batches.submit("hostile", [(file.name, file.data)]).uuid))
        except SakeError as error:
            refused.append((file, str(error)))
        if number % EVERY_TENTH == 0:
            good.append(
                (client.batches.submit("good", [("good.png", scan(f"Letter {number}"))]).uuid, time.monotonic())
            )
    for file, sentence in refused:
        assert any(fits(sentence, outcome) for outcome in file.outcomes), f"{file.why}: {sentence}"
    latencies = []
    for uuid, started in good:
        batch = client.batches.wait(uuid, seconds=PATIENCE)
        assert batch.status is Status.COMPLETED
        latencies.append(time.monotonic() - started)
    for file, uuid in sent:
        (document,) = client.batches.wait(uuid, seconds=PATIENCE).documents
        end: str | DocumentDetail = (
            document.error if document.status is Status.FAILED else client.documents.get(document.id)
        )
        assert any(fits(end, outcome) for outcome in file.outcomes), f"{file.why}: {end}"
        assert not PATH_OR_TRACE.search(document.error)
    print(f"{len(kinds)} hostile files; good documents waited {', '.join(f'{s:.1f} s' for s in latencies)}")


def fits(end: str | DocumentDetail, outcome: Outcome) -> bool:
    """Say whether what came of a file, a sentence or a document, is what was written down."""
    if isinstance(end, str):
        return bool(end) and not isinstance(outcome, Completed) and all(part in end for part in outcome.says)
    return (
        isinstance(outcome, Completed)
        and set(outcome.words) <= set(re.findall(r"\w+", (end.text or "").lower()))
        and outcome.pages in {None, end.pages}
    )


def test_pages_are_counted_while_they_are_read(client: Client) -> None:
    from io import BytesIO

    pages = [letter((f"Page {number} of the report",)).render(110) for number in range(4)]
    file = BytesIO()
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    uuid = client.batches.submit("pages", [("report.tif", file.getvalue())]).uuid
    seen: set[tuple[int, int | None]] = set()
    while (batch := client.batches.find(uuid)[0]).status not in {Status.COMPLETED, Status.FAILED}:
        seen.add((batch.documents[0].pages_done, batch.documents[0].pages))
        time.sleep(0.05)
    assert batch.status is Status.COMPLETED, batch.documents[0].error
    assert (batch.documents[0].pages_done, batch.documents[0].pages) == (4, 4)
    assert len({done for done, _ in seen}) > 2


def test_same_bytes_are_read_once(service: Service, client: Client) -> None:
    pages = scan("Read me once")
    first = client.batches.wait(client.batches.submit("once", [("a.png", pages)]).uuid, seconds=PATIENCE)
    (text,) = (service.home / "objects" / "texts").rglob(f"{client.documents.get(first.documents[0].id).sha256}*")
    written = text.stat().st_mtime_ns
    second = client.batches.wait(client.batches.submit("twice", [("b.png", pages)]).uuid, seconds=PATIENCE)
    assert text.stat().st_mtime_ns == written
    assert first.documents[0].probabilities == second.documents[0].probabilities


def test_stack_is_split_by_itself_where_that_is_sure_and_its_parts_are_classified(client: Client) -> None:
    uuid = client.batches.submit("stack", [STACK], split=SplitMode.AUTO).uuid

    def parts() -> list[DocumentOut]:
        found = client.batches.list_documents(uuid).items
        return [document for document in found if document.parent and document.status is Status.COMPLETED]

    wait_until(lambda: len(parts()) > 1 and client.batches.get(uuid).status is Status.COMPLETED, timeout=PATIENCE)
    split = sorted(parts(), key=lambda part: part.first_page or 0)
    assert sum((part.last_page or 0) - (part.first_page or 0) + 1 for part in split) == 3
    assert (split[0].label, split[-1].label) == ("id_pieces", "facture")
    assert len(client.documents.words(split[-1].id).pages) == split[-1].pages
    assert client.documents.explain(split[-1].id).label == "facture"


def test_disabled_user_is_out_at_once(service: Service) -> None:
    made = run_sake("user", "add", "marie", "--team", "paris", "--keep-password", home=service.home)
    assert made.returncode == 0, made.stderr
    with Client(service.url) as marie:
        marie.accounts.sign_in("marie", made.stdout.strip())
        assert marie.documents.list().total == 0
        assert run_sake("user", "disable", "marie", home=service.home).returncode == 0
        with pytest.raises(Unauthenticated):
            marie.documents.list()
    assert "marie\tuser\tparis\tdisabled" in run_sake("user", "list", home=service.home).stdout


def test_a_rotated_x_forwarded_for_is_not_believed_by_serve(service: Service) -> None:
    statuses = [
        httpx.post(
            f"{service.url}/auth/token",
            data={"username": "guessed", "password": "wrong horse battery"},
            headers={"X-Forwarded-For": f"9.9.9.{number}:{number}"},
            timeout=PATIENCE,
        ).status_code
        for number in range(6)
    ]
    assert statuses == [401] * 5 + [429]


def test_upload_and_answers_by_curl_as_the_docs_say(service: Service, tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "http-api.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(.*?curl.*?)```", guide, re.DOTALL)
    (tmp_path / "scan.png").write_bytes(scan("By curl"))
    sake = str(Path(sys.executable).with_name("sake"))
    script = block.replace("http://127.0.0.1:8000", service.url).replace(".venv/bin/sake", sake)
    done = subprocess.run(
        ["bash", "-euc", script], cwd=tmp_path, env=service.environment, capture_output=True, text=True, timeout=PATIENCE,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert '"answer":"facture"' in done.stdout
    assert '"words":[{' in done.stdout


def test_problems_keep_their_form_through_the_proxy(service: Service) -> None:
    for method, path, status in (("GET", "/nowhere", 404), ("PUT", "/documents", 405), ("GET", "/documents", 401)):
        answer = httpx.request(method, service.url + path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_ray_dashboard_wants_its_token(service: Service) -> None:
    dashboard = f"http://127.0.0.1:{service.environment['SAKE_DASHBOARD_PORT']}"
    assert httpx.get(f"{dashboard}/api/version").status_code == 401
    token = (service.home / "run" / "ray_token").read_text()
    assert httpx.get(f"{dashboard}/api/version", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_gateway_leads_to_the_service_and_an_upload_is_classified_through_it(service: Service, client: Client) -> None:
    sign = {"Authorization": client.connection.http.headers["Authorization"]}
    with at_the_gateway(service, sign) as gateway:
        files = [("files", ("a.png", scan("Through the gateway")))]
        answer = gateway.post("/api/v1/predict", data={"reference": "Durand"}, files=files)
        assert (answer.status_code, answer.headers["location"].split("/")[:4]) == (202, ["", "api", "v1", "predict"])
        client.batches.wait(answer.json()["uuid"], seconds=PATIENCE)
        assert gateway.get("/api/v1/-/routes").status_code == gateway.get("/metrics").status_code == 404
        assert gateway.get("/ray/api/version").json()["ray_version"]
        assert gateway.post("/ray/api/jobs/", json={"entrypoint": "true"}).status_code == 405
        assert gateway.get("/ray/", headers={"Authorization": ""}).status_code == 401
        asked = {"query": 'up{job="ray"} == 1'}
        wait_until(lambda: gateway.get("/prometheus/api/v1/query", params=asked).json()["data"]["result"], interval=1)
        assert gateway.get("/alertmanager/api/v2/status").status_code == 200
        assert gateway.post("/alertmanager/api/v2/silences", json={}).status_code == 405
    days = re.compile(r"^sake_certificate_days_left 39[67]", re.MULTILINE)
    passed = re.compile(r'^sake_gateway_requests_total\{place="api/v1",status="2xx"\} [1-9]', re.MULTILINE)
    wait_until(lambda: days.search(exported_by_keeper(service)), interval=1)
    wait_until(lambda: passed.search(exported_by_keeper(service)), interval=1)
    assert 'sake_sidecar_up{program="Gateway"} 1.0' in exported_by_keeper(service)
    assert "sake_gateway_up 1.0" in exported_by_keeper(service)


def at_the_gateway(service: Service, headers: dict[str, str]) -> httpx.Client:
    trust = ssl.create_default_context(cafile=str(service.home / "tls/certificate.pem"))
    url = f"https://localhost:{service.gateway_port}"
    return httpx.Client(base_url=url, verify=trust, headers=headers, timeout=PATIENCE, trust_env=False)


def test_ray_and_the_service_listen_on_this_machine_only(service: Service) -> None:
    assert service.process
    processes = [psutil.Process(service.process.pid), *service.find("")]
    listening = {" ".join(process.cmdline()): listen_addresses(process.pid) for process in processes}
    assert len([title for title, addresses in listening.items() if addresses]) > 8
    # Serve binds the port between its replicas to all addresses; it asks for the token of Ray (docs/operations.md).
    listening = {title: addresses for title, addresses in listening.items() if "ray::ServeReplica" not in title}
    assert set().union(*listening.values()) == {"127.0.0.1", "::ffff:127.0.0.1"}, listening


def listen_addresses(pid: int) -> set[str]:
    """The addresses that a process listens on, as the kernel has them."""
    sockets = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            sockets.add(str(link.readlink()))
    found = set()
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A" and f"socket:[{words[9]}]" in sockets:
                groups = re.findall("........", words[1].partition(":")[0])
                packed = b"".join(bytes.fromhex(group)[::-1] for group in groups)
                found.add(socket.inet_ntop(family, packed))
    return found


def test_a_hundred_and_one_requests_that_never_come_hold_up_nobody(service: Service, client: Client) -> None:
    headers = ("Host: t", "Content-Type: application/json", "Content-Length: 90000")
    promise = "\r\n".join(["POST /documents/x/answers HTTP/1.1", *headers, "\r\n"]).encode()
    held = [socket.create_connection(("127.0.0.1", service.port), PATIENCE) for _ in range(101)]
    for connection in held:
        connection.sendall(promise)
    assert httpx.get(f"{service.url}/health", timeout=PATIENCE).status_code == 200
    with service.client(patience=0) as hasty:
        assert hasty.documents.list().total_is_exact
    for connection in held:
        assert connection.recv(100).startswith(b"HTTP/1.1 401 ")
        connection.close()


def test_what_a_caller_tells_serve_is_not_obeyed(service: Service, client: Client) -> None:
    sign = {"Authorization": client.connection.http.headers["Authorization"]}
    answer = httpx.get(
        f"{service.url}/documents", headers=sign | {"X-Request-Timeout-Seconds": "0.001"}, timeout=PATIENCE
    )
    assert answer.status_code == 200


def test_requests_that_no_client_sends_poison_no_other_in_serve_either(service: Service, client: Client) -> None:
    sign = {"Authorization": client.connection.http.headers["Authorization"]}
    target = Target("127.0.0.1", service.port, sign)
    requests = [request for kind in (framings, chunks, lying) for request in kind()]
    faults = {request.name: wrong for request in requests if (wrong := check(request, answer_raw(target, request)))}
    assert faults == {}


def test_metrics_tell_what_ops_ask(service: Service, client: Client) -> None:
    client.batches.wait(client.batches.submit("metrics", [("a.png", scan("Metrics"))]).uuid, seconds=PATIENCE)
    wanted = {
        "ray_sake_documents_ended_total", "ray_sake_stage_seconds_bucket", "ray_sake_ocr_confidence_bucket", "ray_sake_documents",
        "ray_sake_queue_depth", "ray_sake_queue_oldest_seconds", "ray_sake_model_info", "ray_sake_champion_refused",
        "ray_sake_documents_needing_ops", "ray_sake_reader_confined",
        "ray_sake_webhook_waiting", "ray_sake_webhook_oldest_seconds", "ray_sake_webhook_dead",
        "ray_sake_documents_lost", "ray_sake_jobs", "ray_sake_disk_free_bytes", "ray_sake_workspace_held_seconds",
        "ray_sake_pages_read_total", "ray_sake_page_seconds_bucket", "ray_sake_prediction_confidence_bucket",
        "ray_sake_document_seconds_bucket", "ray_sake_storage_seconds_bucket", "ray_sake_upload_requests_total",
        "ray_sake_sign_ins_total", "ray_sake_model_serves", "ray_sake_policy_holds", "ray_sake_registry_reachable",
    }  # fmt: skip
    wait_until(lambda: wanted <= exported_series(service), interval=1, log=lambda: wanted - exported_series(service))
    ours = {re.sub("_(bucket|sum|count)$", "", name) for name in exported_series(service) if "sake_" in name}
    ours |= set(re.findall(r"^# TYPE (sake_\w+) ", exported_by_keeper(service), re.MULTILINE))
    assert ours <= {metric.exposed for metric in METRICS.values()}
    assert re.search(r'^ray_sake_model_info\{.*version="1".*\} 1', exported(service), re.MULTILINE)


def test_counters_begin_at_0_and_uploads_are_counted_once_in_the_proxy(service: Service, client: Client) -> None:
    def find(series: str) -> list[str]:
        return re.findall(rf"^ray_sake_{series} (.*)$", exported(service), re.MULTILINE)

    accepted = r'upload_requests_total\{(.*outcome="accepted".*)\}'
    wait_until(lambda: find(accepted), interval=1)
    ((labels, before),) = find(accepted)
    assert "deployment=" not in labels
    for series in (
        r'upload_requests_total\{.*outcome="failed".*\}',
        r'storage_errors_total\{.*deployment="Etl".*operation="write".*system="records".*\}',
        r'documents_ended_total\{.*label="".*source="none".*status="NEEDS_OPS".*\}',
    ):
        wait_until(lambda series=series: find(series), interval=1, log=lambda: exported(service))  # type: ignore[misc]
    client.batches.wait(client.batches.submit("once", [("a.png", scan("Once"))]).uuid, seconds=PATIENCE)
    wait_until(lambda: float(find(accepted)[0][1]) > float(before), interval=1)
    assert float(find(accepted)[0][1]) == float(before) + 1


def test_running_service_tells_a_webhook_and_counts_it(service: Service, client: Client, receiver: Receiver) -> None:
    made = client.webhooks.add(receiver.url(), events=[WebhookEvent.BATCH_COMPLETED])
    uuid = client.batches.submit("webhooks", [("a.png", scan("Webhooks"))]).uuid
    client.batches.wait(uuid, seconds=PATIENCE)
    verifier = Verifier(made.secret)
    wait_until(
        lambda: {"batch": uuid} in [verifier.verify(body, headers)["data"] for headers, body in receiver.received]
    )
    delivered = r'^ray_sake_webhook_attempts_total\{.*outcome="delivered".*\} [1-9]'
    wait_until(lambda: re.search(delivered, exported(service), re.MULTILINE), interval=1)
    client.webhooks.remove(made.id)


def test_prometheus_answers_every_panel_of_the_dashboards(service: Service, client: Client, tmp_path: Path) -> None:
    first = int(service.environment["SAKE_METRICS_PORT"])
    targets = {"ray": [f"127.0.0.1:{first + place}" for place in range(3)]}
    targets["keeper"] = [f"127.0.0.1:{service.environment['SAKE_KEEPER_METRICS_PORT']}"]
    read = {"ray_sake_pages_read_total"}  # by the first document below, so that the second one counts on
    may_be_absent = {metric.exposed for metric in METRICS.values() if metric.absent} - read
    may_be_absent |= {
        "ray_sake_verified_documents",
        "sake_gateway_request_seconds",
    }  # before the first answer, and request
    client.batches.wait(client.batches.submit("first", [("a.png", scan("First"))]).uuid, seconds=PATIENCE)
    recorded = [rule for rule in load_rules() if "record" in rule]
    with (
        run_prometheus(tmp_path / "prometheus", targets=targets, rules=recorded) as url,
        httpx.Client(base_url=url, trust_env=False, timeout=300) as http,
    ):

        def find() -> tuple[set[str], set[str]]:
            gaps = find_gaps(http, now=time.time(), hours=0.1)
            assert gaps.wrong == ()
            missing = {re.sub("_(bucket|sum|count)$", "", name) for name in gaps.missing} - may_be_absent
            # Nobody scrapes a node exporter, the screens or alerts here.
            return {name for name in missing if not name.startswith(("node_", "sake_screens_", "ALERTS"))}, set(
                gaps.empty
            )

        # What counts must be known before it counts on; shares are recorded only then.
        wait_until(lambda: all(name.startswith("sake:") for name in find()[0]), interval=5, log=find)
        client.batches.wait(client.batches.submit("panels", [("a.png", scan("Panels"))]).uuid, seconds=PATIENCE)
        wait_until(lambda: find() == (set(), set()), interval=5, log=find)


def exported(service: Service) -> str:
    return httpx.get(f"http://127.0.0.1:{service.environment['SAKE_METRICS_PORT']}/metrics").text


def exported_by_keeper(service: Service) -> str:
    port = service.environment["SAKE_KEEPER_METRICS_PORT"]
    return httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text


def exported_series(service: Service) -> set[str]:
    return set(re.findall(r"^(\w+)\{", exported(service), re.MULTILINE))


def test_what_lies_in_a_watched_folder_is_read_and_what_cannot_be_is_moved_aside(
    service: Service, client: Client, place: Path
) -> None:
    (place / "Petit, Anne").mkdir()
    (place / "Petit, Anne/scan.png").write_bytes(scan("Put into a folder"))
    (place / "Petit, Anne/torn.pdf").write_bytes(b"%PDF-1.7 and no more")

    def moved() -> set[str]:
        return {
            str(path.relative_to(place)) for path in place.rglob("*.*") if path.parent.parent.name in {"done", "failed"}
        }

    ended = {f"{folder}/Petit, Anne/{name}" for folder, name in (("done", "scan.png"), ("failed", "torn.pdf"))}
    wait_until(lambda: ended <= moved(), timeout=PATIENCE, interval=0.5, log=service.log)
    assert "The PDF is damaged" in (place / "failed/Petit, Anne/torn.pdf.txt").read_text()
    (batch,) = client.batches.find("Petit, Anne")
    assert {document.status for document in batch.documents} == {Status.COMPLETED, Status.FAILED}
    series = re.compile(rf'^ray_sake_watch_handed_in\{{.*place="{place.name}".*\}} 2', re.MULTILINE)
    wait_until(lambda: series.search(exported(service)), timeout=PATIENCE, interval=1)
    assert "Petit" not in (service.home / "logs/watch.log").read_text()


def test_gauges_do_not_vanish(service: Service) -> None:
    time.sleep(9)
    # A gauge that is not set again is gone after two exports, which is six seconds here and twenty by default.
    gauges = {"ray_sake_queue_depth", "ray_sake_model_info"}
    wait_until(lambda: gauges <= exported_series(service), interval=0.5, log=lambda: exported_series(service))


def test_logs_follow_a_document_and_hold_neither_text_nor_names_nor_token(service: Service, client: Client) -> None:
    batch: BatchOut = client.batches.wait(
        client.batches.submit("Ravaillac", [("Xanthippe.png", scan("Zanzibar secret"))]).uuid, seconds=PATIENCE
    )
    client.batches.find("Ravaillac")
    time.sleep(0.5)
    lines = [line for path in (service.home / "logs").glob("*.log*") for line in path.read_text().splitlines()]
    mine = [json.loads(line) for line in lines if batch.uuid in line]
    assert {"document accepted", "document classified"} <= {line["event"] for line in mine}
    whole = "\n".join(lines)
    for name in ("Zanzibar", "Xanthippe", "Ravaillac"):
        assert name not in whole
        assert name not in exported(service)
        for path in (service.home / "logs").glob("**/*"):
            assert not path.is_file() or name not in path.read_text(errors="replace"), path
    assert client.connection.http.headers["Authorization"].split()[1] not in whole
    assert service.password not in whole


def test_a_documents_trace_and_story_lead_through_every_process(
    service: Service, client: Client, collector: Collector
) -> None:
    uuid = client.batches.submit("traced", [("a.png", scan("Traced all the way"))]).uuid
    (document,) = client.batches.wait(uuid, seconds=PATIENCE).documents
    trace = service.records.documents.get(document.id, team=None).trace_id
    spans = collector.wait_for("POST /predict", "attempt", "reading", "tesseract", "predict", trace=trace)
    assert {span.service for span in spans} == {"sake-gateway", "sake-orchestrator", "sake-etl", "sake-predictor"}
    above = {span.id for span in spans} | {""}
    assert [span.name for span in spans if span.parent not in above] == []
    told = run_sake("logs", "--document", document.id, "--json", home=service.home)
    story = [json.loads(line) for line in told.stdout.splitlines()]
    assert [(line["part"], line["event"]) for line in story] == [
        ("gateway", "document accepted"),
        ("orchestrator", "attempt started"),
        ("etl", "document read"),
        ("orchestrator", "document classified"),
    ]
    assert {line["trace_id"] for line in story} == {trace}


class PeopleAtWork(threading.Thread):
    """People at work: two uploads for five look-ups, nothing sent again; what fails, and which versions answer."""

    def __init__(self, service: Service) -> None:
        super().__init__(daemon=True)
        self.client = service.client(patience=0)
        self.over = threading.Event()
        self.failures: list[str] = []
        self.versions: set[str] = set()
        self.uuids: list[str] = []
        self.pages = [scan(f"Number {n}") for n in range(6)]

    def run(self) -> None:
        for turn in itertools.count():
            if self.over.wait(1 / PER_SECOND):
                return
            try:
                if turn % 7 < 2 or not self.uuids:
                    self.uuids.append(self.client.batches.submit("office", [("a.png", self.pages[turn % 6])]).uuid)
                else:
                    self._look_up(self.uuids[-1 - turn % min(len(self.uuids), 20)])
            except Exception as error:
                self.failures.append(f"{type(error).__name__}: {error}")

    def _look_up(self, uuid: str) -> None:
        (batch,) = self.client.batches.find(uuid)
        (document,) = batch.documents
        assert (batch.uuid, document.name) == (uuid, "a.png")
        if document.status == "COMPLETED":
            assert document.label in document.probabilities
            assert abs(sum(document.probabilities.values()) - 1) < 0.01
            self.versions.add(str(document.model_version))

    def stop(self) -> None:
        self.over.set()
        self.join()


def test_new_label_is_trained_and_served_while_people_work_and_no_request_fails(
    service: Service, client: Client
) -> None:
    people = PeopleAtWork(service)
    people.start()
    for label in ("invoice", "letter"):
        added = client.images.add(label, [(f"{n}.png", training_scan(label, n)) for n in range(5)])
        assert len(added.images) == 5
    job = client.jobs.start("train")
    stages, offset, log = set(), 0, ""
    while job.state in {"queued", "running"}:
        piece = client.jobs.log(job.number, offset=offset, wait=2)
        log, offset = log + piece.text, piece.offset
        job = client.jobs.get(job.number)
        stages.add(job.stage)
    assert job.state == "succeeded", job.why + log
    assert {"ingest", "train"} <= stages
    new = client.runs.register(str(job.result["run"])).number

    def serve(version: int, change: Callable[[], object]) -> None:
        change()
        end = time.monotonic() + WHILE_OTHERS_WORK
        answered: list[str | None] = []
        while not answered or answered[-1] != str(version):
            assert time.monotonic() < end, answered
            batch = client.batches.wait(
                client.batches.submit("swap", [("a.png", scan("Swap me"))]).uuid, seconds=WHILE_OTHERS_WORK
            )
            answered.append(batch.documents[0].model_version)

    # A handful of scans tells nobody which of the two is better.
    serve(new, lambda: client.models.promote(new, force=True, why="knows letters"))
    assert "letter" in client.documents.labels().labels
    serve(1, client.models.rollback)
    serve(new, lambda: client.models.promote(new, force=True, why="after all"))
    serve(1, lambda: client.models.promote(1, force=True, why="the test is over"))
    people.stop()
    assert people.failures == []
    assert people.versions <= {"1", str(new)}
    assert len(people.uuids) > 10
    log = [(entry.version, entry.outcome) for entry in client.models.promotions().items]
    assert log[:4] == [(1, "done"), (new, "done"), (1, "done"), (new, "done")]


def test_new_policy_counts_without_a_restart_also_for_what_is_open(service: Service, client: Client) -> None:
    opened = client.batches.wait(
        client.batches.submit("policy", [("a.png", scan("Open"))]).uuid, seconds=WHILE_OTHERS_WORK
    )
    strict = service.records.policies.add(Policy(threshold=1.0), by="test", now=datetime.now(UTC)).version
    end = time.monotonic() + WHILE_OTHERS_WORK
    under: list[int | None] = []
    while not under or set(under) != {strict}:
        assert time.monotonic() < end, under
        fresh = client.batches.wait(
            client.batches.submit("policy", [("b.png", scan("Fresh"))]).uuid, seconds=WHILE_OTHERS_WORK
        )
        (before,) = client.batches.find(opened.uuid)
        under = [fresh.documents[0].policy_version, before.documents[0].policy_version]
    assert client.batches.find(opened.uuid)[0].documents[0].model_hash == opened.documents[0].model_hash
    service.records.policies.add(Policy(), by="test", now=datetime.now(UTC))


def test_uploads_beyond_what_is_taken_at_once_are_told_to_come_again(service: Service, client: Client) -> None:
    statuses: list[int] = []
    token = client.connection.http.headers["Authorization"]

    def send() -> None:
        files = [("files", (f"{n}.png", scan("Many") + os.urandom(200_000))) for n in range(30)]
        answer = httpx.post(
            f"{service.url}/predict",
            headers={"Authorization": token},
            data={"reference": "many"},
            files=files,
            timeout=PATIENCE,
        )
        statuses.append(answer.status_code)
        if answer.status_code == 503:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["retry-after"].isdigit()

    threads = [threading.Thread(target=send) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(statuses) == 12
    assert set(statuses) <= {202, 503}
    assert 202 in statuses


def test_what_the_alerts_need_is_measured_and_nothing_is_down(service: Service) -> None:
    def ask(query: str) -> list[object]:
        url = f"http://127.0.0.1:{service.environment['SAKE_PROMETHEUS_PORT']}/prometheus/api/v1/query"
        found: list[object] = httpx.get(url, params={"query": query}, trust_env=False).json()["data"]["result"]
        return found

    # What is counted in the records comes after a minute; until then it is pending that it is missing.
    alerts = 'ALERTS{area="service",alertname!~"Part.+"}'
    wait_until(lambda: ask("sake:queue_depth") and not ask(alerts), interval=1, log=lambda: ask(alerts))
    assert ask('sake:replicas_healthy{deployment="Etl"}')
    assert ask("sake:disk_free:ratio")


def test_a_killed_replica_is_told_to_the_webhook_and_replaced(service: Service, told: Receiver, client: Client) -> None:
    (replica,) = service.find("ServeReplica:sake:Predictor")
    began = time.monotonic()
    replica.kill()

    def names() -> set[tuple[str, str]]:
        alerts = [alert["labels"] for _, body in list(told.received) for alert in json.loads(body)["alerts"]]
        return {(labels["alertname"], labels.get("deployment", "")) for labels in alerts}

    wait_until(lambda: ("PartRestarted", "Predictor") in names(), log=names)
    print(f"told of a killed replica after {time.monotonic() - began:.0f} s")
    wait_until(lambda: service.find("ServeReplica:sake:Predictor"))
    client.system.ready()


def test_sigterm_ends_everything(service: Service) -> None:
    assert service.process
    family = psutil.Process(service.process.pid).children(recursive=True)
    assert service.stop() < WHILE_OTHERS_WORK
    assert service.process.returncode == 0, service.log()
    wait_until(lambda: all(map(has_ended, family)), log=lambda: family)
    assert processes_of(service.home) == []
    told = run_sake("status", home=service.home)
    assert told.returncode == 2
    assert "sake up" in told.stderr


def test_sigterm_during_the_start_ends_everything_too(service: Service) -> None:
    before = len(service.whole_log())
    service.start()
    runs = "Ray runs"
    wait_until(lambda: runs in service.whole_log()[before:], interval=0.1, process=service.process, log=service.log)
    assert service.stop() < WHILE_OTHERS_WORK
    assert service.process
    assert service.process.returncode == 0, service.log()
    assert processes_of(service.home) == []
