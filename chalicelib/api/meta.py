"""What a client needs to start, and what a machine may know: configuration, health, OpenAPI, reference page, robots."""

import json

from chalice import Blueprint

from chalicelib.api.http import Call, Reply, route
from chalicelib.api.page_headers import page_headers
from chalicelib.core import settings
from chalicelib.core.models import Model
from chalicelib.domain.accounts.model import TERMS_VERSION

bp = Blueprint(__name__)
API_VERSION = "1"


class ConfigOut(Model):
    issuer: str
    client_id: str
    audience: str
    api_version: str
    terms_version: str
    privacy_address: str


@route(bp, "GET", "/config", auth="public", answer=ConfigOut)
def read_config(_: Call) -> Reply:
    """Show what a client needs to start: where to sign in, and for which audience."""
    here = settings.current()
    return Reply(
        ConfigOut(
            issuer=here.oidc.issuer,
            client_id=here.oidc.client_id,
            audience=here.oidc.audience,
            api_version=API_VERSION,
            terms_version=TERMS_VERSION,
            privacy_address=here.privacy_address,
        )
    )


@route(bp, "GET", "/health", auth="public")
def read_health(_: Call) -> Reply:
    """Check that the function runs with complete settings. Touches no data."""
    settings.current()
    return Reply({"status": "ok"})


@route(bp, "GET", "/robots.txt", auth="public", produces="text/plain")
def read_robots(_: Call) -> Reply:
    """Tell search engines that nothing here is for them."""
    return Reply("User-agent: *\nDisallow: /\n", headers={"Content-Type": "text/plain; charset=utf-8"})


@route(bp, "GET", "/openapi.json", auth="public")
def read_openapi(_: Call) -> Reply:
    """Describe this interface as OpenAPI 3.1."""
    from chalicelib.api import openapi  # noqa: PLC0415 - cold start

    return Reply(json.dumps(openapi.document()), headers={"Cache-Control": "public, max-age=300"})


@route(bp, "GET", "/docs", auth="public", html=True)
def read_docs(_: Call) -> Reply:
    """Show the reference as a page that needs nothing from elsewhere."""
    from chalicelib.api import docs_page, openapi  # noqa: PLC0415 - cold start

    return Reply(docs_page.render(openapi.document()), headers=page_headers(docs_page.STYLE))
