"""Pages that no link alone leads to, as they were answered: the officer's desk, what forms bring, ends of flows elsewhere."""

import uuid
from collections.abc import Callable
from typing import Any

from chalicelib.api.desk.session import LIFE_S
from chalicelib.domain.privacy.intake import id_of_mail
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.consent_flow import answered, begin
from tests.support.directory import Person as Profiled
from tests.support.directory import put_feed
from tests.support.invitations import somebody as invited
from tests.support.officer import ACCESS
from tests.support.officer_desk import Browser
from tests.support.persons import Person, SentTo
from tests.support.privacy_mail import mail
from tests.support.wishes import exercise, lift_path
from tests.support.wishes import somebody as wisher

Shown = dict[str, Any]
_BOTH = "Please send me a copy of my personal data, and correct my job title.\r\n"
_COMPLAINT = "Please send me a copy of my data, for my mother. I have complained to the data protection authority.\r\n"


def document(answer: Any) -> Shown:
    """An answer as a browser is to show it."""
    kept = {
        name: value
        for name, value in answer.headers.items()
        if name.lower() in ("content-type", "content-security-policy")
    }
    return {"status": answer.status_code, "headers": kept, "body": answer.text}


def every(cloud: Cloud, api: Api, member: Member, drop_mail: Callable[..., str], sent_to: SentTo) -> dict[str, Shown]:
    """All of them, by name."""
    return {
        **of_desk(cloud, drop_mail),
        **of_copies(cloud, member, drop_mail, sent_to),
        **of_links(cloud, api),
        **of_members(cloud, api, member),
    }


def of_desk(cloud: Cloud, drop_mail: Callable[..., str]) -> dict[str, Shown]:
    """The desk: signing in, the list, a request closed and opened, after an action, errors, and a session that ended."""
    idents = [
        id_of_mail(drop_mail(mail(f"mo.{uuid.uuid4().hex}@people.example", body)))
        for body in (ACCESS, _COMPLAINT, ACCESS)
    ]
    cloud.drain()
    stranger, desk = Browser(cloud), Browser(cloud)
    pages = {"desk-sign-in": stranger.get("/officer"), "desk-no-officer": stranger.sign_in("somebody@iko.example")}
    pages |= {"desk-list": desk.sign_in(), "desk-nothing": desk.get("/officer?right=objection&language=el")}
    closed = desk.get(f"/officer/desk/{idents[0]}")
    opened = desk.send(closed.form("/open"), reason="decide")
    refusing = opened.form("/decision", "refused")
    pages |= {"desk-closed": closed, "desk-opened": opened}
    pages["desk-refused"] = desk.send(refusing, reason="compelling_grounds", text="Long words of mine. " * 30)
    pages["desk-unknown"] = desk.get(f"/officer/desk/req_{'0' * 26}")
    pages["desk-done"] = desk.send(opened.form("/decision", "needs_more"), reason="identity", text="Who are you?")
    for name, ident in zip(("desk-complaint", "desk-other"), idents[1:], strict=True):
        pages[name] = desk.send(desk.get(f"/officer/desk/{ident}").form("/open"), reason="decide")
    pages["desk-over"] = desk.send(pages.pop("desk-other").form("/answer"), text="This is all that we hold.")
    cloud.advance(LIFE_S)
    pages["desk-session-over"] = desk.go("POST", refusing.action, data={**refusing.hidden, "text": "Long words. " * 30})
    desk.sign_in()
    pages["desk-signed-out"] = desk.send(desk.get("/officer").form("/logout"))
    return {name: document(page.answer) for name, page in pages.items()}


def of_copies(cloud: Cloud, member: Member, drop_mail: Callable[..., str], sent_to: SentTo) -> dict[str, Shown]:
    """A copy and a correction, before and after the button, with what a member gave."""
    person = Person(cloud, drop_mail, sent_to)
    held = {
        "first_name": "Anna",
        "title": "CTO",
        "emails": [person.address, f"b.{person.address}"],
        "phones": ["+49 30 5550177"],
    }
    member.api.token = cloud.issuer.token(member.email)
    made = member.api.post("/v1/contacts", held)
    assert made.status_code == 201, made.text
    confirm = person.writes(_BOTH)
    pages = {"confirmed": person.presses(confirm)}
    copy, amend = (confirm.replace("/confirm/", f"/{page}/") for page in ("copy", "amend"))
    task = next(each for each in member.api.get("/v1/privacy/tasks").json()["items"] if each["right"] == "access")
    assert member.api.post(f"/v1/privacy/tasks/{task['id']}", {"answer": "copy"}).status_code == 200
    cloud.drain()
    pages |= {"copy": person.api.get(copy), "copy-el": person.api.get(f"{copy}?lang=el")}
    pages |= {
        "copied": person.presses(copy),
        "amend": person.api.get(amend),
        "amend-pl": person.api.get(f"{amend}?lang=pl"),
    }
    pages["amended"] = person.presses(amend, title="Chief Executive Officer")
    pages["status"] = person.api.get(confirm.replace("/confirm/", "/requests/"))
    pages["copy-unknown"] = person.api.get("/privacy/copy/none")
    return {name: document(page) for name, page in pages.items()}


def of_links(cloud: Cloud, api: Api) -> dict[str, Shown]:
    """Taking a wish back, and out of the directory: before and after the button, and again."""
    pages: dict[str, Any] = {}
    lift = lift_path(cloud, exercise(cloud, wisher(), "objection", "el"))
    profiled = Profiled(cloud)
    put_feed(cloud, f"{profiled.name}.jsonl", [profiled.line()])
    cloud.advance(300)
    cloud.drain()
    for name, path in (("lift", lift), ("notice", profiled.button())):
        pages |= {name: api.get(path), f"{name}-pressed": api.press(path), f"{name}-again": api.get(path)}
    return {name: document(page) for name, page in pages.items()}


def of_members(cloud: Cloud, api: Api, member: Member) -> dict[str, Shown]:
    """Where a browser comes back from a provider and from PayPal, and an invitation."""
    member.api.token = cloud.issuer.token(member.email)
    back = answered(begin(member, "x"))
    refused = answered(begin(member, "x"), answer="deny")
    pages = {
        "connected": api.get(back.removeprefix(cloud.url)),
        "not-connected": api.get(refused.removeprefix(cloud.url)),
    }
    pages["connected-again"] = api.get(back.removeprefix(cloud.url))
    guest = invited(cloud)
    assert member.api.post("/v1/members", {"email": guest.email}).status_code == 201
    pages["invitation"] = api.get(f"/invitations/{guest.code()}")
    pages["checkout"] = api.get("/subscription/return?subscription_id=I-1&ba_token=x&token=y")
    return {name: document(page) for name, page in pages.items()}
