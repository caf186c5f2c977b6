"""Render nginx's configuration for a gateway, from the files in cluster/gateway."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

from sake_ray.domain.peers import GATEWAY, sign_peer
from sake_ray.errors import Message
from sake_ray.files import write_atomically
from sake_ray.gateway.config import API_NAMES, TOOLS, GatewayConfig, Tool
from sake_ray.gateway.problems import NOTICES, RETRY_SECONDS, list_problems, write_problem
from sake_ray.schemas.problems import MEDIA_TYPE

TEMPLATES = Path(__file__).parents[2] / "cluster" / "gateway"
INCLUDED = (
    "nginx.conf", "types.conf", "maps.conf", "limits.conf", "guesses.conf", "headers.conf", "problems.conf", "to_api.conf",
    "to_screens.conf", "locations.conf",
)  # fmt: skip
HTTPS_PORT = 443
KEPT_OPEN = 32
KEEP_ALIVE_SECONDS = 55
"""Shorter than API and screens keep an idle connection, so that no request meets one that they have closed."""


PLACE = re.compile(r"%\{(\w+)\}")
"""nginx's own variables begin with a dollar sign."""


def prove_gateway(key: str) -> str:
    """State that a request comes from the gateway, in a way that only those can who have the key of the screens."""
    return sign_peer(GATEWAY, key)


def write_gateway(folder: Path, config: GatewayConfig) -> None:
    """Write the configuration into a folder, for `nginx -p FOLDER`; only the certificate is missing."""
    for needed in (folder / "tmp", config.log.parent):
        needed.mkdir(parents=True, exist_ok=True)
    for name, text in render_gateway(config).items():
        write_atomically(folder / name, text)


def render_gateway(config: GatewayConfig) -> dict[str, str]:
    """Render the files, by their names."""
    values = _make_values(config)
    screens = [("admin", "/admin-ui"), ("user", "")]
    values["screens"] = "\n".join(
        ["location = /admin-ui { return 308 /admin-ui/; }"]
        + [_fill("screens.conf", values | {"name": name, "path": path}) for name, path in screens]
    )
    values["tools"] = "\n".join(_render_tool(name, config, values) for name in TOOLS)
    files = {name: _fill(name, values) for name in INCLUDED}
    return files | {"problem_pages.conf": "".join(_render_answers(config))}


def _make_values(config: GatewayConfig) -> dict[str, object]:
    return asdict(config.limits) | {
        "user": f"user {config.user};\n" if config.user else "",
        "workers": config.workers,
        "https": _to_listen(config.host, config.port),
        "redirect_server": _render_redirect(config),
        "shown_port": _show_port(config),
        "upstreams": "\n  ".join(
            [
                _render_upstream("api", config.api),
                _render_upstream("user_screens", config.user_screens, sticky=True),
                _render_upstream("admin_screens", config.admin_screens, sticky=True),
            ]
        ),
        "real_ip": _render_real_ip(config),
        "proof": config.proof,
        "rate": config.limits.requests_a_second,
        "session_rate": config.limits.session_requests_a_second,
        "guess_rate": config.limits.guesses_a_minute,
        "sign_in_bytes": config.bodies.sign_in,
        "upload_bytes": config.bodies.upload,
        "other_bytes": config.bodies.other,
        "screen_bytes": config.bodies.file + config.bodies.other,
        "log": config.log,
        "requests": _render_requests(config),
        "api_names": "|".join(API_NAMES),
    }


def _fill(name: str, values: Mapping[str, object]) -> str:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    return PLACE.sub(lambda place: str(values[place[1]]), text)


def _render_upstream(name: str, addresses: Sequence[str], *, sticky: bool = False) -> str:
    """Where there is nobody, a server that is never asked."""
    servers = [f"server {address} max_fails=1 fail_timeout=5s;" for address in addresses] or [
        "server 127.0.0.1:1 down;"
    ]
    by_cookie = "hash $screen consistent; " if sticky and len(addresses) > 1 else ""
    kept = f"keepalive {KEPT_OPEN}; keepalive_timeout {KEEP_ALIVE_SECONDS}s;"
    return f"upstream {name} {{ {by_cookie}{' '.join(servers)} {kept} }}"


def _render_redirect(config: GatewayConfig) -> str:
    if not config.http_port:
        return ""
    listen = _to_listen(config.host, config.http_port)
    return f"server {{ listen {listen}; return 308 https://$host{_show_port(config)}$request_uri; }}"


def _render_real_ip(config: GatewayConfig) -> str:
    if not config.trusted_proxies:
        return ""
    lines = [f"set_real_ip_from {network};" for network in config.trusted_proxies]
    return "\n".join([*lines, "real_ip_header X-Forwarded-For;", "real_ip_recursive on;"])


def _render_requests(config: GatewayConfig) -> str:
    if not config.listener_port:
        return ""
    return f"access_log syslog:server=127.0.0.1:{config.listener_port},nohostname,tag=sake requests;"


def _render_tool(name: str, config: GatewayConfig, values: Mapping[str, object]) -> str:
    tool = next((tool for tool in config.tools if tool.name == name), None)
    if tool is None:
        problem = write_problem(404, Message("tool-not-configured", tool=name))
        return _fill("no_tool.conf", {"name": name, "answer": _render_answer(f"no_{name}", 404, problem, MEDIA_TYPE)})
    more = {
        "name": name,
        "url": tool.url.rstrip("/") + ("/" if tool.at_top else ""),
        "host": urlsplit(tool.url).netloc,
        "authorization": tool.authorization,
        "cookie": "; ".join(f"{cookie}=$cookie_{cookie}" for cookie in tool.cookies),
        "rules": _render_rules(tool),
    }
    return _fill("tool.conf", {**values, **more})


def _render_answers(config: GatewayConfig) -> Iterator[str]:
    for problem in list_problems(config.bodies):
        yield _render_answer(problem.name, problem.status, problem.text, MEDIA_TYPE)
    for notice in NOTICES:
        said = {"english": notice.english, "french": notice.french, "seconds": RETRY_SECONDS[notice.status]}
        yield _render_answer(notice.name, notice.status, _fill("page.html", said), "text/html; charset=utf-8")


def _render_answer(name: str, status: int, text: str, kind: str) -> str:
    headers = {"Retry-After": RETRY_SECONDS.get(status), "WWW-Authenticate": "Bearer" if status == 401 else None}
    more = "".join(f"  add_header {header} {value} always;\n" for header, value in headers.items() if value)
    return _fill("answer.conf", {"name": name, "status": status, "type": kind, "text": _quote(text), "more": more})


def _quote(text: str) -> str:
    """Write what stands between single quotes in a file of nginx."""
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _render_rules(tool: Tool) -> str:
    if tool.changes is None:
        return ""
    forbid = "$is_change"
    if not tool.changes:
        return f"  if ({forbid}) {{ return 405; }}\n"
    return (
        f'  set $forbidden {forbid};\n  if ($uri ~ "{tool.changes}") {{ set $forbidden 0; }}\n'
        "  if ($forbidden) { return 405; }\n"
    )


def _to_listen(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"


def _show_port(config: GatewayConfig) -> str:
    return "" if config.port == HTTPS_PORT else f":{config.port}"
