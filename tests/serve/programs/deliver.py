"""Deliver what webhooks are to be told, until killed."""

import sys
import time

from sake_ray.serve.attempts import OrchestratorObserver
from sake_ray.serve.webhook_rounds import WebhookRounds
from sake_ray.serve.webhooks import make_webhook_parts
from sake_ray.storage.records import Records
from tests.small_service import KEY, WEBHOOK_RULES

rounds = WebhookRounds(Records(sys.argv[1]), make_webhook_parts(WEBHOOK_RULES, KEY), OrchestratorObserver())
while True:
    rounds.run_next()
    time.sleep(0.02)
