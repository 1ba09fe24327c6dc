"""Each function may do what it does and little else: the policies of .chalice/ against the calls of real flows."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.domain.privacy.intake import id_of_mail
from chalicelib.store import steps
from chalicelib.store.due import Due, schedule
from infra.local.cloud import Cloud
from infra.local.poller import poll_once
from tests.conftest import Api, Member
from tests.support.aged_records import at, contact, put
from tests.support.call_recorder import Recorder
from tests.support.consent_flow import connect
from tests.support.directory import Person, put_feed
from tests.support.google_connection import exchanges, join
from tests.support.iam_policies import FUNCTIONS, RESOURCES, Call, allows, of_function
from tests.support.invitations import listed, somebody
from tests.support.officer import ACCESS, officer
from tests.support.paypal_checkout import Paying
from tests.support.prospects import ranked
from tests.support.relations import Knows
from tests.support.table_backup import Backup
from tests.support.uploads import start, upload

TENANT_ROLE = RESOURCES["TenantRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
LINKEDIN = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\nMara,Lind,,{email},Nordwerk,CEO,03 Mar 2024\n"


@pytest.fixture(scope="module")
def calls(cloud: Cloud, new_workspace: Callable[..., Member], drop_mail: Callable[..., str]) -> set[Call]:
    """What every function called while an owner imports a person, subscribes, and the person is erased by mail."""
    with Recorder(cloud) as recorder:
        owner = new_workspace()
        address = f"mara-{owner.id[-8:]}@person.example"
        _work_as_members_do(cloud, recorder, owner, address)
        export = owner.api.post("/v1/exports").json()["id"]
        _run(cloud, recorder)
        assert owner.api.get(f"/v1/exports/{export}/file").status_code == 303
        backup = Backup(cloud)
        owner.api.patch("/v1/me/settings", {"share_contacts": True})
        drop_mail(f"From: {address}\r\nSubject: Erasure\r\n\r\nPlease delete all my data.\r\n".encode())
        _run(cloud, recorder)
        link = _link(cloud, address)
        Api("").session.post(link, timeout=30, **_form(link))
        for _ in range(4):
            _run(cloud, recorder)
            cloud.advance(400)
        Api(cloud.url).get("/.well-known/jwks.json")
        certificate = cloud.sent_mail()[-1]
        _decide(cloud, recorder, drop_mail)
        _copy(cloud, recorder, owner, drop_mail)
        _feed(cloud, recorder)
        _restore_and_replay(recorder, backup, "accounts")
        _end(cloud, recorder, new_workspace())
    assert address in certificate["to"], "the flow did not come to its end"
    assert owner.api.get("/v1/contacts").status_code == 200
    return recorder.calls


def _work_as_members_do(cloud: Cloud, recorder: Recorder, owner: Member, person: str) -> None:
    """An owner imports a person twice, has colleagues, connects, subscribes and changes settings; what is due is done."""
    body = LINKEDIN.format(email=person).encode()
    assert owner.api.post("/v1/imports", data=body, headers={"Content-Type": "text/csv"}).status_code == 202
    owner.api.post("/v1/companies", {"name": "Nordwerk", "tag": "client"})
    owner.api.post("/v1/contacts", {"first_name": "Jo", "emails": [f"jo.{person}"]})
    ranked(owner)
    _team(cloud, owner, person)
    owner.api.get("/v1/me")
    owner.api.get("/v1/contacts")
    owner.api.get("/v1/billing/invoices")
    owner.api.get("/v1/audit")
    owner.api.get("/v1/changes")
    _connect(cloud, recorder, owner)
    _read_mail(cloud, recorder, owner, f"jo.{person}")
    owner.api.patch("/v1/me/settings", {"share_tags": True})
    start(owner, upload(owner, body))
    _run(cloud, recorder)
    subscribe(cloud, owner)
    cloud.advance(120)  # its period is over: a worker looks at it again
    put(owner, contact("Old", at(1097)))
    schedule(Due("lives", owner.tenant), clock.now())
    owner.api.get("/v1/workspace/privacy")
    owner.api.patch("/v1/workspace/settings", {"audit_days": 30})
    _run(cloud, recorder)


def _decide(cloud: Cloud, recorder: Recorder, drop_mail: Callable[..., str]) -> None:
    """Somebody wants a copy; the officer opens that, asks, is replied to, and answers."""
    address = f"asks-{clock.epoch()}@person.example"
    request = id_of_mail(drop_mail(f"From: {address}\r\nSubject: Copy\r\n\r\n{ACCESS}".encode()))
    _run(cloud, recorder)
    at, desk = f"/officer/requests/{request}", officer(cloud)
    assert desk.get("/officer/requests").json()["counts"]["officer"] >= 1
    assert desk.post(f"{at}/open", {"reason": "read"}).status_code == 200
    assert desk.post(f"{at}/decision", {"decision": "needs_more", "reason": "unclear"}).status_code == 200
    _run(cloud, recorder)
    drop_mail(f"From: {address}\r\nSubject: Re: Copy\r\n\r\nI mean all that you have.\r\n".encode())
    _run(cloud, recorder)
    assert desk.post(f"{at}/answer", {"text": "Here it is."}).status_code == 200
    _run(cloud, recorder)
    assert "Here it is." in cloud.sent_mail()[-1]["text"]


def _copy(cloud: Cloud, recorder: Recorder, owner: Member, drop_mail: Callable[..., str]) -> None:
    """Somebody wants a copy and corrections; the member is asked for its own, and answers; both pages are looked at."""
    address, client = f"copies-{clock.epoch()}@person.example", Api(cloud.url)
    owner.api.post("/v1/contacts", {"first_name": "C", "emails": [address]})
    letter = "Please send me a copy of my personal data, and correct my job title.\r\n"
    drop_mail(f"From: {address}\r\nSubject: Copy\r\n\r\n{letter}".encode())
    _run(cloud, recorder)
    confirm = _link(cloud, address)
    assert client.session.post(confirm, **_form(confirm), timeout=60).status_code == 200
    _run(cloud, recorder)
    page = confirm.replace("/confirm/", "/copy/")
    assert client.session.post(page, **_form(page), timeout=60).status_code == 200
    form = confirm.replace("/confirm/", "/amend/")
    corrected = {**_form(form)["data"], "title": "CTO"}
    assert client.session.post(form, data=corrected, timeout=60).status_code == 200
    _run(cloud, recorder)
    answers = {"access": "copy", "rectification": "corrected"}
    for task in owner.api.get("/v1/privacy/tasks").json()["items"]:
        answer = owner.api.post(f"/v1/privacy/tasks/{task['id']}", {"answer": answers[task["right"]]})
        assert answer.status_code == 200, answer.text
    _run(cloud, recorder)


def _feed(cloud: Cloud, recorder: Recorder) -> None:
    """The operator puts a file of people into the bucket, twice as long as what is noted at once."""
    person = Person(cloud)
    put_feed(cloud, "people.jsonl", [person.line(), *(person.line(source=f"s{n}") for n in range(100))])
    for _ in range(6):  # on a busy machine a run ends before the file does, and the next goes on
        cloud.advance(300)
        _run(cloud, recorder)
        if person.told():
            break
    assert person.told()


def _team(cloud: Cloud, owner: Member, person: str) -> None:
    """Somebody is invited and accepts, is promoted and demoted; who is erased later waits, and another is told no more."""
    guest, other = somebody(cloud), somebody(cloud)
    for email in (guest.email, person, other.email):
        assert owner.api.post("/v1/members", {"email": email}).status_code == 201
    assert owner.api.delete(f"/v1/members/{listed(owner)[other.email]['id']}").status_code == 204
    Api(cloud.url).get(f"/invitations/{guest.code()}")
    member = guest.accept().json()["id"]
    for role in ("owner", "member"):
        assert owner.api.patch(f"/v1/members/{member}", {"role": role}).status_code == 200
    token = cloud.issuer.token(guest.email)
    asker, asked = (
        Knows(Member(owner.tenant, member, guest.email, "member", token, Api(cloud.url, token))),
        Knows(owner),
    )
    asker.shares()
    asked.shares()
    asked.contact("walked@nordwerk.example")
    company = asker.company("Nordwerk", "nordwerk.example")
    asker.asks(company, asker.paths(company)[0]["id"])
    asked.answers("agree")


def _connect(cloud: Cloud, recorder: Recorder, owner: Member) -> None:
    """An account is connected, its token refreshed, its grant over, connected again, disconnected; another stays."""
    from chalicelib.connectors.port import GrantEnded
    from chalicelib.domain.connections import notices, repository, suspension
    from chalicelib.domain.connections.tokens import ConnectionTokens

    ident = connect(cloud, owner, "x")["id"]
    connect(cloud, owner, "x", account=1)
    recorder.turn_to("sync")
    tokens = ConnectionTokens(owner.tenant, ident)
    tokens.token(instead_of=tokens.token())
    cloud.connectors.social.fault("refresh_refused", times=1)
    with pytest.raises(GrantEnded):
        tokens.token(instead_of=tokens.token())
    record = repository.find(owner.tenant, ident)
    assert record
    suspension.needs_consent(record)
    assert steps.run(notices.WORK, f"{owner.tenant}.{ident}", lambda: True).state == "done"
    recorder.turn_to("")
    connect(cloud, owner, "x")
    owner.api.get(f"/v1/connections/{ident}")
    assert owner.api.delete(f"/v1/connections/{ident}").status_code == 202
    _run(cloud, recorder)


def _read_mail(cloud: Cloud, recorder: Recorder, owner: Member, contact: str) -> None:
    """A mailbox is connected and read, and Gmail says that it has news."""
    mailbox = join(cloud, owner).mailbox
    mailbox.add(sender=contact, to=[mailbox.address])
    _run(cloud, recorder)
    mailbox.add(to=[contact])
    assert cloud.connectors.google.pushes.deliver() > 0
    _run(cloud, recorder)
    assert [(found.received, found.sent) for found in exchanges(owner).values()] == [(1, 1)]


def subscribe(cloud: Cloud, owner: Member) -> None:
    paying = Paying(cloud)
    paying.subscribe(owner)
    assert owner.api.post("/v1/subscription/cancel", {}).status_code == 200
    paying.answer(paying.checkout(owner))
    cloud.paypal.deliver()


def _end(cloud: Cloud, recorder: Recorder, owner: Member) -> None:
    """A member leaves; the workspace is cancelled, purged, restored from a backup and purged again."""
    guest = somebody(cloud)
    owner.api.post("/v1/members", {"email": guest.email})
    guest.accept()
    body = LINKEDIN.format(email=f"last-{owner.id[-8:]}@person.example").encode()
    owner.api.post("/v1/imports", data=body, headers={"Content-Type": "text/csv"})
    owner.api.post("/v1/exports")
    connect(cloud, owner, "x")
    assert owner.api.delete(f"/v1/members/{listed(owner)[guest.email]['id']}").status_code == 202
    subscribe(cloud, owner)
    backup = Backup(cloud)
    for _ in range(3):
        _run(cloud, recorder)
        cloud.advance(20)
    owner.api.token = cloud.issuer.token(owner.email)
    assert owner.api.post("/v1/subscription/cancel", {}).status_code == 200
    for _ in range(8):
        _run(cloud, recorder)
        cloud.advance(20)
    assert "/certificates/" in cloud.sent_mail()[-1]["text"]
    assert owner.email in cloud.sent_mail()[-1]["to"]
    _restore_and_replay(recorder, backup)


def _run(cloud: Cloud, recorder: Recorder) -> None:
    moved = True
    while moved:
        for schedule_name, tick in cloud.schedules.items():
            recorder.turn_to(schedule_name)
            tick()
        moved = False
        for consumer in cloud.consumers:
            recorder.turn_to(consumer.name)
            moved |= bool(poll_once(cloud.client("sqs"), consumer))
    recorder.turn_to("")


def _restore_and_replay(recorder: Recorder, backup: Backup, *more: str) -> None:
    from chalicelib.jobs import replay

    backup.put_back("tenant_data", "tenant_keys", "privacy", *more)
    recorder.turn_to("replay")
    assert replay.handle({}, None)["changed"] > 0
    recorder.turn_to("")


def _link(cloud: Cloud, address: str) -> str:
    mail = [mail for mail in cloud.sent_mail() if address in mail["to"]][-1]
    found = re.search(r"https?://\S+/privacy/confirm/\S+", mail["text"])
    assert found, mail["text"]
    return found[0]


def _form(link: str) -> dict[str, Any]:
    page = Api("").session.get(link, timeout=30).text
    fields = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', page))
    return {"data": fields or {"x": "1"}}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_allowed_what_it_does(calls: set[Call], function: str) -> None:
    own = of_function(function)
    for call in sorted((call for call in calls if call.function == function), key=str):
        if call.signer == "tenant":
            assert allows(own, Call(function, "platform", "sts:AssumeRole", "TenantRole")), call
            assert _tenant_may(call), call
        else:
            assert allows(own, call), call


def _tenant_may(call: Call) -> bool:
    """The role's condition compares with the session's tag, which is the tenant that the code acts for."""
    without = [{k: v for k, v in statement.items() if k != "Condition"} for statement in TENANT_ROLE]
    return allows(without, call)


def test_every_function_was_seen_at_work(calls: set[Call]) -> None:
    assert {call.function for call in calls} == set(FUNCTIONS) - {"identity"}
