"""Mails made to break their reader delay nobody, and what was not read of a mail comes to our officer."""

import base64
import uuid
from collections.abc import Callable
from typing import Any

from chalicelib.domain.privacy import intake, repository
from chalicelib.domain.privacy.model import PersonPayload
from chalicelib.domain.privacy.states import RightKind
from chalicelib.domain.privacy.verification import person_of
from infra.local.cloud import Cloud
from tests.support.adversarial_mail import MAILS
from tests.support.privacy_mail import link_in, mail

SentTo = Callable[[str], list[dict[str, Any]]]


def person() -> str:
    return f"eve.{uuid.uuid4().hex[:10]}@people.example"


def test_bad_mails_in_a_batch_delay_no_other(cloud: Cloud, drop_mail: Callable[..., str], sent_to: SentTo) -> None:
    address = person()
    for name in ("' ' between words", "mails within a mail", "From of '('", "charset undefined"):
        drop_mail(MAILS[name](80_000))
    drop_mail(mail(address, "Please delete my data.\r\n"))
    for name in ("an endless entity", 'charset "a\0b"', "marks"):
        drop_mail(MAILS[name](80_000))
    cloud.drain()
    assert link_in(sent_to(address)[-1]["text"])
    queue = cloud.client("sqs").get_queue_url(QueueName="iko-inbound-mail")["QueueUrl"]
    left = cloud.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessages"] == left["ApproximateNumberOfMessagesNotVisible"] == "0"
    assert cloud.client("s3").list_objects_v2(Bucket=cloud.outputs["InboundBucketName"])["KeyCount"] == 0


def test_what_was_not_read_comes_to_our_officer(cloud: Cloud, drop_mail: Callable[..., str], sent_to: SentTo) -> None:
    address = person()
    within = mail("x@people.example", "Please correct my name.\r\n")
    raw = f"From: {address}\r\nContent-Type: message/rfc822\r\n\r\n".encode() + within
    message_id = drop_mail(raw)
    cloud.drain()
    found = repository.find(intake.id_of_mail(message_id))
    assert found
    record, request = found
    kept = person_of(record).unsealed(PersonPayload)
    assert [right.kind for right in request.rights] == [RightKind.UNCLEAR]
    assert request.unread == ["mails", "text"]
    assert base64.b64decode(kept.raw) == raw
    assert f"{cloud.url}/privacy?lang=en" in sent_to(address)[-1]["text"]


def test_of_a_mail_that_was_read_whole_nothing_raw_is_kept(cloud: Cloud, drop_mail: Callable[..., str]) -> None:
    for words in ("Please delete my data.", "Please send me a copy of my data."):
        message_id = drop_mail(mail(person(), words))
        cloud.drain()
        found = repository.find(intake.id_of_mail(message_id))
        assert found
        assert (found[1].unread, person_of(found[0]).unsealed(PersonPayload).raw) == ([], "")


def test_an_address_of_old_is_answered(cloud: Cloud, drop_mail: Callable[..., str], sent_to: SentTo) -> None:
    unique = uuid.uuid4().hex[:8]
    address = f"aaa..bbb.{unique}.@docomo.example"
    drop_mail(mail(f"Hanako <{address}>", "Hello, please delete all my personal data. Thank you\r\n"))
    cloud.drain()
    assert link_in(sent_to(unique)[-1]["text"])
