"""The officer's desk: signed in through the identity provider, every action by a form, errors in plain words."""

import re
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.api.desk import oidc, session
from chalicelib.api.identity import Rejected
from chalicelib.api.officer_actions import ACTIONS
from chalicelib.core import clock, settings
from chalicelib.domain.privacy.intake import id_of_mail
from infra.local.cloud import Cloud
from infra.local.environment import OFFICER_ADDRESS
from tests.support.officer import ACCESS
from tests.support.officer_desk import Browser, Page
from tests.support.privacy_mail import mail

SentTo = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def desk(cloud: Cloud) -> Browser:
    """The officer's browser, signed in."""
    made = Browser(cloud)
    assert made.sign_in().status == 200
    return made


@pytest.fixture
def asked(cloud: Cloud, drop_mail: Callable[..., str]) -> Callable[..., tuple[str, str]]:
    """Lets somebody write; the request's id, and the address."""

    def make(body: str = ACCESS, address: str = "") -> tuple[str, str]:
        address = address or f"mo.{uuid.uuid4().hex[:10]}@people.example"
        ident = id_of_mail(drop_mail(mail(address, body, "My data")))
        cloud.drain()
        return ident, address

    return make


def opened(desk: Browser, ident: str, reason: str = "decide") -> Page:
    page = desk.get(f"/officer/desk/{ident}")
    return desk.send(page.form("/open"), reason=reason)


def test_nobody_is_shown_anything_without_a_sign_in(cloud: Cloud, asked: Callable[..., tuple[str, str]]) -> None:
    ident, address = asked()
    stranger = Browser(cloud)
    for method, path in (
        ("GET", "/officer"),
        ("GET", f"/officer/desk/{ident}"),
        ("POST", f"/officer/desk/{ident}/open"),
        ("POST", f"/officer/desk/{ident}/answer"),
        ("POST", "/officer/logout"),
    ):
        page = stranger.go(method, path, data={"reason": "read", "text": "x"} if method == "POST" else None)
        assert (page.status, "Sign in" in page.words) == (401, True), path
        assert ident not in page.text
        assert address not in page.text


def test_the_sign_in_is_a_code_with_pkce_and_its_cookie_goes_with_no_foreign_link(cloud: Cloud) -> None:
    browser = Browser(cloud)
    there = browser.go("GET", "/officer/login").answer.headers["Location"]
    sent = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
    assert (sent["response_type"], sent["code_challenge_method"]) == ("code", "S256")
    assert sent["redirect_uri"] == f"{cloud.url}/officer/callback"
    assert len({sent["state"], sent["nonce"], sent["code_challenge"]}) == 3
    page = browser.sign_in()
    assert (page.status, "Requests of persons" in page.words) == (200, True)
    assert set(browser.cookies) == {"__Host-officer", "__Host-officer-begun"}
    assert browser.strict == {"__Host-officer"}
    assert browser.go("GET", "/officer", cross=True).status == 401


def test_who_is_no_officer_is_told_so(cloud: Cloud) -> None:
    browser = Browser(cloud)
    page = browser.sign_in("somebody@iko.example")
    assert (page.status, "not the privacy officer's" in page.words) == (403, True)
    assert browser.get("/officer").status == 401


def test_a_sign_in_that_was_begun_elsewhere_or_refused_signs_nobody_in(cloud: Cloud) -> None:
    victim, other = Browser(cloud), Browser(cloud)
    asked = other.get("/officer/login").forms()[0]
    back = other.go("POST", cloud.issuer.url + asked.action, data={"answer": "allow", "account": "officer@iko.example"})
    link = back.answer.headers["Location"]
    assert victim.get(link, cross=True).status == 400
    victim.go("GET", "/officer/login")
    assert victim.get(link, cross=True).status == 400, "a sign-in of its own is another"
    assert other.get(link, cross=True).status == 200
    again = Browser(cloud, cookies=dict(other.cookies))
    assert again.go("GET", link).status == 403, "a code is good once"
    denied = Browser(cloud)
    form = denied.get("/officer/login").forms()[0]
    back = denied.go("POST", cloud.issuer.url + form.action, data={"answer": "deny"})
    assert denied.get(back.answer.headers["Location"]).status == 403


def test_a_form_that_the_session_did_not_get_does_nothing(desk: Browser, asked: Callable[..., tuple[str, str]]) -> None:
    ident, _ = asked()
    other = Browser(desk.cloud)
    other.sign_in()
    theirs = other.get(f"/officer/desk/{ident}").form("/open").hidden["token"]
    for token in ("", "x", theirs):
        page = desk.go("POST", f"/officer/desk/{ident}/open", data={"token": token, "reason": "read"})
        assert page.status == 403
        assert "another sign-in" in page.words


def test_one_letter_is_opened_with_a_reason_and_answered(
    desk: Browser, asked: Callable[..., tuple[str, str]], sent_to: SentTo
) -> None:
    ident, address = asked()
    listed = desk.get("/officer")
    assert f"/officer/desk/{ident}" in listed.text
    assert address not in listed.text
    page = desk.get(f"/officer/desk/{ident}")
    assert address not in page.text
    assert "copy of my personal data" not in page.text
    refused = desk.send(page.form("/open"), reason="")
    assert (refused.status, "Reason" in refused.words) == (422, True)
    page = opened(desk, ident)
    assert address in page.text
    assert "Please send me a copy of my personal data." in page.words
    assert "To decide" in page.words
    assert "You" in page.words
    page = desk.send(page.form("/answer"), text="Here is all.\r\n\r\nYours, the officer")
    assert "Your answer is noted" in page.words
    assert "Over" in page.words
    desk.cloud.drain()
    assert "Here is all.\n\nYours, the officer" in sent_to(address)[-1]["text"]
    late = opened_again(desk, ident)
    assert (late.status, "is over" in late.words) == (409, True)


def opened_again(desk: Browser, ident: str) -> Page:
    token = desk.get("/officer").form("/logout").hidden["token"]
    data = {"token": token, "reason": "read"}
    return desk.go("POST", f"/officer/desk/{ident}/open", data=data)


def test_what_was_written_is_not_lost_by_an_error(desk: Browser, asked: Callable[..., tuple[str, str]]) -> None:
    ident, _ = asked()
    form = opened(desk, ident).form("/decision", "refused")
    page = desk.send(form, reason="compelling_grounds", text="A long word <b>of mine</b>.")
    assert page.status == 422
    assert "does not know this reason" in page.words
    assert "A long word <b>of mine</b>." in page.words
    assert "<b>of mine" not in page.text
    assert f'href="/officer/desk/{ident}"' in page.text


def test_what_was_written_past_the_sessions_end_is_shown_with_the_sign_in(
    cloud: Cloud, desk: Browser, asked: Callable[..., tuple[str, str]]
) -> None:
    ident, address = asked()
    form = opened(desk, ident).form("/answer")
    cloud.advance(session.LIFE_S)
    page = desk.send(form, text="A long answer <b>of mine</b>.")
    assert (page.status, "Your session has ended" in page.words, "Sign in" in page.words) == (401, True, True)
    assert "A long answer <b>of mine</b>." in page.words
    assert "<b>of mine" not in page.text
    assert address not in page.text
    stranger = desk.go("POST", form.action, data={"token": "x", "text": "Words of another site."})
    assert (stranger.status, "another site" in stranger.words) == (401, False)
    assert Browser(cloud).go("POST", form.action, data={**form.hidden, "text": "Words."}).words.count("Words.") == 0
    desk.sign_in()
    assert desk.send(opened(desk, ident).form("/answer"), text="A long answer.").status == 200


def test_every_action_has_a_form_and_does_what_the_interface_does(
    desk: Browser, asked: Callable[..., tuple[str, str]], sent_to: SentTo
) -> None:
    ident, address = asked(
        "Please send me a copy of my personal data. Please also correct my name: it is Mo. I write on behalf of my mother.\r\n"
    )
    page = opened(desk, ident)
    assert {form.action.rpartition("/")[2] for form in page.forms()} == {*ACTIONS, "logout"}
    desk.send(page.form("/extend"), reason="complexity")
    page = desk.send(page.form("/pause"), paused="true")
    assert "Clock stopped" in page.words
    page = desk.send(opened(desk, ident).form("/pause"), paused="false")
    assert "Clock goes on" in page.words
    parted = desk.send(opened(desk, ident).form("/split"), rights=["rectification"])
    assert "This request was made of what you chose" in parted.words
    other = urlsplit(parted.answer.url).path.rpartition("/")[2]
    assert other != ident
    page = desk.send(opened(desk, other).form("/merge"), into=ident)
    assert "The duplicate has gone over" in page.words
    page = desk.send(opened(desk, ident).form("/decision", "needs_more"), reason="identity", rights=["access"])
    page = desk.send(opened(desk, ident).form("/decision", "verified"), reason="other_proof", rights=["rectification"])
    refusing = opened(desk, ident).form("/decision", "refused")
    page = desk.send(refusing, reason="excessive", text="Three in a week.", rights=["access"])
    assert "Excessive, as repeated" in page.words
    desk.cloud.drain()
    said = "\n".join(each["text"] for each in sent_to(address))
    for words in ("Article 12(5)", "Three in a week.", "at the latest"):
        assert words in said


def test_the_list_is_filtered_paged_and_begins_with_what_is_overdue(
    cloud: Cloud, desk: Browser, asked: Callable[..., tuple[str, str]]
) -> None:
    late, _ = asked()
    cloud.advance(32 * 86_400)
    desk.sign_in()
    cloud.drain()
    german, _ = asked("Bitte senden Sie mir eine Kopie meiner Daten. Ich schreibe im Auftrag meiner Mutter.\r\n")
    page = desk.get("/officer")
    assert page.text.index(late) < page.text.index(german)
    assert re.search("[1-9][0-9]* overdue", page.words)
    for query, there in (
        ("language=de", {german}),
        ("right=access&language=en", {late}),
        ("right=objection", set()),
        ("state=needs_more", set()),
        ("waits_for=officer&right=&state=&language=", {late, german}),
    ):
        page = desk.get(f"/officer?{query}")
        assert {ident for ident in (late, german) if ident in page.text} == there, query
    bad = desk.get("/officer?right=flight")
    assert (bad.status, "Right" in bad.words) == (422, True)
    assert desk.get("/officer?cursor=x").status == 400
    unknown = desk.get(f"/officer/desk/req_{'0' * 26}")
    assert (unknown.status, "no such request" in unknown.words) == (404, True)


def test_an_id_token_of_another_sign_in_or_for_another_client_is_refused(cloud: Cloud) -> None:
    kept = oidc.begin()[1]

    def exchanged(**claims: Any) -> dict[str, Any]:
        """What comes of a code for which the provider gives these tokens."""
        access = claims.pop("access", None) or cloud.issuer.token(OFFICER_ADDRESS, aud="iko-officer")
        signed = cloud.issuer.token(OFFICER_ADDRESS, **{"aud": "iko-officer", "nonce": kept["nonce"], **claims})
        cloud.issuer.sign_in.next_answer = {"access_token": access, "id_token": signed}
        return oidc.exchange(kept, "code")

    assert exchanged()["sub"] == cloud.issuer.subject(OFFICER_ADDRESS)
    now = clock.epoch()
    for wrong in (
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "iko-api"},
        {"iss": "https://other.example"},
        {"exp": now - 3_600},
        {"exp": None},
    ):
        with pytest.raises(Rejected):
            exchanged(**wrong)


def test_a_client_of_its_own_needs_an_access_token_of_the_officers_audience(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IKO_OIDC_OFFICER_CLIENT_ID", "desk-client")
    settings.current.cache_clear()
    kept = oidc.begin()[1]
    signed = cloud.issuer.token(OFFICER_ADDRESS, aud="desk-client", nonce=kept["nonce"])
    for access, good in (
        (cloud.issuer.token(OFFICER_ADDRESS, aud="iko-officer"), True),
        (cloud.issuer.token(OFFICER_ADDRESS), False),
        (cloud.issuer.token("somebody@iko.example", aud="iko-officer"), False),
        (signed, False),
        ("opaque", False),
    ):
        cloud.issuer.sign_in.next_answer = {"access_token": access, "id_token": signed}
        if good:
            assert oidc.exchange(kept, "code")["aud"] == "desk-client"
            continue
        with pytest.raises(Rejected):
            oidc.exchange(kept, "code")
    settings.current.cache_clear()
