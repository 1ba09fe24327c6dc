"""HubSpot as members connect it: consent and tokens.

https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/oauth/working-with-oauth (consent),
…/docs/api-reference/2026-03/authentication/manage-oauth-tokens and …/authentication/oauth-tokens/{refresh-oauth-token,
token-introspect,revoke-token}: everything goes in the body. The v1 endpoints, which have tokens in their paths, end on
16 February 2027 (…/docs/api-reference/legacy/authentication/oauth-tokens/v1/migration-guide). Access tokens live 30 minutes.
"""

from dataclasses import replace
from typing import Any

from chalicelib.connectors import http, oauth
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.hubspot import rest
from chalicelib.connectors.port import App, Grant, GrantEnded, Mailbox, Provider, Source, Stream, Tier, TokenSource
from chalicelib.core import clock

SCOPES = ("oauth", "crm.objects.contacts.read", "crm.objects.companies.read")
# HubSpot's older words, beside those of RFC 6749; an app that was uninstalled has no refresh token either.
_FINAL = {
    **oauth.FINAL,
    "BAD_REFRESH_TOKEN": oauth.Final("grant_ended"),
    "INVALID_REFRESH_TOKEN": oauth.Final("grant_ended"),
}
_NOT_FOUND = 404
_ACCOUNT_S = 8.0  # a browser waits for it


class HubSpot:
    """port.Vendor. A code challenge is always sent: the token endpoint takes its verifier."""

    provider = Provider.HUBSPOT
    tiers: tuple[Tier, ...] = (
        Tier(
            "contacts",
            SCOPES,
            (Stream.COMPANIES, Stream.CONTACTS),
            "Reads your contacts and companies, to match them: names, e-mail addresses, titles, opt-outs. Nothing else.",
        ),
    )

    def consent_url(self, app: App, tier: Tier, *, state: str, challenge: str, redirect_uri: str) -> str:
        """See port.Vendor."""
        params = oauth.code_request(
            client_id=app.client_id, state=state, challenge=challenge, redirect_uri=redirect_uri, scopes=tier.scopes
        )
        return oauth.consent_url(rest.consent_url(), params)

    def exchange(self, app: App, *, code: str, verifier: str, redirect_uri: str) -> Grant:
        """See port.Vendor. The account is a user of a HubSpot account: two users of one may see different records."""
        form = {**oauth.code_form(code, verifier, redirect_uri), **oauth.client_form(app)}
        answer = oauth.token(self.provider, _at("token"), form)
        told = {**answer, **_about(app, answer["access_token"])}
        hub, user, address = str(told.get("hub_id")), str(told.get("user_id")), told.get("user")
        if not hub.isdigit() or not user.isdigit():
            oauth.give_back(self, app, oauth.grant_of(answer, clock.now()))
            raise rest.Unreadable
        return replace(_grant(answer), account=f"{hub}-{user}", address=address if isinstance(address, str) else "")

    def refresh(self, app: App, grant: Grant) -> Grant:
        """See port.Vendor."""
        if not grant.refresh_token:
            raise GrantEnded
        form = {**oauth.refresh_form(grant), **oauth.client_form(app)}
        return _grant(oauth.token(self.provider, _at("token"), form, final=_FINAL))

    def revoke(self, app: App, grant: Grant, until: float | None = None) -> None:
        """See port.Vendor. Ends the refresh token; HubSpot does not say that the last access token ends with it, which lives
        30 minutes at most. The app stays installed there: its removal would end the grants of other users too."""
        if not grant.refresh_token:
            return
        form = {"token": grant.refresh_token, "token_type_hint": "refresh_token", **oauth.client_form(app)}
        oauth.revoke(self.provider, _at("token/revoke"), form, ended=_had_ended, until=until)

    def source(self, stream: Stream, tokens: TokenSource, grant: Grant, until: float | None) -> Source:  # noqa: ARG002
        """See port.Vendor. What the grant does not reach answers NotPermitted("scope_missing") when it is read."""
        from chalicelib.connectors.hubspot import people  # noqa: PLC0415 - cold start

        return people.Records(rest.Portal(tokens, until), people.TABLES[stream])

    def mailbox(self, tokens: TokenSource, grant: Grant, until: float | None) -> Mailbox:  # noqa: ARG002 - the port's
        """Raise KeyError: HubSpot has no mailbox."""
        raise KeyError(Stream.MAIL)


def _at(endpoint: str) -> str:
    return f"{rest.api_url()}/oauth/{rest.VERSION}/{endpoint}"


def _about(app: App, token: str) -> dict[str, Any]:
    """Whose token it is. Empty where HubSpot does not say: the code is spent, and the token's answer has the ids too."""
    form = {"token": token, "token_type_hint": "access_token", **oauth.client_form(app)}
    until = clock.monotonic() + _ACCOUNT_S
    try:
        said = http.call(
            Provider.HUBSPOT, "POST", _at("token/introspect"), form=form, repeatable=True, until=until
        ).body
    except (ProviderDown, ProviderRefused):
        return {}
    known = said if isinstance(said, dict) and said.get("active") is True else {}
    return {name: known[name] for name in ("hub_id", "user_id", "user") if known.get(name)}


def _grant(answer: dict[str, Any]) -> Grant:
    scopes = answer.get("scopes")  # a list of them, where others have a text in `scope`
    given = oauth.grant_of(answer, clock.now())
    if isinstance(scopes, list) and all(isinstance(each, str) for each in scopes):
        return replace(given, scopes=tuple(scopes))
    return given


def _had_ended(status: int, said: Any) -> bool:
    return status == _NOT_FOUND or any(word in _FINAL or word == "invalid_token" for word in oauth.words(said))


VENDOR = HubSpot()
