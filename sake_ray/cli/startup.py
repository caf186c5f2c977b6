"""Make everything ready that the service needs: records, accounts, keys."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

from sake_ray.cli.bootstrap import (
    check_home,
    connect_records,
    find_backup_place,
    find_cpus,
    find_recipe,
    find_screens_key,
    find_token_key,
    make_reading_options,
    open_erasure_notes,
    open_objects,
    open_registry,
    open_workspace,
)
from sake_ray.domain.accounts import Account, Role, SecondFactorRule
from sake_ray.domain.parts import SplitMode
from sake_ray.errors import SetupError
from sake_ray.jobs.ray_connection import measure_cluster
from sake_ray.logs.bounds import remove_oldest
from sake_ray.serve.accounts import PROBE_ACCOUNT
from sake_ray.serve.auth import utc_now
from sake_ray.serve.config import ServiceConfig
from sake_ray.serve.passwords import generate_password, hash_password
from sake_ray.serve.tokens import load_key
from sake_ray.settings import Settings
from sake_ray.storage.moving import check_arrived
from sake_ray.storage.records import Records

END_SECONDS = 8.0
LOGS_BYTES, SERVE_LOGS_BYTES = 1_000_000_000, 200_000_000


def find_password_file(settings: Settings) -> Path:
    """The file of the first admin's generated password, which only its owner can read."""
    return settings.home / "admin_password"


def bound_logs(settings: Settings) -> None:
    """Remove what was logged longest ago: each process begins its own logs anew, and knows nothing of those before it."""
    logs = settings.home / "logs"
    remove_oldest((path for path in logs.glob("*.log*")), most=LOGS_BYTES)
    remove_oldest((path for path in (logs / "serve").rglob("*") if path.is_file()), most=SERVE_LOGS_BYTES)


def make_service_config(settings: Settings) -> ServiceConfig:
    """Make sure of the records, an admin and the keys; return what the service is made from."""
    check_home(settings)
    open_erasure_notes(settings)  # a wrong key is told now, and not when somebody is to be erased
    records, store = connect_records(settings), open_objects(settings)
    check_arrived(store)
    records.database.migrate()
    if records.database.is_sqlite:
        # Nobody else can be working on a file of this home: what a kill left in work may go on at once.
        records.queue.expire_leases(records.clock.now())
    ensure_accounts(records, find_password_file(settings))
    load_key(find_token_key(settings))
    load_key(find_screens_key(settings))
    cpus = find_cpus(settings)
    return ServiceConfig(
        records=records,
        store=store,
        registry=open_registry(settings),
        reading=make_reading_options(settings),
        recipe=find_recipe(settings),
        policy=records.policies.apply_settings(settings.policy, now=utc_now()),
        models=settings.home / "models",
        workspace=open_workspace(settings),
        workspace_here=settings.workspace_here,
        job_logs=settings.home / "jobs",
        token_key=find_token_key(settings),
        screens_key=find_screens_key(settings),
        issuer=settings.issuer,
        second_factor=SecondFactorRule(settings.second_factor),
        trusted_proxies=settings.proxies,
        logs=settings.home / "logs",
        log_level=settings.service_log_level,
        otlp_endpoint=settings.otlp_endpoint,
        readers=max(1, cpus - 1),
        prometheus_url=settings.prometheus_url,
        bin_days=settings.bin_days,
        retention_months=settings.retention_months,
        split=SplitMode(settings.split),
        webhook_rules=settings.webhook_rules,
        backups=find_backup_place(settings),
        cpus=cpus,
    )


def fit_to_cluster(settings: Settings, service: ServiceConfig) -> ServiceConfig:
    """Size the service to the cluster that was named. Raises SetupError when its nodes could not reach what it needs."""
    if not settings.ray_address:
        return service
    nodes, cpus = measure_cluster()
    if nodes > 1:
        check_shared_storage(settings, nodes)
    cpus = settings.cpus or cpus
    return replace(service, cpus=cpus, readers=max(1, cpus - 1))


@contextmanager
def withdraw_service(settings: Settings) -> Iterator[None]:
    """End the service after the block, also where its Ray goes on."""
    try:
        yield
    finally:
        if settings.ray_address:
            from sake_ray.serve.app import shut_down

            # Serve may be beyond answering; what it leaves is replaced by the next start.
            ending = Thread(target=shut_down, daemon=True)
            ending.start()
            ending.join(END_SECONDS)


def check_shared_storage(settings: Settings, nodes: int) -> None:
    """Raise SetupError when something is on this node's disk that several nodes need."""
    if missing := find_local_storage(settings):
        raise SetupError("cluster-needs-shared-storage", nodes=nodes, settings=" and ".join(missing))


def check_storage_for_serve(settings: Settings) -> None:
    """Raise SetupError when something is on this node's disk, while Serve's own tools put readers on any node."""
    if missing := find_local_storage(settings):
        raise SetupError("serve-needs-shared-storage", settings=" and ".join(missing))


def find_local_storage(settings: Settings) -> tuple[str, ...]:
    """Find what is on this node's disk, as the settings that would have it elsewhere."""
    local = {
        "SAKE_RECORDS_URL=postgresql://…": not settings.records_url or settings.records_url.startswith("sqlite"),
        "SAKE_OBJECTS_URL=s3://bucket/prefix": not settings.objects_url.startswith("s3://"),
    }
    return tuple(setting for setting, is_local in local.items() if is_local)


def ensure_accounts(records: Records, password_path: Path) -> None:
    """Make, the first time, an admin with a generated password and the account of `sake up`'s own test document."""
    from sake_ray.storage.records.accounts import NO_PASSWORD

    if not records.accounts.find(PROBE_ACCOUNT):
        records.accounts.add(Account(PROBE_ACCOUNT, Role.USER, PROBE_ACCOUNT), password_hash=NO_PASSWORD, now=utc_now())
    if any(account.role is Role.ADMIN for account in records.accounts.list().items):
        return
    password = generate_password()
    password_path.unlink(missing_ok=True)
    with os.fdopen(os.open(password_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password + "\n")
    records.accounts.add(Account("admin", Role.ADMIN, "office"), password_hash=hash_password(password), now=utc_now())
