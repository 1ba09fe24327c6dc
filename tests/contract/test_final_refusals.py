"""Which refusals to refresh are final, by what each vendor writes; and what they mean, in both languages."""

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug import Request, Response

from chalicelib.connectors import vendors
from chalicelib.connectors.http import ProviderRefused
from chalicelib.connectors.oauth import AppRefused
from chalicelib.connectors.port import App, Grant, GrantEnded, Provider
from chalicelib.core import settings
from chalicelib.core.stream_codes import StreamReason
from chalicelib.texts import catalogues, render
from infra.local.cloud import Cloud
from infra.loopback import Server
from infra.simulators.replies import reply

GONE = "Value passed for the token was invalid."
ENDED = {"error": "invalid_grant", "error_description": "token revoked"}
FINAL = [
    *((provider, ENDED, "grant_ended", False) for provider in ("google", "salesforce", "hubspot", "linkedin", "x")),
    ("google", {**ENDED, "error_subtype": "invalid_rapt"}, "sign_in_again", False),
    ("google", {**ENDED, "error_subtype": "rapt_required"}, "sign_in_again", False),
    *(("google", {"error": word}, "admin_forbids", True) for word in ("admin_policy_enforced", "policy_enforced")),
    ("google", {"error": "org_internal"}, "admin_forbids", True),
    *((provider, {"error": "access_denied"}, "grant_ended", False) for provider in ("google", "salesforce")),
    *(("salesforce", {"error": word}, "account_inactive", True) for word in ("inactive_org", "inactive_user")),
    ("salesforce", {"error": "invalid_app_access"}, "admin_forbids", True),
    ("hubspot", {"status": "INVALID_REFRESH_TOKEN", "message": "unknown refresh token"}, "grant_ended", False),
    ("hubspot", {"status": "BAD_REFRESH_TOKEN", "message": "missing or invalid refresh token"}, "grant_ended", False),
    ("hubspot", {"error": "invalid_grant", "status": "BAD_REFRESH_TOKEN"}, "grant_ended", False),
    ("x", {"error": "invalid_request", "error_description": GONE}, "grant_ended", False),
]
NOT_FINAL = [
    ("google", {"error": "temporarily_unavailable"}),
    ("google", {"error": "inactive_org"}),  # another vendor's word
    ("salesforce", {"error": "invalid_request", "error_description": GONE}),
    ("hubspot", {"status": 400, "message": "missing or invalid refresh token"}),
    ("linkedin", {"error": "invalid_request", "error_description": "a required parameter is missing"}),
    ("x", {"error": "invalid_request", "error_description": "Missing required parameter [refresh_token]."}),
    ("x", ["invalid_grant"]),
]


# Of these no member's connection ends: the operator's alarm goes, and all are read again once that is mended.
OF_THE_APP = [
    *((provider, {"error": "invalid_client"}) for provider in ("google", "salesforce", "hubspot", "linkedin", "x")),
    ("google", {"error": "deleted_client", "error_description": "The OAuth client was deleted."}),
    ("google", {"error": "disabled_client", "error_description": "The OAuth client was disabled."}),
    ("google", {"error": "unauthorized_client"}),
    ("salesforce", {"error": "invalid_client_id", "error_description": "client identifier invalid"}),
    ("salesforce", {"error": "invalid_client_credentials", "error_description": "client secret invalid"}),
    ("hubspot", {"status": "BAD_CLIENT_ID", "message": "missing or unknown client id"}),
    ("hubspot", {"status": "BAD_CLIENT_SECRET", "message": "missing or invalid client secret"}),
]


@pytest.fixture
def said(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, provider: str) -> Iterator[list[Any]]:
    """What the vendor's token endpoint answers, all else aside."""
    told: list[Any] = []
    server = Server(Request.application(lambda _: _refusal(told)))
    monkeypatch.setenv(f"IKO_CONNECTORS_{provider.upper()}_URL", server.url)
    settings.current.cache_clear()
    yield told
    server.stop()
    settings.current.cache_clear()


def _refusal(told: list[Any]) -> Response:
    return reply(400, told[-1])


def refresh(provider: str) -> None:
    vendors.of(Provider(provider)).refresh(App("id", "secret"), Grant("a", "r", base_url=""))


@pytest.mark.parametrize(("provider", "body", "reason", "forbidden"), FINAL)
def test_a_vendor_s_table_says_which_refusals_are_final(
    said: list[Any], provider: str, body: dict[str, str], reason: str, forbidden: bool
) -> None:
    said.append(body)
    with pytest.raises(GrantEnded) as ended:
        refresh(provider)
    assert (ended.value.reason, ended.value.forbidden) == (reason, forbidden)


@pytest.mark.parametrize(("provider", "body"), NOT_FINAL)
def test_other_words_end_nothing(said: list[Any], provider: str, body: Any) -> None:
    said.append(body)
    with pytest.raises(ProviderRefused):
        refresh(provider)


@pytest.mark.parametrize(("provider", "body"), OF_THE_APP)
def test_a_refusal_of_our_registration_is_no_member_s(said: list[Any], provider: str, body: Any) -> None:
    said.append(body)
    with pytest.raises(AppRefused):
        refresh(provider)


@pytest.mark.parametrize("language", catalogues.LANGUAGES[catalogues.MEMBERS])
def test_each_refusal_says_what_it_means(language: str) -> None:
    known = ["account_inactive", "admin_forbids", "refresh_refused", "other"]
    texts = [render.meaning(reason, language) for reason in known]
    assert len(set(texts)) == len(known)
    assert render.meaning("a_word_of_tomorrow", language) == texts[-1]
    assert {"en": "suspended", "fr": "suspendu"}[language] in texts[0]


@pytest.mark.parametrize("language", catalogues.LANGUAGES[catalogues.MEMBERS])
def test_the_mail_says_what_each_refusal_to_show_something_means(language: str) -> None:
    other = render.meaning("a_word_of_tomorrow", language)
    meanings = {reason: render.meaning(reason, language) for reason in StreamReason}
    assert len({other, *meanings.values()}) == len(StreamReason) + 1
    shown = catalogues.catalogue(catalogues.MEMBERS, language)["unreadable"]
    assert {reason for reason, text in meanings.items() if text != shown[reason]} == {StreamReason.ADMIN_FORBIDS}
