"""A worker that was killed while it recorded a letter: the mail comes again, and with it the rest; else what there is goes."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import clock, ids
from chalicelib.core.identifiers import EmailAddress
from chalicelib.domain.privacy import intake
from chalicelib.domain.privacy.limits import Origin, Way
from chalicelib.domain.privacy.model import DUE_KIND, Address, PersonPayload
from chalicelib.domain.privacy.records import PersonRecord, RequestRecord
from chalicelib.domain.privacy.states import RightKind
from chalicelib.store import rows
from chalicelib.store.counters import DAY
from chalicelib.store.due import Due, ensure
from chalicelib.vault.keys import ring
from infra.local.cloud import Cloud

SentTo = Callable[[str], list[dict[str, Any]]]
ADDRESS = EmailAddress.parse(f"vic.{uuid.uuid4().hex[:10]}@people.example")


@pytest.fixture
def begun(cloud: Cloud) -> str:
    """The id of a request of which its person and its work are there, and nothing else."""
    ident = ids.new("req")
    ring.create(f"request#{ident}")
    person = PersonPayload(addresses=[Address(text=ADDRESS.text, exact=ADDRESS.exact)], received_at=clock.now())
    rows.put_new(PersonRecord.build(f"request#{ident}", "person", person))
    ensure(Due(DUE_KIND, ident), clock.now())
    cloud.drain()
    return ident


def test_its_mail_may_come_again_hours_later(begun: str, cloud: Cloud, sent_to: SentTo) -> None:
    """The key that its person is sealed by waits as long as a queue keeps a mail."""
    cloud.advance(3 * 3_600)
    cloud.drain()
    asked = intake.Asked(rights=[RightKind.ERASURE], certain=True, language="en", text="")
    intake.open_request(ADDRESS, asked, Origin(way=Way.PROVEN, digest="origin"), begun)
    assert rows.get(RequestRecord, f"request#{begun}", "request")
    assert len(sent_to(ADDRESS.text)) == 1


def test_where_it_comes_no_more_nothing_of_its_person_is_left(begun: str, cloud: Cloud) -> None:
    assert rows.get(PersonRecord, f"request#{begun}", "person")
    cloud.advance(15 * DAY + 3_600)
    cloud.drain()
    assert rows.get(PersonRecord, f"request#{begun}", "person") is None
