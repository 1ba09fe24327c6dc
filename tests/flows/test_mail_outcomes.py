"""Our mails while SES is away: what was surely not taken is sent later, what may have been taken is not sent again."""

import contextlib
import uuid
from collections.abc import Callable
from typing import Any

from chalicelib.connectors.mail import sending
from infra.local.cloud import Cloud
from tests.support.privacy_mail import link_in, mail


def test_a_mail_that_ses_did_not_take_is_sent_once_it_can_be(
    cloud: Cloud,
    drop_mail: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
    ses_at: Callable[[int], contextlib.AbstractContextManager[None]],
    unused_port: int,
) -> None:
    person = f"ida.{uuid.uuid4().hex[:10]}@people.example"
    with ses_at(unused_port):
        drop_mail(mail(person, "Please delete my data.\r\n"))
        cloud.drain()
        assert sent_to(person) == []
    cloud.advance(3_600)
    cloud.drain()
    assert len(sent_to(person)) == 1
    assert link_in(sent_to(person)[0]["text"])


def test_a_mail_that_may_have_been_sent_is_not_sent_again(
    cloud: Cloud,
    drop_mail: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
    ses_at: Callable[[int], contextlib.AbstractContextManager[None]],
    hangs_up: int,
) -> None:
    person = f"ida.{uuid.uuid4().hex[:10]}@people.example"
    with ses_at(hangs_up):
        drop_mail(mail(person, "Please delete my data.\r\n"))
        cloud.drain()
    cloud.advance(3_600)
    cloud.drain()
    assert sent_to(person) == []


def test_a_domain_in_another_script_is_written_as_ses_takes_it(
    cloud: Cloud, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> None:
    local = f"ida.{uuid.uuid4().hex[:10]}"
    sending.send(sending.Outgoing(to=f"{local}@bücher.example", subject="s", text="t", html="<p>t</p>"))
    assert {to for sent in sent_to(local) for to in sent["to"]} == {f"{local}@xn--bcher-kva.example"}
