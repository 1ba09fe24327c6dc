"""P1: what our officer writes, and of whom, stands under a seal until the request ends, and in no log whatever fails."""

import uuid
from collections.abc import Callable

from chalicelib.domain.privacy.intake import id_of_mail
from infra.local.cloud import Cloud
from tests.scan import places
from tests.scan.places import CapturedLog
from tests.support.officer import ACCESS, officer
from tests.support.officer_desk import Browser
from tests.support.privacy_mail import mail


def test_the_officers_words_stand_open_in_the_persons_mail_alone(
    cloud: Cloud, captured: CapturedLog, mark: Callable[[str], str], drop_mail: Callable[..., str]
) -> None:
    ident = id_of_mail(drop_mail(mail(f"o.{uuid.uuid4().hex[:10]}@people.example", ACCESS)))
    cloud.drain()
    browser = Browser(cloud)
    browser.sign_in()

    def fill(ending: str, holds: str = "", **fields: str) -> int:
        page = browser.get(f"/officer/desk/{ident}")
        page = browser.send(page.form("/open"), reason="decide")
        return browser.send(page.form(ending, holds), **fields).status

    assert fill("/decision", "refused", reason="compelling_grounds", text=mark("refusedlaw")) == 422
    assert fill("/decision", "refused", reason=mark("noreason"), text=mark("refusedtext")) == 422
    assert fill("/merge", into=mark("into")) == 422
    assert fill("/split", rights="access", about=f"{mark('noaddress')} x") == 422
    assert fill("/split", rights="access", about=f"{mark('about')}@people.example") == 200
    assert fill("/decision", "needs_more", reason="identity", text=mark("asked")) == 200
    assert (
        browser.go("POST", f"/officer/desk/{ident}/answer", data={"token": "x", "text": mark("forged")}).status == 403
    )
    stranger = Browser(cloud, cookies={"__Host-officer": mark("cookie")})
    assert stranger.go("POST", f"/officer/desk/{ident}/answer", data={"text": mark("unsigned")}).status == 401
    assert browser.get(f"/officer?language={mark('query')}").status in (200, 422)
    callback = f"/officer/callback?state={mark('state')}&code={mark('code')}&error={mark('error')}"
    assert browser.get(callback).status == 400
    direct = officer(cloud).post(f"/officer/requests/{ident}/answer", {"text": mark("direct"), "rights": ["erasure"]})
    assert direct.status_code == 409
    assert fill("/answer", text=mark("answer")) == 200
    stored = list(places.raw(cloud, captured))
    unsaid = "refusedlaw refusedtext noreason into noaddress about forged cookie unsigned query state code error direct"
    assert [field for field in unsaid.split() if places.holding(mark(field), stored)] == []
    sealed = list(places.unsealed(cloud))
    assert places.holding(mark("asked"), sealed) == ["table Privacy person"]
    cloud.drain()
    stored = list(places.raw(cloud, captured))
    for field in ("asked", "answer"):
        assert places.holding(mark(field), stored) == ["mail"], field
        assert places.holding(mark(field), list(places.unsealed(cloud))) == [], "forgotten with the request"
