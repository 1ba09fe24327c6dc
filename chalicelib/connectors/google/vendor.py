"""Google, as members connect it: https://developers.google.com/identity/protocols/oauth2/web-server and …/openid-connect."""

import base64
import json
from typing import Any

from chalicelib.connectors import oauth
from chalicelib.connectors.google import gmail, hosts, people
from chalicelib.connectors.http import ProviderDown
from chalicelib.connectors.port import (
    App,
    Grant,
    GrantEnded,
    Mailbox,
    Provider,
    Source,
    Stream,
    Tier,
    TokenSource,
)
from chalicelib.core import clock

SEND = "https://www.googleapis.com/auth/gmail.send"
# https://developers.google.com/identity/protocols/oauth2/web-server (errors) and …/oauth2 (expiration, session control).
_FINAL = {
    **oauth.FINAL,
    "access_denied": oauth.Final("grant_ended"),
    "rapt_required": oauth.Final("sign_in_again"),
    "invalid_rapt": oauth.Final("sign_in_again"),  # the workspace wants its members to sign in from time to time
    "admin_policy_enforced": oauth.Final("admin_forbids", forbidden=True),
    "policy_enforced": oauth.Final("admin_forbids", forbidden=True),  # Advanced Protection, too
    "org_internal": oauth.Final("admin_forbids", forbidden=True),
}
_WHO = ("openid", "email", people.SCOPE)  # the account's id and address; its contacts


class Google:
    """port.Vendor. A tier asks for all that it needs and for no more: a wider one replaces a narrower one, so that the limits
    of gmail.metadata don't stay beside gmail.readonly (hence no include_granted_scopes). `send` and `body` wait for
    what will send mail and read answers; `headers` asks for gmail.send from then on, by a new consent."""

    provider = Provider.GOOGLE
    tiers = (
        Tier("contacts", _WHO, (Stream.CONTACTS,), "Your Google contacts, kept current here."),
        Tier(
            "send",
            (*_WHO, SEND),
            (Stream.CONTACTS,),
            "Also sends the mails that you plan here, from your own address.",
            offered=False,
        ),
        Tier(
            "headers",
            (*_WHO, gmail.METADATA),
            (Stream.CONTACTS, Stream.MAIL),
            "Also reads who wrote to whom and when, never subject or text: it shows whom you know, and how well.",
        ),
        Tier(
            "body",
            (*_WHO, SEND, gmail.READONLY),
            (Stream.CONTACTS, Stream.MAIL),
            "Also reads what an answer to your mails means; in memory, and only its meaning is kept.",
            offered=False,
        ),
    )

    def consent_url(self, app: App, tier: Tier, *, state: str, challenge: str, redirect_uri: str) -> str:
        """See port.Vendor. Google gives a refresh token for access_type=offline, and again only after prompt=consent."""
        params = oauth.code_request(
            client_id=app.client_id, state=state, challenge=challenge, redirect_uri=redirect_uri, scopes=tier.scopes
        )
        return oauth.consent_url(hosts.present().consent, {**params, "access_type": "offline", "prompt": "consent"})

    def exchange(self, app: App, *, code: str, verifier: str, redirect_uri: str) -> Grant:
        """See port.Vendor. The scopes are those that were given, which may be fewer than asked for: members choose one by one."""
        form = {**oauth.code_form(code, verifier, redirect_uri), **oauth.client_form(app)}
        answer = oauth.token(hosts.PROVIDER, hosts.present().token, form)
        account, address = _who(answer.get("id_token"), app.client_id)
        return oauth.grant_of(answer, clock.now(), account=account, address=address)

    def refresh(self, app: App, grant: Grant) -> Grant:
        """See port.Vendor."""
        if not grant.refresh_token:
            raise GrantEnded
        form = {**oauth.refresh_form(grant), **oauth.client_form(app)}
        return oauth.grant_of(oauth.token(hosts.PROVIDER, hosts.present().token, form, final=_FINAL), clock.now())

    def revoke(self, app: App, grant: Grant, until: float | None = None) -> None:  # noqa: ARG002 - Google asks for the token alone
        """See port.Vendor. The refresh token's end is its access tokens' end too."""
        token = grant.refresh_token or grant.access_token
        if token:
            oauth.revoke(hosts.PROVIDER, hosts.present().revoke, {"token": token}, until=until)

    def source(self, stream: Stream, tokens: TokenSource, grant: Grant, until: float | None) -> Source:
        """See port.Vendor. What the grant does not reach answers NotPermitted("scope_missing") when it is read."""
        return {Stream.CONTACTS: people.Contacts}[stream](tokens, grant.scopes, until)

    def mailbox(self, tokens: TokenSource, grant: Grant, until: float | None) -> Mailbox:
        """See port.Vendor."""
        return gmail.Mail(tokens, grant.scopes, until)


def _who(id_token: Any, client_id: str) -> tuple[str, str]:
    """The account's id, which never changes, and its address. The token comes from Google itself over TLS, so that its signature
    need not be looked at (OpenID Connect Core 3.1.3.7, 6); ProviderDown where it is not Google's or not for us. Google gives one
    for the scope `openid`; a server in its place that gives none does not say whose account it is."""
    if id_token is None:
        return "", ""
    claims, issuers = _claims(id_token), hosts.present().issuers
    if claims.get("iss") not in issuers or claims.get("aud") != client_id or not isinstance(claims.get("sub"), str):
        raise ProviderDown(hosts.PROVIDER)
    address = claims.get("email")
    return str(claims["sub"]), address if isinstance(address, str) else ""


def _claims(token: Any) -> dict[str, Any]:
    try:
        payload = str(token).split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


VENDOR = Google()
