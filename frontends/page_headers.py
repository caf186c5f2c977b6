"""Tell browsers what a page may load and do: nothing of another site, and no script but Streamlit's own."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

import streamlit
from starlette.types import Message, Send

INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@cache
def make_policy() -> str:
    """Make the policy of the application's pages.

    Streamlit's page holds one script, which is named by its hash. Its charts interpret their expressions and compile nothing; its
    styles and ours are written into the page (unsafe-inline).
    """
    page = (Path(streamlit.__file__).parent / "static/index.html").read_text(encoding="utf-8")
    hashes = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in INLINE.findall(page)]
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' {' '.join(hashes)}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def with_page_headers(send: Send) -> Send:
    """Add them to a response that has none of its own."""
    own = {
        b"content-security-policy": make_policy().encode(),
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
