"""What each provider allows here, and what it does not allow and why. The same for everybody: it is stated in the code."""

from typing import TYPE_CHECKING

from chalice import Blueprint

from chalicelib.api import pagination
from chalicelib.api.http import Call, Reply, route
from chalicelib.core.models import Model

if TYPE_CHECKING:
    from chalicelib.connectors.port import Provider

bp = Blueprint(__name__)


class TierOut(Model):
    """One choice of what a connection may do: `scopes` is all that is asked for, `streams` what is read with them."""

    name: str
    purpose: str
    scopes: list[str]
    streams: list[str]


class PermitOut(Model):
    """Something that is there: connect, contacts, mail, messages, file_import."""

    capability: str
    how: str


class ForbidOut(Model):
    """Something that is not there, why, and the provider's own page on it. Nothing is ever published on a wall or timeline."""

    capability: str
    why: str
    source: str


class FieldOut(Model):
    """A field that is read, as `object.field` by the provider's names, and what for. No other is asked for."""

    name: str
    purpose: str


class ProviderOut(Model):
    """`connectable`: POST /v1/providers/{provider}/authorize takes it, with one of `tiers`; the first is the default."""

    provider: str
    connectable: bool
    tiers: list[TierOut]
    permits: list[PermitOut]
    forbids: list[ForbidOut]
    fields: list[FieldOut]


class ProvidersOut(Model):
    items: list[ProviderOut]
    next_cursor: str | None


@route(bp, "GET", "/v1/providers", query=pagination.ListQuery, answer=ProvidersOut)
def list_providers(call: Call) -> Reply:
    """List what each provider allows here, and what it does not allow and why."""
    from chalicelib.connectors.port import Provider  # noqa: PLC0415 - cold start

    first = int(pagination.position(call.actor, "providers", call.query.cursor).get("first", "0"))
    end = first + call.query.limit
    items = [_shown(provider) for provider in list(Provider)[first:end]]
    behind = {"first": str(end)} if end < len(Provider) else None
    return Reply(ProvidersOut(items=items, next_cursor=pagination.cursor(call.actor, "providers", behind)))


def _shown(provider: "Provider") -> ProviderOut:
    from chalicelib.connectors import vendors  # noqa: PLC0415 - cold start
    from chalicelib.connectors.social.port import STATED  # noqa: PLC0415

    connectable, stated = provider in vendors.CONNECTABLE, STATED[provider]
    return ProviderOut(
        provider=provider,
        connectable=connectable,
        tiers=[
            TierOut(
                name=tier.name, purpose=tier.purpose, scopes=list(tier.scopes), streams=[str(s) for s in tier.streams]
            )
            for tier in (vendors.offered(provider) if connectable else ())
        ],
        permits=[PermitOut(capability=each.capability, how=each.how) for each in stated.permits],
        forbids=[ForbidOut(capability=each.capability, why=each.why, source=each.source) for each in stated.forbids],
        fields=[FieldOut(name=name, purpose=purpose) for name, purpose in vendors.fields(provider).items()],
    )
