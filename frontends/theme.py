"""The look of the screens: calm colours and big targets, the same in both applications."""

from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from frontends.i18n import Translations

INK, ACCENT, PAPER, LINE = "#22303c", "#1f6f8b", "#ffffff", "#d9e0e6"
LABEL_COLOURS = {"facture": "#2f6db5", "id_pieces": "#7a4fb0", "resume": "#1d8a63", "other": "#6b7680"}
MORE_COLOURS = ("#b0622a", "#a83a6f", "#4f7a1f", "#8a6d1b", "#3b7f8f", "#94485a")
OPTIONS: dict[str, Any] = {
    # Streamlit would write every bare string of a view, such as what a constant means, onto the page.
    "runner.magicEnabled": False,
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "theme.base": "light",
    "theme.primaryColor": ACCENT,
    "theme.backgroundColor": PAPER,
    "theme.secondaryBackgroundColor": "#f3f6f8",
    "theme.textColor": INK,
    "theme.borderColor": LINE,
    "theme.font": "sans-serif",
    "theme.baseRadius": "10px",
}
"""Streamlit's options, whatever else is configured on the machine."""


@cache
def read_asset(name: str) -> str:
    """Read a style sheet or a template."""
    return (Path(__file__).parent / "assets" / name).read_text(encoding="utf-8")


def label_colour(label: str) -> str:
    """The colour of a label, always the same one."""
    return LABEL_COLOURS.get(label) or MORE_COLOURS[crc32(label.encode()) % len(MORE_COLOURS)]


def style(words: Translations) -> str:
    """The style sheet, which also replaces texts that Streamlit has in English only."""
    drop, browse = words("upload.drop"), words("upload.browse")
    return f"""<style>{read_asset("style.css")}
[data-testid="InputInstructions"] {{ display: none; }}
[data-testid="stFileUploaderDropzoneInstructions"] > * {{ display: none; }}
[data-testid="stFileUploaderDropzoneInstructions"]::after {{ content: "{drop}"; color: #4a5862; }}
[data-testid="stFileUploaderDropzone"] > span button p {{ font-size: 0; }}
[data-testid="stFileUploaderDropzone"] > span button p::after {{ content: "{browse}"; font-size: 1rem; }}
</style>"""
