"""Tell browsers what a page may load and do: nothing of another site, and no script but Streamlit's own."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

import streamlit
from starlette.types import Message, Send

HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?", re.ASCII)
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def make_policy(host: str) -> str:
    """Make the policy of the application's pages, as they are reached by that host.

    Streamlit's page holds one script, which is named by its hash. Its charts interpret their expressions and compile nothing; its
    styles and ours are written into the page (unsafe-inline). To some browsers a websocket of the same host is not 'self'.
    """
    sockets = f" ws://{host} wss://{host}" if HOST.fullmatch(host) else ""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' {' '.join(hash_scripts())}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            f"connect-src 'self'{sockets}",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


@cache
def hash_scripts() -> list[str]:
    """Hash the scripts that stand in Streamlit's page, as a policy names them."""
    page = (Path(streamlit.__file__).parent / "static/index.html").read_text(encoding="utf-8")
    return [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in INLINE.findall(page)]


def with_page_headers(send: Send, *, host: str) -> Send:
    """Add them to a response that has none of its own."""
    own = {
        b"content-security-policy": make_policy(host).encode(),
        b"referrer-policy": b"same-origin",
        b"x-content-type-options": b"nosniff",
    }

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", []))
            names = {name.lower() for name, _ in given}
            message = {
                **message,
                "headers": given + [(name, value) for name, value in own.items() if name not in names],
            }
        await send(message)

    return send_with_headers
