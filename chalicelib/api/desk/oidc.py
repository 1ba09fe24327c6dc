"""The code flow of OpenID Connect with PKCE (Core 3.1, RFC 7636) at the officers' identity provider."""

import hmac
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from chalicelib.api import identity
from chalicelib.api.identity import Rejected
from chalicelib.connectors import oauth
from chalicelib.connectors.http import ProviderRefused
from chalicelib.core import ids, log, settings

PROVIDER = "officers_identity_provider"
_SCOPES = ("openid", "email")


def begin() -> tuple[str, dict[str, str]]:
    """Return where the browser signs in, and what is to be kept in its cookie until it comes back."""
    kept = {"state": ids.secret(), "nonce": ids.secret(), "verifier": ids.secret()}
    params = oauth.code_request(
        client_id=client(),
        state=kept["state"],
        challenge=oauth.challenge_of(kept["verifier"]),
        redirect_uri=redirect_uri(),
        scopes=_SCOPES,
    )
    page = urlsplit(oauth.secure(settings.current().oidc.officer_authorize_url))
    base = urlunsplit(page._replace(query=""))
    return oauth.consent_url(base, {**dict(parse_qsl(page.query)), **params, "nonce": kept["nonce"]}), kept


def is_answer_to(kept: dict[str, Any], state: str) -> bool:
    """Return whether the browser that came back is the one that was sent."""
    return hmac.compare_digest(str(kept["state"]).encode(), state.encode())


def exchange(kept: dict[str, Any], code: str) -> dict[str, Any]:
    """Return the claims of the officer for whom the provider gave this code.

    The ID token says who signed in here just now. Whether that is an officer says a token of the officer's audience, as for a
    bearer: the same one, or the access token. Rejected where it is nobody's of ours; Unavailable.
    """
    here = settings.current().oidc
    try:
        form = {**oauth.code_form(code, kept["verifier"], redirect_uri()), "client_id": client()}
        told = oauth.token(PROVIDER, here.officer_token_url, form)
    except ProviderRefused as error:
        log.failure("officer_sign_in_failed", error)
        raise Rejected from None
    signed_in = identity.verify(str(told.get("id_token") or ""), [client()])
    if not hmac.compare_digest(str(signed_in.get("nonce", "")).encode(), str(kept["nonce"]).encode()):
        raise Rejected
    named = signed_in["aud"] if isinstance(signed_in["aud"], list) else [signed_in["aud"]]
    if here.officer_audience not in named:
        allowed = identity.verify(str(told["access_token"]), [here.officer_audience])
        if allowed["sub"] != signed_in["sub"]:
            raise Rejected
    return signed_in


def client() -> str:
    """Return the client id of the desk."""
    here = settings.current().oidc
    return here.officer_client_id or here.officer_audience


def redirect_uri() -> str:
    """Return where the provider sends the browser back to; the operator registers it there."""
    return f"{settings.current().public_url}/officer/callback"
