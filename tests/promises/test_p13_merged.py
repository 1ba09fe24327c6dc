"""P13 with merged contacts: the erasure parts them first, so that only what holds the person's identifier goes."""

from collections.abc import Callable

import pytest

from chalicelib.core import ids
from chalicelib.domain.matching.records import ApartRecord, BlockRecord, IndexRecord, MatchRecord
from chalicelib.store import pointers, rows
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.matched_contacts import (
    as_seen,
    decide,
    matches,
    told,
    two_of_one,
    two_who_may_be_one,
    typed,
    without_times,
)

OF_MATCHING = (MatchRecord, ApartRecord, IndexRecord, BlockRecord)
Erased = Callable[..., str]


def left(member: Member) -> list[str]:
    """Return the keys of all rows that matching has of the member's records."""
    code = ids.owner_code(member.id)
    return [
        row.sk
        for record in OF_MATCHING
        for row in rows.every(record, member.tenant, ids.key_range(record.declared.kind, code))
    ]


def test_only_the_records_with_the_verified_address_go(cloud: Cloud, member: Member, erased: Erased) -> None:
    """Two were taken for one: when one of them is erased, the other comes back as it was."""
    one = typed(member, first_name="Marieke", last_name="Vossenberg", emails=["hers@nord.example"], notes="Met in Oslo")
    other = typed(member, first_name="Marieke", last_name="Vossenberg", title="Buyer", phones=["+31 20 7654321"])
    told(member, other, emails=["another@sued.example"])
    cloud.drain()
    (match,) = matches(member)
    if match["state"] == "proposed":
        assert decide(member, match, "same").status_code == 200
    erased("hers@nord.example")
    assert member.api.get(f"/v1/contacts/{one['id']}").status_code == 404
    assert as_seen(member, other) == {
        **without_times(other),
        "emails": ["another@sued.example"],
        "sources": as_seen(member, other)["sources"],
    }
    assert not matches(member)


def test_the_one_that_stayed_stays_where_the_other_is_erased(cloud: Cloud, member: Member, erased: Erased) -> None:
    one = typed(
        member, first_name="Marieke", last_name="Vossenberg", emails=["stays@nord.example"], notes="Met in Oslo"
    )
    other = typed(member, first_name="Marieke", last_name="Vossenberg", emails=["goes@sued.example"], title="Buyer")
    cloud.drain()
    (match,) = matches(member)
    assert decide(member, match, "same").status_code == 200
    assert "goes@sued.example" in as_seen(member, one)["emails"]
    erased("goes@sued.example")
    assert as_seen(member, one) == without_times(one)
    assert member.api.get(f"/v1/contacts/{other['id']}").status_code == 404


def test_of_three_that_were_one_only_the_erased_goes(cloud: Cloud, member: Member, erased: Erased) -> None:
    one, other = two_of_one(cloud, member, "three.example")
    cloud.drain()
    before = as_seen(member, one)
    typed_in = typed(member, first_name="Marieke", last_name="Vossenberg", title="Director")
    third = told(member, typed_in, emails=["m.v@three.example", "third@west.example"])
    cloud.advance(120)
    cloud.drain()
    assert [each["state"] for each in matches(member)] == ["merged", "merged"]
    erased("third@west.example")
    assert member.api.get(f"/v1/contacts/{third['id']}").status_code == 404
    assert as_seen(member, one) == before
    assert [(each["state"], each["ids"]) for each in matches(member)] == [("merged", [one["id"], other["id"]])]


@pytest.mark.parametrize("decision", ["", "different", "same"])
def test_nothing_of_matching_is_left_of_the_erased(cloud: Cloud, member: Member, erased: Erased, decision: str) -> None:
    two_who_may_be_one(member, f"may-{decision or 'wait'}.example")
    two_of_one(cloud, member, f"surely-{decision or 'wait'}.example")
    cloud.drain()
    assert left(member)
    for each in matches(member, "proposed") if decision else ():
        decide(member, each, decision)
    for domain in ("may", "surely"):
        erased(f"marieke.vossenberg@{domain}-{decision or 'wait'}.example")
    cloud.advance(120)
    cloud.drain()
    for contact in member.api.get("/v1/contacts").json()["items"]:
        member.api.delete(f"/v1/contacts/{contact['id']}")
    cloud.advance(120)
    cloud.drain()
    assert not left(member)
    assert not [each for each in pointers.of_owner(member.tenant, ids.owner_code(member.id)) if "match" in each.record]


def test_what_undoes_a_merge_names_no_erased_person(cloud: Cloud, member: Member, erased: Erased) -> None:
    """A third person that the notes of a merged contact mention is cut out of what undoes the merge, too."""
    one, other = two_of_one(cloud, member, "undone.example")
    told(member, other, notes="Ask zoe@third.example")
    cloud.drain()
    (match,) = matches(member)
    assert match["state"] == "merged"
    erased("zoe@third.example")
    assert member.api.post(f"/v1/matches/{match['id']}/undo").status_code == 200
    assert "zoe@third.example" not in str(as_seen(member, one)) + str(as_seen(member, other))
    assert as_seen(member, other)["notes"].startswith("Ask")
