"""Salesforce as members connect it: consent, tokens, and where an account's org is.

https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm (with PKCE),
…?id=xcloud.remoteaccess_oauth_refresh_token_flow.htm (which may rotate the refresh token),
…?id=xcloud.remoteaccess_revoke_token.htm and …?id=xcloud.remoteaccess_using_openid.htm (the identity URL).
Access tokens have no date of expiry: they hold until refused.
"""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from chalicelib.connectors import oauth
from chalicelib.connectors.http import ProviderRefused
from chalicelib.connectors.port import App, Grant, Mailbox, NoLogin, Provider, Source, Stream, Tier, TokenSource
from chalicelib.core import clock, settings

_LOGIN, _SANDBOX = "https://login.salesforce.com", "https://test.salesforce.com"
# https://help.salesforce.com/s/articleView?id=xcloud.domain_name_url_formats.htm: an org's login is NAME.my.salesforce.com, or
# has the kind of org (sandbox, develop, scratch, …) before `my`.
_NAME = r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?"
_MY_DOMAIN = re.compile(rf"{_NAME}(?:\.[a-z]{{1,20}})?\.my\.salesforce\.com")
# Clouds of their own, where our app is not registered: Government Cloud Plus - Defense, and Salesforce on Alibaba Cloud in China.
_OTHER_CLOUDS = re.compile(r"(?:.+\.)?(?:salesforce\.mil|force\.mil|sfcrmproducts\.cn|sfcrmapps\.cn)")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.(?:salesforce|force)\.com")  # of every org, sandboxes too
# …?id=xcloud.remoteaccess_oauth_flow_errors.htm. A user or org may become active again, an app may be approved.
_FINAL = {
    **oauth.FINAL,
    "access_denied": oauth.Final("grant_ended"),
    "inactive_user": oauth.Final("account_inactive", forbidden=True),
    "inactive_org": oauth.Final("account_inactive", forbidden=True),
    "invalid_app_access": oauth.Final("admin_forbids", forbidden=True),
}
_IDENTITY = re.compile(r"/id/([A-Za-z0-9]{15,18}/[A-Za-z0-9]{15,18})")


class ForeignInstance(ProviderRefused):
    """A token's answer names an instance that is not Salesforce's: no token is ever sent there."""

    def __init__(self) -> None:
        super().__init__(Provider.SALESFORCE, 200)


class Salesforce:
    """The vendor; see connectors.port."""

    provider = Provider.SALESFORCE
    tiers: tuple[Tier, ...] = (
        Tier(
            "contacts",
            ("api", "refresh_token"),
            (Stream.COMPANIES, Stream.CONTACTS),
            "Reads your contacts and accounts, to match them: names, e-mail addresses, titles and opt-outs. Nothing else.",
        ),
    )

    def consent_url(self, app: App, tier: Tier, *, state: str, challenge: str, redirect_uri: str) -> str:
        params = oauth.code_request(
            client_id=app.client_id, state=state, challenge=challenge, redirect_uri=redirect_uri, scopes=tier.scopes
        )
        return oauth.consent_url(_at("authorize", app.login), params)

    def exchange(self, app: App, *, code: str, verifier: str, redirect_uri: str) -> Grant:
        form = {**oauth.code_form(code, verifier, redirect_uri), **oauth.client_form(app)}
        answer = oauth.token(self.provider, _at("token", app.login), form)
        try:
            return replace(_grant(answer), login=app.login)
        except ForeignInstance:
            oauth.give_back(self, app, replace(oauth.grant_of(answer, clock.now()), login=app.login))
            raise

    def refresh(self, app: App, grant: Grant) -> Grant:
        form = {**oauth.refresh_form(grant), **oauth.client_form(app)}
        answer = oauth.token(self.provider, _at("token", grant.login), form, final=_FINAL)
        return replace(_grant(answer), login=grant.login)

    def revoke(self, app: App, grant: Grant, until: float | None = None) -> None:  # noqa: ARG002 - the port's; a token is enough here
        # A refresh token takes every access token with it.
        token = grant.refresh_token or grant.access_token
        oauth.revoke(self.provider, _at("revoke", grant.login), {"token": token}, until=until)

    def source(self, stream: Stream, tokens: TokenSource, grant: Grant, until: float | None) -> Source:
        from chalicelib.connectors.salesforce import fields, people  # noqa: PLC0415 - cold start
        from chalicelib.connectors.salesforce.rest import Org  # noqa: PLC0415 - cold start

        org = Org(_instance(grant.base_url), tokens, until, people.QUERY_S)
        return people.Records(org, fields.TABLES[stream])

    def mailbox(self, tokens: TokenSource, grant: Grant, until: float | None) -> Mailbox:  # noqa: ARG002 - the port's
        raise KeyError(Stream.MAIL)


def login_of(told: str) -> str:
    """Return the address where the users of an org sign in: told as `sandbox`, or as the host or address of its My Domain.

    NoLogin where that is no host of Salesforce's, or one of a cloud that is not offered.
    """
    host = told.strip().lower().removeprefix("https://").removesuffix("/")
    if host == "sandbox":
        return _SANDBOX
    if not _MY_DOMAIN.fullmatch(host):
        raise NoLogin(known=_OTHER_CLOUDS.fullmatch(host) is not None)
    return f"https://{host}"


def _at(endpoint: str, login: str) -> str:
    return f"{_configured() or login or _LOGIN}/services/oauth2/{endpoint}"


def _configured() -> str:
    base = settings.current().connectors.salesforce_url.rstrip("/")
    return oauth.secure(base) if base else ""


def _grant(answer: dict[str, Any]) -> Grant:
    """ForeignInstance."""
    identity = _IDENTITY.search(urlsplit(str(answer.get("id") or "")).path)
    grant = oauth.grant_of(answer, clock.now(), account=identity[1] if identity else "")
    return replace(grant, base_url=_instance(str(answer.get("instance_url") or "")))


def _instance(url: str) -> str:
    """The address of an org, where it is one: Salesforce's own over TLS, or the one that the operator configured."""
    configured = _configured()
    if configured and (settings.current().local or url == configured):
        if url != configured:
            raise ForeignInstance
        return url
    scheme, _, host = url.removesuffix("/").partition("://")
    if scheme != "https" or not _HOST.fullmatch(host):
        raise ForeignInstance
    return f"https://{host}"


VENDOR = Salesforce()
