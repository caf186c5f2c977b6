"""Ask a server by HTTP whether it is there, and what time it has."""

import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from sake_ray.cli.doctor_findings import Finding, ok, problem, warning

SECONDS = 5.0
FAR_SECONDS, WRONG_SECONDS = 3.0, 30.0
"""A Date header is exact to a second; codes of a second factor bear half a minute."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a server answered: the status, the body, and how many seconds its clock is ahead, if it says."""

    status: int
    text: str
    seconds_ahead: float | None


def ask(url: str, *, verify: bool = True, headers: dict[str, str] | None = None) -> HttpAnswer | str:
    """Ask a server; where none answers, return why, without what the address may hold of secrets."""
    try:
        with httpx.Client(timeout=SECONDS, verify=verify, follow_redirects=False) as client:
            asked = datetime.now(UTC)
            response = client.get(url, headers=headers)
            middle = asked + (datetime.now(UTC) - asked) / 2
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return describe_failure(error)
    return HttpAnswer(response.status_code, response.text, _compare(response.headers.get("date"), middle))


def reach(host: str, port: int) -> str:
    """Connect to a port and hang up; return why that failed, empty when it did not."""
    try:
        with socket.create_connection((host, port), SECONDS):
            return ""
    except OSError as error:
        return describe_failure(error)


def describe_clock(whose: str, seconds_ahead: float) -> Finding:
    """Judge how far another clock is from ours."""
    seconds, way = abs(seconds_ahead), "ahead of" if seconds_ahead > 0 else "behind"
    if seconds < FAR_SECONDS:
        return ok("clocks", f"The clock of {whose} is that of this machine.")
    sentence = f"The clock of {whose} is {seconds:,.0f} s {way} that of this machine."
    make = problem if seconds > WRONG_SECONDS else warning
    return make("clocks", sentence, "Set both by NTP: `timedatectl set-ntp true`, or the package chrony.")


def hide_secrets(url: str) -> str:
    """The address without name, password and query."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def describe_failure(error: Exception) -> str:
    """Say why a server could not be asked, in words of ours."""
    match error:
        case httpx.TimeoutException() | TimeoutError():
            return f"it does not answer within {SECONDS:g} s"
        case httpx.ConnectError() if "certificate" in str(error).lower():
            return "its certificate is not trusted"
        case httpx.ConnectError() | ConnectionRefusedError():
            return "it cannot be reached"
        case socket.gaierror():
            return "its name is not known"
        case httpx.HTTPError():
            return "it does not speak HTTP as it should"
        case OSError():
            return error.strerror or "it cannot be reached"
    return "its address is not valid"


def _compare(date: str | None, now: datetime) -> float | None:
    try:
        theirs = parsedate_to_datetime(date or "").astimezone(UTC)
    except (ValueError, TypeError):
        return None
    # The header leaves the part of the second out.
    return (theirs - now).total_seconds() + 0.5
