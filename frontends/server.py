"""Serve one application of the screens: `python -m frontends.server user --api http://127.0.0.1:8000`; `sake up` starts it so."""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from streamlit.web import bootstrap

from frontends.auth_middleware import AuthMiddleware
from frontends.auth_routes import make_routes
from frontends.issuer_routes import make_issuer_routes
from frontends.screen_metrics import STREAMLIT_ERRORS, ErrorCount, ScreenMetricsMiddleware
from frontends.second_factor_routes import make_second_factor_routes
from frontends.site import Site, open_site
from frontends.start_page import make_start_routes
from frontends.theme import OPTIONS
from sake_ray.domain.peers import parse_networks
from sake_ray.logs import JsonFormatter, WithoutWords
from sake_ray.metrics import Exporter
from sake_ray.metrics.exposition import PrometheusInstruments, serve_metrics
from sake_ray.metrics.instruments import start_counters

ROLES = {"user": ("user", "reviewer", "admin"), "admin": ("admin", "ops", "reviewer")}
"""Who may sign in to which application; the service decides what each may do there."""
GRACE_SECONDS = 3
KEEP_ALIVE_SECONDS = 65
"""Longer than the gateway keeps its connections, so that it never meets one that we have closed."""


def create_app(site: Site) -> st.App:
    """Make the application with its routes; one per process."""
    open_site(site)
    megabytes = max(1, site.max_bytes // 1_000_000)
    bootstrap.load_config_options(OPTIONS | {"server.maxUploadSize": megabytes, "server.baseUrlPath": site.base})
    return st.App(
        site.script,
        routes=[
            *make_routes(site),
            *make_second_factor_routes(site),
            *make_issuer_routes(site),
            *make_start_routes(site),
        ],
        middleware=[
            Middleware(ScreenMetricsMiddleware, instruments=site.instruments),
            Middleware(AuthMiddleware, site=site),
        ],
    )


def make_server(site: Site, *, host: str, port: int) -> uvicorn.Server:
    """Make the server of an application; its `run` returns when the process is asked to end."""
    return uvicorn.Server(
        uvicorn.Config(
            create_app(site),
            host=host,
            port=port,
            log_level="warning",
            access_log=False,  # paths name batches and candidates
            server_header=False,
            proxy_headers=False,  # uvicorn believes whoever is on this machine; AuthMiddleware reads them
            ws="websockets-sansio",
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until the process is asked to end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(ROLES))
    parser.add_argument("--api", required=True, help="the address of the service")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--max-bytes", type=int, default=20_000_000)
    parser.add_argument("--max-pages", type=int, default=50)
    parser.add_argument("--link", action="append", default=[], metavar="NAME=URL", help="a page of others to lead to")
    parser.add_argument(
        "--key-file", type=Path, help="the home's screens_key: the service then believes where a person is"
    )
    parser.add_argument("--trusted-proxies", type=parse_networks, default=(), help="addresses or networks, by commas")
    parser.add_argument("--base", default="", help="the path it lives below, such as /admin-ui, behind the gateway")
    parser.add_argument("--metrics-port", type=int, default=0, help="the port of its metrics; 0 for none")
    parser.add_argument("--metrics-host", default="127.0.0.1", help="the address its metrics listen on")
    given = parser.parse_args(arguments)
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(JsonFormatter(f"screens-{given.name}"))
    logging.getLogger("frontends").addHandler(lines)
    logging.getLogger("frontends").setLevel("INFO")
    instruments = PrometheusInstruments()
    start_counters(instruments, Exporter.SCREENS)
    page_errors = logging.getLogger(STREAMLIT_ERRORS)
    page_errors.addFilter(WithoutWords())  # what a page fails at may be a candidate's name
    page_errors.addFilter(ErrorCount(instruments))
    links = tuple((name, url) for name, _, url in (link.partition("=") for link in given.link))
    key = given.key_file.read_text(encoding="utf-8").strip() if given.key_file else ""
    roles = ROLES[given.name]
    site = Site(
        given.name, given.api, roles, given.max_bytes, given.max_pages, links, key, given.trusted_proxies, given.base,
        instruments,
    )  # fmt: skip
    setting = f"{given.name.upper()}_METRICS_PORT"
    with serve_metrics(instruments, given.metrics_port, host=given.metrics_host, setting=setting):
        make_server(site, host=given.host, port=given.port).run()


if __name__ == "__main__":
    main()
