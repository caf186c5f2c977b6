"""The deployment that answers over HTTP."""

import asyncio
from typing import Any

from sake_ray.files import keep_files_private
from sake_ray.logs import set_up_logs
from sake_ray.metrics import Exporter
from sake_ray.serve.admin_services import AdminServices
from sake_ray.serve.auth import Authenticator
from sake_ray.serve.config import ServiceConfig
from sake_ray.serve.dependencies import Services
from sake_ray.serve.executors import UPKEEP
from sake_ray.serve.handles import OrchestratorHandle, PredictorHandle
from sake_ray.serve.http_app import create_app
from sake_ray.serve.idempotency import RequestKeys
from sake_ray.serve.intake import Intake
from sake_ray.serve.issuer import Issuer
from sake_ray.serve.lease_renewal import LeaseRenewal
from sake_ray.serve.measurements import Measuring
from sake_ray.serve.metrics import open_instruments
from sake_ray.serve.peers import PeerRules
from sake_ray.serve.prometheus import Prometheus
from sake_ray.serve.thumbnails import ThumbnailMaker
from sake_ray.serve.tokens import load_key
from sake_ray.serve.webhooks import make_webhook_parts
from sake_ray.tracing.spans import set_up_tracing


class Gateway:
    """Serves the HTTP application on a replica."""

    def __init__(self, config: ServiceConfig, orchestrator: Any, predictor: Any) -> None:
        keep_files_private()
        set_up_logs("gateway", folder=config.logs, level=config.log_level)
        set_up_tracing("gateway", config.otlp_endpoint)
        self._upkeep: asyncio.Task[None] | None = None
        instruments = open_instruments(Exporter.API)
        config = config.observe_storage(instruments)
        secret, renewal = load_key(config.token_key), LeaseRenewal(config.records)
        self.peers = PeerRules(config.trusted_proxies, load_key(config.screens_key))
        self.services = Services(
            records=config.records,
            store=config.store,
            intake=Intake(
                config.records, config.store, renewal, max_bytes=config.reading.limits.max_bytes, split=config.split
            ),
            authenticator=Authenticator(
                config.records,
                secret,
                issuer=Issuer(config.issuer) if config.issuer else None,
                second_factor=config.second_factor,
            ),
            predictor=PredictorHandle(predictor),
            orchestrator=OrchestratorHandle(orchestrator),
            admin=AdminServices(
                config.workspace,
                config.registry,
                config.recipe,
                config.job_logs,
                ThumbnailMaker(config.store, config.reading, config.recipe),
                config.models,
                config.retention_months,
            ),
            keys=RequestKeys(config.records, renewal, secret),
            webhooks=make_webhook_parts(config.webhook_rules, secret),
            instruments=instruments,
            measuring=Measuring(Prometheus(config.prometheus_url)) if config.prometheus_url else None,
        )

    def __serve_build_asgi_app__(self) -> Any:
        """Create the app on the replica, with the services made here."""
        return create_app(self.services, peers=self.peers)

    async def check_health(self) -> None:
        """Pass, since being able to answer is enough, and wait for no thread; have readers ended that have been idle."""
        if self._upkeep is None or self._upkeep.done():
            self._upkeep = asyncio.create_task(UPKEEP.run(self.services.admin.thumbnails.close_idle))
