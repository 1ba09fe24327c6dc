"""How much the caller has of its own."""

from dataclasses import asdict

from chalice import Blueprint

from chalicelib.api.http import Call, Reply, route
from chalicelib.core.models import Model

bp = Blueprint(__name__)


class CountsOut(Model):
    """Of your own; what colleagues share is not counted. `restricted`: contacts whose person wants no more than that they are
    kept, which `contacts` counts too."""

    companies: int
    clients: int
    prospects: int
    contacts: int
    restricted: int


@route(bp, "GET", "/v1/counts", answer=CountsOut)
def show_counts(call: Call) -> Reply:
    """Count your companies, by their tags, and your contacts."""
    from chalicelib.domain.contacts import counts  # noqa: PLC0415 - cold start

    return Reply(asdict(counts.counts(call.actor)))
