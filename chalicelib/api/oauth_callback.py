"""Connecting an account: where to consent, and where the provider sends the browser back to."""

from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import Field

from chalicelib.api.html import language, page, paged
from chalicelib.api.http import Call, Reply, route
from chalicelib.api.redirects import back, with_word
from chalicelib.core import settings
from chalicelib.core.codes import Code
from chalicelib.core.languages import OF_MEMBERS
from chalicelib.core.models import Input, Model, Omittable
from chalicelib.core.written import ONE_LINE

if TYPE_CHECKING:
    from chalicelib.domain.connections.oauth_flow import ConsentResult

bp = Blueprint(__name__)
# How our own page tells of a failure, and its status; a word that is not here is the provider's no.
_FAILED = {
    "access_denied": ("consent_denied", 403),
    "unavailable": ("consent_unavailable", 503),
    "not_permitted": ("consent_not_permitted", 403),
    "still_disconnecting": ("consent_ending", 409),
    "account_unknown": ("consent_account_unknown", 503),
}


class AuthorizeIn(Input):
    """`tier`: one of those that GET /v1/providers lists, by default the first. `return_to`: where the browser goes after the
    consent, with `connection` or `error` in its query; https, and on a host that the operator allows; by default our own page.
    `login`: where a Salesforce user signs in, if not at login.salesforce.com: `sandbox`, or the host of the org's My Domain,
    such as acme.my.salesforce.com. Salesforce's clouds for the US Department of Defense (.mil) and for China are not offered.

    Whoever opens the address consents in the name of the member who asked for it. Our own page names that member and says how to
    undo it; a page at `return_to` should too: a `connection` that its member does not see was begun by somebody else."""

    tier: Omittable[Annotated[str, Field(max_length=40), ONE_LINE]] = None
    return_to: Omittable[Annotated[str, Field(max_length=1000), ONE_LINE]] = None
    login: Omittable[Annotated[str, Field(min_length=1, max_length=200), ONE_LINE]] = None


class AuthorizeOut(Model):
    """Open `url` in a browser within ten minutes; it is good once."""

    url: str


@route(
    bp,
    "POST",
    "/v1/providers/{provider}/authorize",
    status=201,
    body=AuthorizeIn,
    answer=AuthorizeOut,
    refuses=(Code.NOT_CONNECTABLE, Code.NOT_OFFERED, Code.PROVIDER_NOT_REGISTERED),
)
def authorize(call: Call) -> Reply:
    """Start connecting an account, or consenting again; returns the URL where the member consents."""
    from chalicelib.domain.connections import oauth_flow  # noqa: PLC0415 - cold start

    return_to = back(call.body.return_to, "")
    asked = call.body
    url = oauth_flow.begin(call.actor, call.path["provider"], asked.tier, return_to, asked.login)
    return Reply(AuthorizeOut(url=url))


class CallbackQuery(Input):
    """What a provider sends the browser back with (RFC 6749 4.1.2); it may send more, which is not read."""

    state: Annotated[str, ONE_LINE] = ""
    code: Annotated[str, ONE_LINE] = ""
    error: Annotated[str, ONE_LINE] = ""


@route(
    bp,
    "GET",
    "/oauth/{provider}/callback",
    auth="public",
    html=True,
    refuses=(Code.CONSENT_UNKNOWN, Code.CONFLICT, Code.ACCOUNT_UNKNOWN, Code.STILL_DISCONNECTING),
    query=CallbackQuery,
    empty=(303,),
)
@paged
def complete_consent(call: Call) -> Reply:
    """Receive the browser back from a provider; connect the account, or say why not."""
    from chalicelib.domain.connections import oauth_flow  # noqa: PLC0415 - cold start

    sent = call.raw_query
    try:
        outcome = oauth_flow.complete(
            call.path["provider"], state=sent.get("state", ""), code=sent.get("code", ""), error=sent.get("error", "")
        )
    except oauth_flow.ConsentUnknown:
        return page("consent_gone", language(call, ours=OF_MEMBERS), 410)
    if outcome.return_to:
        word = ("error", outcome.failure) if outcome.failure else ("connection", outcome.connection)
        return Reply(status=303, headers={"Location": with_word(outcome.return_to, *word)})
    return _own_page(outcome, language(call, outcome.language, OF_MEMBERS))


def _own_page(outcome: "ConsentResult", spoken: str) -> Reply:
    from chalicelib.texts import render  # noqa: PLC0415 - cold start

    if outcome.failure:
        name, status = _FAILED.get(outcome.failure, ("consent_failed", 400))
        return page(name, spoken, status)
    return page(
        "connected",
        spoken,
        provider=render.provider(outcome.provider, spoken),
        account=outcome.account,
        member=outcome.member,
        workspace=outcome.workspace,
        privacy_address=settings.current().privacy_address,
        app_url=settings.current().app_url,
    )
