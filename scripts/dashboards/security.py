"""Security: who is refused, what is uploaded that should not be, and whether the walls stand."""

from scripts.dashboards.model import BAD, GOOD, MIDDLING, Dashboard, Row
from scripts.dashboards.panels import YES_OR_NO, bars, counted, newest, per_hour, series, stat, states

REFUSED = stat(
    "Sign-ins refused",
    "In the last hour. Dozens are a person who forgot a password; hundreds are somebody who guesses: see the audit log.",
    counted("ray_sake_sign_ins_total", labels='outcome="refused"', over="1h"),
    steps=((30, MIDDLING), (200, BAD)),
)
SIGN_INS = Row(
    "Who is refused?",
    (
        REFUSED,
        stat(
            "Uploads refused",
            "Files and requests refused in the last hour: beyond a limit, or of a kind that is not taken.",
            counted("ray_sake_uploads_refused_total", over="1h"),
            steps=((100, MIDDLING), (1000, BAD)),
        ),
        stat(
            "Refused for their number",
            "Requests in the last hour that nginx refused, because one peer sent too many or held too many connections.",
            counted("sake_gateway_refused_total", over="1h"),
            steps=((100, MIDDLING), (5000, BAD)),
        ),
        stat(
            "Hidden text",
            "Documents in the time shown with text that nobody sees, which was ignored: somebody may try to deceive the model.",
            counted("ray_sake_documents_noted_total", labels='note="hidden-text-ignored"'),
            steps=((10, MIDDLING), (100, BAD)),
        ),
        stat(
            "Certificate",
            "Until the gateway's certificate ends.",
            "min(sake_certificate_days_left) * 86400",
            "s",
            steps=((7 * 86400, MIDDLING), (14 * 86400, GOOD)),
            empty="No gateway",
        ),
        stat(
            "Oldest document",
            "The age of the oldest document that is kept. It should not be above the longest time that Settings names.",
            newest("ray_sake_documents_oldest_seconds"),
            "s",
            is_neutral=True,
        ),
        series(
            "Sign-ins, per hour",
            "By how they ended: `refused` by us, `failed` through a fault of the service.",
            (per_hour("ray_sake_sign_ins_total", "outcome"), "{{outcome}}"),
            is_neutral=True,
            empty="Nobody has signed in yet",
        ),
        bars(
            "Why sign-ins are refused",
            "In the time shown, by the code of the reason; docs/errors.md explains each.",
            counted("ray_sake_sign_ins_refused_total", "reason"),
            "{{reason}}",
            is_neutral=True,
            empty="None",
            width=6,
        ),
        bars(
            "Why uploads are refused",
            "In the time shown, by the code of the reason; docs/errors.md explains each.",
            counted("ray_sake_uploads_refused_total", "reason"),
            "{{reason}}",
            is_neutral=True,
            empty="None",
            width=6,
        ),
        series(
            "What the gateway refuses, per hour",
            "Requests that were answered with 4xx, all of them, and those refused for too many requests or connections.",
            (per_hour("sake_gateway_requests_total", labels='status="4xx"'), "4xx"),
            (per_hour("sake_gateway_refused_total", "limit"), "too many {{limit}}"),
            is_neutral=True,
        ),
        series(
            "Open connections of the gateway",
            "Of one peer 400 are allowed. Many that write nothing are somebody who holds them open.",
            ("sum by (state) (sake_gateway_connections)", "{{state}}"),
            is_neutral=True,
            empty="No gateway: sake up --gateway",
        ),
    ),
)
WALLS = Row(
    "Do the walls stand?",
    (
        states(
            "Is the process that decodes confined?",
            "Each layer of the confinement, on the node where it is weakest. `No` is a machine that does not allow it (docs/security.md).",
            ("min by (layer) (ray_sake_reader_confined)", "{{layer}}"),
            names=YES_OR_NO,
        ),
        series(
            "Erased documents, per hour",
            "By why: from the bin, or by their age.",
            (per_hour("ray_sake_documents_erased_total", "cause"), "{{cause}}"),
            is_neutral=True,
            empty="None was erased",
            height=6,
        ),
    ),
)
SECURITY = Dashboard(
    "sake-security",
    "sake_ray: Security",
    "Who is refused and why, what is uploaded that should not be, and whether the walls stand. Who did what: the audit log.",
    (SIGN_INS, WALLS),
    links=(("Audit log", "${sake}/admin-ui/audit"),),
)
