"""Name the files that are attached to a PDF; they are never opened."""

import ctypes
import re
from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as pdfium_c

from sake_ray.errors import Message

MAX_NAMES = 5
MAX_ATTACHMENTS = 1000
MAX_NAME = 80
E_INVOICE = re.compile(r"(factur-?x|zugferd|xrechnung|order-?x|ubl|cii|peppol)\b.*\.xml", re.IGNORECASE)
"""The names that Factur-X, ZUGFeRD, XRechnung, Order-X and UBL prescribe or use for an invoice as data."""


def list_attached(document: Any) -> list[str]:
    """List the names of the files that are attached to an open document."""
    count = min(pdfium_c.FPDFDoc_GetAttachmentCount(document), MAX_ATTACHMENTS)
    return [read_name(pdfium_c.FPDFDoc_GetAttachment(document, index)) for index in range(count)]


def read_name(attachment: Any) -> str:
    """Read the name of an attachment, fit to be shown; "?" without one."""
    size = pdfium_c.FPDFAttachment_GetName(attachment, None, 0)
    buffer = (pdfium_c.FPDF_WCHAR * max(1, min(size, 4096) // 2))()
    pdfium_c.FPDFAttachment_GetName(attachment, buffer, ctypes.sizeof(buffer))
    name = bytes(buffer).decode("utf-16-le", "ignore").split("\0")[0]
    return "".join(letter for letter in name if letter.isprintable())[:MAX_NAME] or "?"


def describe_attachments(names: Sequence[str]) -> list[Message]:
    """Describe attachments: invoices as data, and others by name."""
    invoices = [name for name in names if E_INVOICE.match(name)]
    others = [name for name in names if not E_INVOICE.match(name)]
    notes = [Message("e-invoice-attached", name=invoices[0])] if invoices else []
    if others:
        notes.append(Message("attachments-not-read", files=len(others), names=_shorten(others)))
    return notes


def _shorten(names: Sequence[str]) -> list[str]:
    return list(names) if len(names) <= MAX_NAMES else [*names[:MAX_NAMES], "…"]
