"""`sake webhook` adds an address with its secret, shows what was told, and has it sent again."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sake_ray.errors import Message
from sake_ray.serve.tokens import load_key
from sake_ray.serve.webhooks import make_webhook_parts
from sake_ray.storage.records import Records
from tests.command import run_sake
from tests.small_service import WEBHOOK_RULES
from tests.storage.example_records import completed

URL = "https://127.0.0.1/hook"


def test_webhook_is_added_listed_resent_and_removed(tmp_path: Path, tables: Path) -> None:
    shutil.copyfile(tables, tmp_path / "records.db")
    refused = run_sake("webhook", "add", URL, home=tmp_path)
    assert (refused.returncode, "which is not public" in refused.stderr) == (2, True)
    allowed = {"SAKE_WEBHOOK_ALLOW": "127.0.0.0/8"}
    added = run_sake("webhook", "add", URL, "--event", "batch.completed", home=tmp_path, **allowed)
    assert added.returncode == 0, added.stderr
    records = Records(f"sqlite:///{tmp_path / 'records.db'}")
    (webhook,) = records.webhooks.list().items
    completed(records)
    held = records.deliveries.claim(webhook.id, lease=timedelta(minutes=1), now=datetime.now(UTC))
    assert held
    seal = make_webhook_parts(WEBHOOK_RULES, load_key(tmp_path / "token_key")).seal
    assert seal.open(held.secret) == added.stdout.strip()
    records.deliveries.fail(held, Message("webhook-refused", status=500), response=500, not_before=None)
    dead = run_sake("webhook", "deliveries", "--status", "DEAD", home=tmp_path).stdout.strip().split("\t")
    assert (dead[0], dead[5:]) == (held.delivery.id, ["DEAD", "1", "The receiver answered with status 500."])
    assert run_sake("webhook", "resend", dead[0], home=tmp_path).returncode == 0
    assert records.deliveries.measure_backlog().waiting == 1
    listed = run_sake("webhook", "list", home=tmp_path).stdout.strip().split("\t")
    assert listed == [webhook.id, "all teams", "batch.completed", URL]
    assert run_sake("webhook", "remove", webhook.id, home=tmp_path).returncode == 0
    assert records.webhooks.list().items == ()
