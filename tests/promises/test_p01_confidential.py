"""P1: sealed at rest and bound to the item; nothing personal in logs, messages, keys, errors."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.vault.sealing import SealContext, seal
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.scan import places
from tests.scan.places import CapturedLog
from tests.support.privacy_mail import mail

FORBIDDEN = ("birthday", "street", "diary", "amount", "settled")


def test_the_scan_finds_what_is_planted(
    cloud: Cloud, member: Member, captured: CapturedLog, mark: Callable[[str], str]
) -> None:
    """A scan that finds nothing proves nothing: one open mark in every kind of place, and a control under a seal."""
    import logging

    plain = mark("open")
    tables = cloud.client("dynamodb").list_tables()["TableNames"]
    for table in tables:
        keys = cloud.client("dynamodb").describe_table(TableName=table)["Table"]["KeySchema"]
        item = {key["AttributeName"]: {"S": f"planted-{uuid.uuid4().hex}"} for key in keys} | {"x": {"S": plain}}
        cloud.client("dynamodb").put_item(TableName=table, Item=item)
    buckets = [bucket["Name"] for bucket in cloud.client("s3").list_buckets()["Buckets"]]
    for bucket in buckets:
        cloud.client("s3").put_object(Bucket=bucket, Key="planted", Body=plain.encode())
    urls = cloud.client("sqs").list_queues()["QueueUrls"]
    for url in urls:
        cloud.client("sqs").send_message(QueueUrl=url, MessageBody=plain, DelaySeconds=600)
    cloud.client("ses").send_email(
        Source="no-reply@iko.example",
        Destination={"ToAddresses": ["x@people.example"]},
        Message={"Subject": {"Data": "planted"}, "Body": {"Text": {"Data": plain}}},
    )
    record = logging.LogRecord("iko.events", logging.INFO, "", 0, plain, None, None)
    captured.handle(record)
    found = places.holding(plain, places.raw(cloud, captured))
    expected = {f"table {t}" for t in tables} | {f"bucket {b}" for b in buckets}
    expected |= {f"queue {url.rsplit('/', 1)[1]}" for url in urls} | {"log", "mail"}
    assert expected <= set(found)

    control = mark("control")
    member.api.post("/v1/contacts", {"first_name": control, "last_name": "X"})
    assert places.holding(control, places.unsealed(cloud)) == ["table TenantData contact"]
    for bucket in buckets:
        cloud.client("s3").delete_object(Bucket=bucket, Key="planted")
    for url in urls:
        cloud.client("sqs").purge_queue(QueueUrl=url)


def type_in(member: Member, mark: Callable[[str], str]) -> str:
    """A member writes a company, a contact and an invitation with a mark in each field; the contact's id."""
    company = member.api.post(
        "/v1/companies",
        {
            "name": mark("company"),
            "domain": f"{mark('domain')}.example",
            "industry": mark("industry"),
            "notes": mark("cnotes"),
        },
    )
    contact = member.api.post(
        "/v1/contacts",
        {
            "first_name": mark("first"),
            "last_name": mark("last"),
            "emails": [f"{mark('mail')}@people.example"],
            "phones": ["+49 30 5550177"],
            "profile_urls": [f"https://www.linkedin.com/in/{mark('url')}"],
            "title": mark("title"),
            "company_name": mark("works"),
            "notes": f"{mark('notes')} {mark('other')}@people.example",
        },
    )
    assert (company.status_code, contact.status_code) == (201, 201)
    told = {"type": "other", "occurred_at": "2026-11-01T00:00:00Z", "source": mark("told")}
    assert member.api.post(f"/v1/companies/{company.json()['id']}/signals", told).status_code == 201
    member.api.put(f"/v1/companies/{company.json()['id']}/tag", {"tag": "prospect"})
    assert mark("told") in member.api.get("/v1/prospects").text
    assert member.api.post("/v1/contacts/search", {"q": mark("first")}).json()["items"]
    assert member.api.post("/v1/members", {"email": f"{mark('invited')}@people.example"}).status_code == 201
    return str(contact.json()["id"])


def bring_in(
    cloud: Cloud,
    member: Member,
    mark: Callable[[str], str],
    run_import: Callable[..., dict[str, Any]],
    drop_mail: Callable[..., str],
) -> None:
    """Files and mails that hold a mark in each field, those that we read and those that we do not."""
    run_import(
        member,
        "First Name,Last Name,File As,Organization Name,Labels,Birthday,Notes,Address 1 - Street,E-mail 1 - Label,"
        "E-mail 1 - Value\r\n"
        f"{mark('ifirst')},{mark('ilast')},,{mark('iorg')},,{mark('birthday')},{mark('diary')},{mark('street')},Work,"
        f"{mark('imail')}@people.example\r\n",
    )
    run_import(
        member,
        "Record ID,First Name,Last Name,Email,Lifecycle Stage,Deal Amount\r\n"
        f"1,{mark('hfirst')},{mark('hlast')},{mark('hmail')}@people.example,Lead,{mark('amount')}\r\n",
    )
    drop_mail(mail(f"{mark('asks')}@people.example", f"What do you hold about me? {mark('text')}\r\n"))
    drop_mail(mail(f"{mark('waits')}@people.example", f"Please delete all my data. {mark('settled')}\r\n"))
    cloud.drain()


def test_no_mark_stands_open_and_no_forbidden_one_under_a_seal(
    cloud: Cloud,
    member: Member,
    captured: CapturedLog,
    mark: Callable[[str], str],
    run_import: Callable[..., dict[str, Any]],
    drop_mail: Callable[..., str],
    erased: Callable[..., str],
) -> None:
    contact = type_in(member, mark)
    bring_in(cloud, member, mark, run_import, drop_mail)
    assert member.api.post("/v1/exports").status_code == 202
    cloud.drain()
    exports = f"bucket {cloud.outputs['ExportsBucketName']}"
    assert places.holding(mark("mail"), places.unsealed(cloud)) == [exports, "table TenantData contact"]
    erased(f"{mark('mail')}@people.example")
    assert exports not in places.holding(mark("imail"), places.unsealed(cloud)), "an erasure takes the exports"
    export = member.api.post("/v1/exports").json()["id"]
    cloud.drain()
    member.api.get(f"/v1/exports/{export}/file")

    marks = "company domain industry cnotes first last mail url title works notes other ifirst ilast iorg imail"
    marks += " hfirst hlast hmail asks text waits invited"
    stored = list(places.raw(cloud, captured))
    for field in (*marks.split(), *FORBIDDEN):
        assert places.holding(mark(field), stored) == [], field
    opened = list(places.unsealed(cloud))
    for field in FORBIDDEN:
        assert places.holding(mark(field), opened) == [], field
    assert places.holding(mark("imail"), opened) == [exports, "table TenantData contact"]
    journal = [piece for piece in opened if piece.place == "table TenantData audit"]
    assert places.holding(contact, journal), "the journal was not looked at"
    assert places.holding(mark("invited"), opened) == ["table Accounts invitation"]
    for field in ("first", "last", "mail", "url", "notes"):
        assert places.holding(mark(field), opened) == [], f"{field} of the erased person"


def test_an_exception_that_quotes_a_value_reaches_no_log(
    cloud: Cloud, captured: CapturedLog, mark: Callable[[str], str]
) -> None:
    """botocore's complaint about a bucket's name quotes it; ours must not."""
    secret = mark("exception")
    notification = {
        "mail": {"messageId": "m"},
        "receipt": {"action": {"bucketName": f"{secret} not a bucket", "objectKey": "k"}},
    }
    topic = cloud.outputs["InboundTopicArn"]
    cloud.client("sns").publish(TopicArn=topic, Message=json.dumps(notification))
    cloud.drain()
    assert any("message_failed" in line for line in captured.lines)
    assert not any(secret in line for line in captured.lines)


@pytest.mark.parametrize("move", ["other item", "other owner", "other tenant"])
def test_a_ciphertext_moved_to_another_item_is_refused(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    move: str,
) -> None:
    from chalicelib.domain.contacts.records import ContactRecord

    owner = new_workspace()
    other = {"other item": owner, "other owner": new_colleague(owner), "other tenant": new_workspace()}[move]
    taken = owner.api.post("/v1/contacts", {"first_name": "Secret"}).json()["id"]
    target = other.api.post("/v1/contacts", {"first_name": "Target"}).json()["id"]
    client, table = cloud.client("dynamodb"), ContactRecord.table_name()

    def key(member: Member, ident: str) -> dict[str, Any]:
        body = ident.removeprefix("con_")
        return {"tenant": {"S": member.tenant}, "sk": {"S": f"contact#{body[:10]}#{body[10:]}"}}

    stolen = client.get_item(TableName=table, Key=key(owner, taken), ConsistentRead=True)["Item"]["sealed"]
    item = client.get_item(TableName=table, Key=key(other, target), ConsistentRead=True)["Item"]
    client.put_item(TableName=table, Item={**item, "sealed": stolen})
    answer = other.api.get(f"/v1/contacts/{target}")
    assert (answer.status_code, answer.json()["code"]) == (500, "seal_broken")
    assert "Secret" not in answer.text


def test_a_ciphertext_of_another_table_is_refused(member: Member) -> None:
    from chalicelib.core.errors import SealBroken
    from chalicelib.vault.sealing import unseal

    sealed = seal(SealContext(member.tenant, "TenantData", "k"), b"x")
    with pytest.raises(SealBroken):
        unseal(SealContext(member.tenant, "Credentials", "k"), sealed)
