"""What OAuth 2 has in common at every provider: consent pages (RFC 6749 4.1.1 with RFC 7636's S256), the token endpoint
(RFC 6749 4.1.3, 6 and 5.2) and revocation (RFC 7009). What a provider said in an error goes nowhere: neither log nor exception.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from chalicelib.connectors import http
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import App, Grant, GrantEnded, Vendor
from chalicelib.core import clock, log, settings

LONGEST_S = 15.0  # that an answer of a token endpoint is waited for, all attempts to connect together
_ENDING_S = 4.0  # a browser waits, which has waited for the code's exchange before


# Our own registration is refused, whoever the member is. RFC 6749 5.2; Google's for a client that was deleted, and for one that
# it has disabled (https://github.com/openpubkey/opkssh/issues/617); Salesforce's for an id that it does not know, and for a wrong
# secret; HubSpot's own words, beside those of the RFC.
_OF_THE_APP = frozenset(
    {
        "invalid_client",
        "unauthorized_client",
        "deleted_client",
        "disabled_client",
        "invalid_client_id",
        "invalid_client_credentials",
        "BAD_CLIENT_ID",
        "BAD_CLIENT_SECRET",
    }
)


@dataclass(frozen=True)
class Final:
    """What a vendor's refusal to refresh means, where asking again mends nothing; see GrantEnded."""

    reason: str
    forbidden: bool = False


# By the words of a refusal (see `words`), what every vendor may say; each adds its own.
FINAL: Mapping[str, Final] = MappingProxyType({"invalid_grant": Final("grant_ended")})


class AppRefused(ProviderRefused):
    """The provider does not take our own registration (any more)."""


class PlainHttp(RuntimeError):
    """Outside local mode a credential goes over TLS only."""


def secure(url: str) -> str:
    """Return the URL if a credential may be sent there. PlainHttp otherwise."""
    if not url.startswith("https://") and not settings.current().local:
        raise PlainHttp
    return url


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636 4.2): base64url without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def consent_url(base: str, params: Mapping[str, str]) -> str:
    """Return the URL of a consent page. Parameters without a value are left out.

    `base` is the provider's authorization endpoint.
    """
    return f"{base}?{urlencode({name: value for name, value in params.items() if value})}"


def code_request(
    *, client_id: str, state: str, challenge: str, redirect_uri: str, scopes: tuple[str, ...]
) -> dict[str, str]:
    """Return the parameters that every provider wants at its consent page. A vendor adds its own."""
    return {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }


def code_form(code: str, verifier: str, redirect_uri: str) -> dict[str, str]:
    """Return the form that exchanges a code at the token endpoint.

    RFC 6749 4.1.3, and RFC 7636 4.5 if there is a verifier.
    """
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    return {**form, "code_verifier": verifier} if verifier else form


def refresh_form(grant: Grant) -> dict[str, str]:
    """Return the form that refreshes a grant at the token endpoint (RFC 6749 6)."""
    return {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}


def client_form(app: App) -> dict[str, str]:
    """Return our client id and secret, for providers that want them in the form (RFC 6749 2.3.1)."""
    return {"client_id": app.client_id, "client_secret": app.client_secret}


def words(said: Any) -> tuple[str, ...]:
    """Return the words of an error's body by which its vendor's table knows it, the narrowest first: Google's subtype,
    HubSpot's older `status`, RFC 6749's `error`."""
    told = said if isinstance(said, dict) else {}
    found = (told.get(part) for part in ("error_subtype", "status", "error"))
    return tuple(word for word in found if isinstance(word, str))


def token(
    provider: str,
    url: str,
    form: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
    *,
    final: Mapping[str, Final] = FINAL,
    read: Callable[[Any], tuple[str, ...]] = words,
) -> dict[str, Any]:
    """Ask a token endpoint and return its answer, which has an access token.

    It is never asked twice: a code, and often a refresh token, is good for one use. A browser waits for the code's
    exchange, and other workers for a refresh: LONGEST_S at most.

    GrantEnded if one of the words that `read` finds in the refusal of a refresh is in `final`, the vendor's table;
    AppRefused if the app is refused; ProviderRefused, without the answer's text, for every other refusal, also of a code;
    ProviderDown also for an answer without a token.
    """
    secure(url)
    until = clock.monotonic() + LONGEST_S
    try:
        answer = http.call(provider, "POST", url, form=form, headers=headers, repeatable=False, until=until)
    except ProviderRefused as error:
        if form.get("grant_type") == "refresh_token":
            for word in filter(final.__contains__, read(error.answer)):
                raise GrantEnded(final[word].reason, forbidden=final[word].forbidden) from None
        refusal = AppRefused if _of_the_app(error.answer) else ProviderRefused
        raise refusal(provider, error.status) from None
    said = answer.body
    if not isinstance(said, dict) or not isinstance(said.get("access_token"), str) or not said["access_token"]:
        raise ProviderDown(provider)
    return said


def _of_the_app(said: Any) -> bool:
    return isinstance(said, dict) and any(str(said.get(part)) in _OF_THE_APP for part in ("error", "status"))


def grant_of(
    answer: Mapping[str, Any], now: datetime, *, base_url: str = "", account: str = "", address: str = ""
) -> Grant:
    """Return the grant in a token endpoint's answer.

    `base_url`, `account` and `address` are what each provider says in its own way.
    """
    return Grant(
        access_token=answer["access_token"],
        refresh_token=_text(answer.get("refresh_token")),
        expires_at=_end(answer.get("expires_in"), now),
        scopes=tuple(_text(answer.get("scope")).replace(",", " ").split()),
        base_url=base_url,
        account=account,
        address=address,
    )


def revoke(
    provider: str,
    url: str,
    form: Mapping[str, str] | None,
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "POST",
    ended: Callable[[int, Any], bool] | None = None,
    until: float | None = None,
) -> None:
    """Ask the revocation endpoint (RFC 7009) to end a token. `ended(status, said)`: the provider's way to say that the token
    had ended before, by default `invalid_token` or `invalid_grant`. ProviderDown; ProviderRefused without what was said.
    """
    secure(url)
    try:
        http.call(provider, method, url, form=form, headers=headers, repeatable=True, until=until)
    except ProviderRefused as error:
        if not (ended or _had_ended)(error.status, error.answer):
            raise ProviderRefused(provider, error.status) from None


def give_back(vendor: Vendor, app: App, grant: Grant) -> None:
    """End a grant that was just given and is not kept, as far as the provider does so within _ENDING_S: else, by its age."""
    try:
        vendor.revoke(app, grant, until=clock.monotonic() + _ENDING_S)
    except (ProviderDown, ProviderRefused) as failure:
        log.failure("grant_not_given_back", failure, provider=str(vendor.provider))


def _had_ended(_status: int, said: Any) -> bool:
    return isinstance(said, dict) and said.get("error") in ("invalid_token", "invalid_grant")


def _end(seconds: Any, now: datetime) -> datetime | None:
    """When a token ends. Some providers write the number as a text."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | str) or not re.fullmatch("[0-9]{1,9}", str(seconds)):
        return None
    return now + timedelta(seconds=int(seconds))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
