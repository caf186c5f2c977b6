"""Render the configuration of Prometheus and Alertmanager, from the files in cluster/."""

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sake_ray.files import write_atomically
from sake_ray.monitoring.config import (
    AlertReceivers,
    EmailReceiver,
    MonitoringConfig,
    RayDashboard,
    RayFile,
    ScrapeTarget,
)

CLUSTER = Path(__file__).parents[2] / "cluster"
RULES = CLUSTER / "prometheus" / "rules"
RUNBOOKS = "docs/runbooks.md"
MAX_TIMEOUT_SECONDS = 10.0


def write_monitoring(folder: Path, config: MonitoringConfig) -> None:
    """Write prometheus.yml, alertmanager.yml and the rules into a folder; rules of an earlier version go."""
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    files = render_monitoring(config)
    for name, text in files.items():
        write_atomically(folder / name, text)
    for left in (folder / "rules").glob("*.yml"):
        if f"rules/{left.name}" not in files:
            left.unlink()


def render_monitoring(config: MonitoringConfig) -> dict[str, str]:
    """Render the files, by their names in the folder."""
    files = {"prometheus.yml": _dump(_fill_prometheus(config)), "alertmanager.yml": _dump(_fill_alertmanager(config))}
    for rules in sorted(RULES.glob("*.yml")):
        text = rules.read_text(encoding="utf-8")
        files[f"rules/{rules.name}"] = text.replace(RUNBOOKS, config.runbooks) if config.runbooks else text
    return files


def _fill_prometheus(config: MonitoringConfig) -> dict[str, Any]:
    settings = _load(CLUSTER / "prometheus" / "prometheus.yml")
    often = _to_duration(config.seconds)
    timeout = _to_duration(min(config.seconds, MAX_TIMEOUT_SECONDS))
    settings["global"] |= {"scrape_interval": often, "evaluation_interval": often, "scrape_timeout": timeout}
    prefix = {"path_prefix": config.alertmanager_path} if config.alertmanager_path else {}
    settings["alerting"]["alertmanagers"] = [prefix | {"static_configs": [{"targets": [config.alertmanager]}]}]
    known = {job["job_name"]: job for job in settings["scrape_configs"]}
    jobs = [_find_ray(known, config.ray)]
    for name in dict.fromkeys(target.job for target in config.targets):
        targets = [_describe(target) for target in config.targets if target.job == name]
        jobs.append(known[name] | {"static_configs": targets})
    return settings | {"scrape_configs": jobs}


def _find_ray(known: Mapping[str, dict[str, Any]], ray: RayFile | RayDashboard) -> dict[str, Any]:
    if isinstance(ray, RayFile):
        job = known["ray"]
        job["file_sd_configs"][0]["files"] = [str(ray.path)]
        return job
    job = known["ray-cluster"]
    source = job["http_sd_configs"][0]
    source["url"] = f"{ray.url}/api/prometheus/sd"
    if ray.token:
        source["authorization"]["credentials_file"] = str(ray.token)
    else:
        del source["authorization"]
    return job


def _describe(target: ScrapeTarget) -> dict[str, Any]:
    return {"targets": [target.address], "labels": {"__metrics_path__": target.path}}


def _fill_alertmanager(config: MonitoringConfig) -> dict[str, Any]:
    settings, told = _load(CLUSTER / "alertmanager" / "alertmanager.yml"), config.receivers
    people = settings["receivers"][0]
    settings["receivers"] = [{"name": people["name"], **_list_receivers(people, told)}]
    server = _describe_server(told.email) if told.email else {}
    settings["global"] = {"resolve_timeout": settings["global"]["resolve_timeout"]} | server
    return settings


def _list_receivers(people: dict[str, Any], told: AlertReceivers) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    if told.slack_file:
        slack = people["slack_configs"][0] | {"api_url_file": str(told.slack_file)}
        filled["slack_configs"] = [slack | ({"channel": told.slack_channel} if told.slack_channel else {})]
    if told.email:
        filled["email_configs"] = [people["email_configs"][0] | {"to": told.email.to}]
    if told.webhook_url:
        webhook = people["webhook_configs"][0] | {"url": told.webhook_url}
        if told.webhook_token_file:
            token = {"type": "Bearer", "credentials_file": str(told.webhook_token_file)}
            webhook["http_config"] = {"authorization": token}
        filled["webhook_configs"] = [webhook]
    return filled


def _describe_server(email: EmailReceiver) -> dict[str, Any]:
    server: dict[str, Any] = {"smtp_smarthost": email.server, "smtp_from": email.sender, "smtp_require_tls": email.tls}
    if email.user:
        server["smtp_auth_username"] = email.user
    if email.password_file:
        server["smtp_auth_password_file"] = str(email.password_file)
    return server


def _to_duration(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(path)
    return loaded


def _dump(settings: Mapping[str, Any]) -> str:
    yaml, out = YAML(typ="safe", pure=True), StringIO()
    yaml.default_flow_style = False
    yaml.dump(settings, out)
    return out.getvalue()
