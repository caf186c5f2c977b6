"""The pages for people who write programs: Swagger UI, and the explanation of every error; nothing is from another host."""

from importlib.resources import files

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from sake_ray.errors.page import to_html
from sake_ray.serve.guarded_route import GuardedRoute

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A password is typed beside these scripts: scripts and styles are from the files of Swagger UI only."""
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>sake_ray</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
"""
START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset],
  layout: "BaseLayout",
  deepLinking: true,
  validatorUrl: null,
});
"""
TYPES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}


@router.get("/docs")
async def show_docs() -> HTMLResponse:
    """Show the page that Swagger UI draws."""
    return HTMLResponse(PAGE, headers=HEADERS)


@router.get("/docs/errors")
async def explain_errors() -> HTMLResponse:
    """Explain every code: the types of problems lead here."""
    return HTMLResponse(to_html(), headers=HEADERS)


@router.get("/docs/start.js")
async def start_docs() -> Response:
    """Send the few lines that start Swagger UI: the policy allows no script within the page."""
    return Response(START, media_type="text/javascript")


@router.get("/docs/{name}")
def send_docs_file(name: str) -> Response:
    """Send a file of Swagger UI, as the package fastapi-swagger ships it."""
    if name not in TYPES:
        raise HTTPException(404)
    data = (files("fastapi_swagger") / "resources" / name).read_bytes()
    return Response(data, media_type=TYPES[name], headers={"Cache-Control": "max-age=3600"})
