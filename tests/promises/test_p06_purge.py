"""P6: when the subscription stops, everything personal goes, but what the law wants; and a certificate says so."""

import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from chalicelib.core import clock, settings
from chalicelib.core.errors import KeyShredded
from chalicelib.domain import kinds
from chalicelib.domain.accounts import membership
from chalicelib.domain.accounts.model import TenantState
from chalicelib.domain.ingest import typed
from chalicelib.domain.purge.model import PurgePayload, Step
from chalicelib.domain.purge.records import LedgerRecord, PurgeRecord
from chalicelib.store import rows
from chalicelib.store.declaration import version
from chalicelib.vault.keys import ring
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.crash import state
from tests.scan import places
from tests.scan.places import CapturedLog
from tests.support.invitations import somebody
from tests.support.pass_time import settle
from tests.support.paypal_checkout import Paying

GRACE_S = 6  # later than the local grace


def team(cloud: Cloud, owner: Member) -> Member:
    """A colleague who accepted an invitation, and an invitation that waits."""
    guest, waits = somebody(cloud), somebody(cloud)
    for each in (guest, waits):
        assert owner.api.post("/v1/members", {"email": each.email}).status_code == 201
    member, api = guest.accept().json()["id"], guest.api()
    return Member(owner.tenant, member, guest.email, "member", str(api.token), api)


def to_the_grace(cloud: Cloud, ended: dict[str, Any]) -> None:
    """The paid period is over, the grace is not."""
    moment = clock.parse_rfc3339(ended["period_end"]) + timedelta(seconds=0.5)
    cloud.advance(max(0.0, (moment - clock.now()).total_seconds()))
    cloud.drain()


def cancel(cloud: Cloud, owner: Member) -> dict[str, Any]:
    owner.api.token = cloud.issuer.token(owner.email)
    answer = owner.api.post("/v1/subscription/cancel", {})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def traces(cloud: Cloud, *ids: str) -> list[str]:
    """Where one of these ids or marks stands, in any key or content, unsealed."""
    found = [piece.place for piece in places.unsealed(cloud) if any(each.encode() in piece.content for each in ids)]
    for name in cloud.client("dynamodb").list_tables()["TableNames"]:
        for page in cloud.client("dynamodb").get_paginator("scan").paginate(TableName=name):
            for item in page["Items"]:
                keys = [value["S"] for value in item.values() if "S" in value]
                if any(each in key for each in ids for key in keys):
                    found.append(f"key in {name}: {keys[0].split('#')[0]}")
    return sorted(set(found))


def live(
    cloud: Cloud,
    owner: Member,
    colleague: Member,
    run_import: Callable[..., dict[str, Any]],
    mark: Callable[[str], str],
    erased: Callable[..., str],
) -> None:
    """Both bring people and a company, share them, one is erased, and all is exported."""
    for member, who in ((owner, "mine"), (colleague, "theirs")):
        run_import(member, f"First Name,Last Name,Email\r\n{mark(who)},X,{mark(who)}@people.example\r\n")
        member.api.post("/v1/companies", {"name": mark("firm"), "notes": f"{mark('note')}@people.example"})
    colleague.api.patch("/v1/me/settings", {"share_contacts": True})
    owner.api.post("/v1/contacts", {"first_name": "E", "emails": [f"{mark('gone')}@people.example"]})
    erased(f"{mark('gone')}@people.example")
    owner.api.token, colleague.api.token = (cloud.issuer.token(each.email) for each in (owner, colleague))
    owner.api.post("/v1/exports")
    cloud.drain()


def only_the_ledger_is_left(cloud: Cloud, owner: Member, paypal_id: str) -> None:
    """And the certificate, its mail, and what keeps a restore from bringing the workspace back."""
    mails = [mail for mail in cloud.sent_mail() if owner.email in mail["to"]]
    assert [mail["subject"].split(":")[0] for mail in mails[-2:]] == ["Your workspace ends", "Done"]
    left = traces(cloud, owner.tenant, paypal_id, owner.id)
    kept = ["key in iko-local-LedgerTable: ledger", "key in iko-local-TenantKeysTable: request"]
    kept += ["key in iko-local-TenantKeysTable: " + owner.tenant]
    allowed = {"table Ledger contract", "table Ledger subscription", "table Privacy certificate", *kept}
    allowed.add("bucket iko-local-replaybucket")  # that it was purged, for a restore: ids only, 40 days
    assert set(left) <= allowed, left
    assert {row.sk for row in rows.every(LedgerRecord, f"ledger#{owner.tenant}", "")} == {"contract", "subscription"}
    with pytest.raises(KeyShredded):
        ring.roots(owner.tenant, fresh=True)


def test_after_the_grace_nothing_is_left_but_the_ledger_and_the_certificate(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    run_import: Callable[..., dict[str, Any]],
    captured: CapturedLog,
    mark: Callable[[str], str],
    erased: Callable[..., str],
) -> None:
    owner = new_workspace(email=f"{mark('owner')}@team.example", name=mark("name"))
    colleague = team(cloud, owner)
    paying = Paying(cloud)
    paypal_id = paying.subscribe(owner)
    live(cloud, owner, colleague, run_import, mark, erased)
    ended = cancel(cloud, owner)
    assert (ended["state"], bool(ended["purge_at"])) == ("cancelled", True)
    assert owner.api.post("/v1/contacts", {"first_name": "Still"}).status_code == 201, "the period is paid for"

    to_the_grace(cloud, ended)
    locked = owner.api.post("/v1/contacts", {"first_name": "Late"})
    assert (locked.status_code, locked.json()["code"]) == (403, "workspace_locked")
    assert owner.api.get("/v1/contacts").status_code == 200
    assert owner.api.post("/v1/exports").status_code == 202, "the owner may export in the grace"

    cloud.advance(GRACE_S)
    cloud.drain()
    closed = owner.api.get("/v1/contacts")
    assert (closed.status_code, closed.json()["code"]) == (403, "workspace_closed")
    settle(cloud)
    assert owner.api.get("/v1/me").json()["code"] == "no_membership"

    people = [mark(each) for each in ("owner", "name", "mine", "theirs", "firm", "note")]
    assert traces(cloud, *people, colleague.email, colleague.id) == []
    for each in people:
        assert places.holding(each, places.raw(cloud, captured)) in ([], ["mail"]), each
    only_the_ledger_is_left(cloud, owner, paypal_id)


def test_the_certificate_says_what_was_deleted_and_what_is_kept_and_verifies(
    cloud: Cloud, new_workspace: Callable[..., Member]
) -> None:
    from jwcrypto import jwk, jws

    owner = new_workspace()
    for number in range(3):
        owner.api.post("/v1/contacts", {"first_name": f"N{number}", "emails": [f"n{number}@people.example"]})
    cancel(cloud, owner)  # never subscribed: it closes now, with the same grace
    settle(cloud)
    mail = next(mail for mail in reversed(cloud.sent_mail()) if owner.email in mail["to"])
    link = next(line for line in mail["text"].splitlines() if "/certificates/" in line)
    token = jws.JWS()
    token.deserialize(requests.get(link, timeout=10).text)
    keys = jwk.JWKSet.from_json(requests.get(f"{cloud.url}/.well-known/jwks.json", timeout=10).text)
    token.verify(keys.get_key(token.jose_header["kid"]))
    import json

    said = json.loads(token.payload)
    assert (said["typ"], said["workspace"], said["reason"]) == ("purge", owner.tenant, "cancelled")
    assert said["searched_kinds"] == version(record.declared for record in kinds.RECORDS)
    assert (said["deleted"]["contact"], said["deleted"]["subject"], said["deleted"]["member"]) == (3, 3, 1)
    assert said["closed_at"] < said["keys_shredded_at"] < said["live_deleted_at"] < said["backups_expire_at"]
    assert [bool(kept["why"] and kept["until"]) for kept in said["kept"]] == [True, True, True]
    assert owner.email not in str(said)


def test_whoever_subscribes_again_in_the_grace_keeps_everything(
    cloud: Cloud, new_workspace: Callable[..., Member]
) -> None:
    owner, paying = new_workspace(), Paying(cloud)
    paying.subscribe(owner)
    owner.api.post("/v1/contacts", {"first_name": "Kept"})
    to_the_grace(cloud, cancel(cloud, owner))
    assert owner.api.post("/v1/contacts", {"first_name": "Late"}).status_code == 403
    paying.answer(paying.checkout(owner))
    paying.paypal.deliver()
    settle(cloud)
    owner.api.token = cloud.issuer.token(owner.email)
    assert paying.shown(owner)["state"] == "active"
    assert owner.api.post("/v1/contacts", {"first_name": "New"}).status_code == 201
    assert {item["first_name"] for item in owner.api.get("/v1/contacts").json()["items"]} == {"Kept", "New"}
    cancel(cloud, owner)  # and a second end comes to its end
    settle(cloud)
    assert owner.api.get("/v1/me").json()["code"] == "no_membership"


def test_a_subscription_that_came_back_unnoticed_calls_the_purge_off(
    cloud: Cloud, new_workspace: Callable[..., Member]
) -> None:
    """PayPal is asked once more after the wait: a webhook may have been lost."""
    owner, paying = new_workspace(), Paying(cloud)
    paying.subscribe(owner)
    owner.api.post("/v1/contacts", {"first_name": "Kept"})
    to_the_grace(cloud, cancel(cloud, owner))
    approval = paying.checkout(owner)
    cloud.advance(GRACE_S)
    cloud.drain()
    assert owner.api.get("/v1/me").json()["code"] == "workspace_closed"
    paying.answer(approval)  # approved at the last moment; no webhook is delivered
    settle(cloud)
    owner.api.token = cloud.issuer.token(owner.email)
    assert paying.shown(owner)["state"] == "active"
    assert [item["first_name"] for item in owner.api.get("/v1/contacts").json()["items"]] == ["Kept"]


def test_while_paypal_does_not_answer_nothing_is_deleted(cloud: Cloud, new_workspace: Callable[..., Member]) -> None:
    owner, paying = new_workspace(), Paying(cloud)
    paying.subscribe(owner)
    to_the_grace(cloud, cancel(cloud, owner))
    requests.post(f"{paying.paypal.url}/_faults", json={"kind": "status", "on": "show"}, timeout=10)
    try:
        for _ in range(3):
            cloud.advance(40)
            cloud.drain()
        assert ring.roots(owner.tenant, fresh=True), "the keys must stand"
    finally:
        requests.delete(f"{paying.paypal.url}/_faults", timeout=10)
    settle(cloud, 8, 40)
    assert owner.api.get("/v1/me").json()["code"] in ("no_membership", "workspace_closed")
    with pytest.raises(KeyShredded):
        ring.roots(owner.tenant, fresh=True)


def purged_under_writes(
    cloud: Cloud, owner: Member, mark: Callable[[str], str]
) -> tuple[datetime | None, list[tuple[datetime, int]]]:
    """Let the purge go to its end while two threads write; when it closed, and what requests were answered when."""
    answers: list[tuple[datetime, int]] = []
    stop, actor = threading.Event(), _actor(cloud, owner)

    def request() -> None:
        while not stop.is_set():
            answers.append((clock.now(), owner.api.post("/v1/contacts", {"first_name": mark("thread")}).status_code))

    def write() -> None:
        while not stop.is_set():
            try:  # a process that looked at the tenant's state before, and holds its key
                if membership.tenant_is_open(owner.tenant):
                    typed.add(actor, {"first_name": mark("direct"), "emails": [f"{uuid.uuid4().hex}@people.example"]})
            except KeyShredded:
                return

    threads = [threading.Thread(target=each) for each in (request, write)]
    for thread in threads:
        thread.start()
    try:
        cloud.drain()
        record = rows.get(PurgeRecord, f"purge#{owner.tenant}", "purge")
        assert record
        assert record.unsealed(PurgePayload).step is Step.CLOSING
        closing_at = record.unsealed(PurgePayload).closing_at
        settle(cloud)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return closing_at, answers


def test_what_is_warm_or_queued_writes_nothing_once_it_is_closing(
    cloud: Cloud, new_workspace: Callable[..., Member], mark: Callable[[str], str]
) -> None:
    """Threads that hold the tenant's key write on through the purge, and a job waits from before: nothing stays of it."""
    owner = new_workspace()
    body = "First Name,Email\r\n" + "".join(f"Q{n},q{n}@people.example\r\n" for n in range(30))
    assert owner.api.post("/v1/contacts", {"first_name": "Warm"}).status_code == 201
    cancel(cloud, owner)
    cloud.advance(GRACE_S)
    queued = owner.api.post("/v1/imports", data=body.encode(), headers={"Content-Type": "text/csv"})
    assert queued.status_code == 202
    closing_at, answers = purged_under_writes(cloud, owner, mark)
    assert closing_at
    assert {status for at, status in answers if (at - closing_at).total_seconds() > 1} == {403}
    assert state.partition(cloud, settings.current().tables.tenant_data, "tenant", owner.tenant) == []
    assert traces(cloud, mark("direct"), mark("thread")) == []
    left = cloud.client("s3").list_objects_v2(Bucket=cloud.outputs["ImportsBucketName"], Prefix=f"{owner.tenant}/")
    assert left["KeyCount"] == 0


def _actor(cloud: Cloud, owner: Member) -> Any:
    from chalicelib.core.actor import Identity

    who = Identity(cloud.issuer.url, cloud.issuer.subject(owner.email), owner.email, email_verified=True, auth_time=0)
    return membership.membership(who).actor


def test_a_suspended_subscription_locks_and_deletes_nothing(cloud: Cloud, new_workspace: Callable[..., Member]) -> None:
    owner, paying = new_workspace(), Paying(cloud)
    paypal_id = paying.subscribe(owner)
    requests.post(f"{paying.paypal.url}/_subscriptions/{paypal_id}/suspend", timeout=10)
    paying.paypal.deliver()
    settle(cloud)
    owner.api.token = cloud.issuer.token(owner.email)
    assert owner.api.get("/v1/me").json()["tenant"]["state"] == TenantState.LOCKED
    assert rows.get(PurgeRecord, f"purge#{owner.tenant}", "purge") is None
