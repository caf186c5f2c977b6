"""Say what nginx answers by itself: problem documents as the API has them, and pages where people look at screens."""

import json
from dataclasses import dataclass

from sake_ray.errors import Message
from sake_ray.gateway.config import BodyLimits
from sake_ray.schemas.problems import make_problem

RETRY_SECONDS = {429: 2, 502: 3, 503: 3, 504: 5}


@dataclass(frozen=True, slots=True)
class GatewayProblem:
    """An answer of nginx, known by a name; a problem document holds nginx's variables."""

    name: str
    status: int
    text: str


@dataclass(frozen=True, slots=True)
class GatewayNotice:
    """What people see in place of a screen, in both languages: which one is theirs nobody knows here."""

    name: str
    status: int
    english: str
    french: str


NOTICES = (
    GatewayNotice(
        "away",
        503,
        "The service does not answer just now. Nothing is lost; this page goes on by itself as soon as it can.",
        "Le service ne répond pas en ce moment. Rien n’est perdu ; cette page reprend d’elle-même dès que possible.",
    ),
    GatewayNotice(
        "busy",
        429,
        "Too many requests at once. This page goes on by itself in a moment.",
        "Trop de demandes à la fois. Cette page reprend d’elle-même dans un instant.",
    ),
)


def list_problems(bodies: BodyLimits) -> list[GatewayProblem]:
    """List the problem documents: one for each status, and of 413 one for each limit."""
    problems = {
        400: Message("request-not-http"),
        401: Message("authentication-required"),
        403: Message("admin-or-ops-only"),
        404: Message("no-such-address"),
        405: Message("method-not-allowed"),
        414: Message("address-too-long"),
        429: Message("too-many-requests"),
        500: Message("internal-error"),
        502: Message("part-not-answering"),
        503: Message("part-not-answering"),
        504: Message("part-not-answering"),
    }
    sizes = {"sign_in": bodies.sign_in, "upload": bodies.upload, "file": bodies.file, "other": bodies.other}
    return [
        GatewayProblem("foreign", 403, write_problem(403, Message("foreign-origin"))),
        *(
            GatewayProblem(f"problem_{status}", status, write_problem(status, said))
            for status, said in problems.items()
        ),
        *(
            GatewayProblem(
                f"too_large_{name}", 413, write_problem(413, Message("body-too-large", megabytes=size / 1e6))
            )
            for name, size in sizes.items()
        ),
    ]


def write_problem(status: int, message: Message) -> str:
    """Write a problem document for nginx to fill in."""
    members = make_problem(status, message, instance="$instance", request_id="$sent_id", trace_id="$trace_id")
    return json.dumps(members, ensure_ascii=False)
