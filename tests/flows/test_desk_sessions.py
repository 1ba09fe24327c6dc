"""How long somebody is signed in at the officer's desk."""

import pytest

from chalicelib.api.desk import session
from chalicelib.core import settings
from infra.local.cloud import Cloud
from tests.support.officer_desk import Browser


@pytest.fixture
def desk(cloud: Cloud) -> Browser:
    browser = Browser(cloud)
    browser.sign_in()
    return browser


def test_a_session_ends_by_time_and_is_of_its_audience(
    cloud: Cloud, desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = dict(desk.cookies)
    monkeypatch.setenv("IKO_OIDC_OFFICER_AUDIENCE", "another")
    settings.current.cache_clear()
    assert desk.get("/officer").status == 401, "the cookie was made for another audience"
    monkeypatch.undo()
    settings.current.cache_clear()
    assert desk.get("/officer").status == 200
    cloud.advance(session.LIFE_S - 60)
    assert desk.get("/officer").status == 200
    cloud.advance(61)
    assert desk.get("/officer").status == 401
    for broken in ("", "x", kept["__Host-officer"][:-1], kept["__Host-officer-begun"]):
        assert Browser(cloud, cookies={"__Host-officer": broken}).get("/officer").status == 401


def test_signing_out_ends_every_copy_of_the_cookie_and_no_other_session(cloud: Cloud, desk: Browser) -> None:
    stolen, other = Browser(cloud, cookies=dict(desk.cookies)), Browser(cloud)
    other.sign_in()
    assert stolen.get("/officer").status == 200
    page = desk.send(desk.get("/officer").form("/logout"))
    assert "You are signed out" in page.words
    assert desk.get("/officer").status == 401
    assert stolen.get("/officer").status == 401
    assert stolen.cookies["__Host-officer"], "the copy is kept, and opens nothing"
    cloud.advance(session.LIFE_S - 60)
    assert stolen.get("/officer").status == 401
    assert other.get("/officer").status == 200
