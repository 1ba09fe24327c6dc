"""Contacts of one member that are one person: proposed or merged by themselves, decided, and parted again."""

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
    undo,
    without_times,
)


def test_who_is_surely_one_is_merged_by_itself(cloud: Cloud, member: Member) -> None:
    one, other = two_of_one(cloud, member)
    cloud.drain()
    (match,) = matches(member)
    assert (match["state"], match["automatic"], match["ids"]) == ("merged", True, [one["id"], other["id"]])
    assert match["reasons"]
    assert all(each["text"] for each in match["reasons"])
    merged = as_seen(member, one)
    assert merged["emails"] == ["marieke.vossenberg@nord.example", "m.v@nord.example"]
    assert (merged["phones"], merged["title"]) == (["+31 20 7654321"], "Buyer")
    assert merged["notes"] == "Met in Oslo\n\nLikes tea"
    assert member.api.get(f"/v1/contacts/{other['id']}").status_code == 404
    changes = member.api.get("/v1/changes").json()
    assert {"kind": "contact", "id": other["id"]} in changes["deleted"]
    assert {"kind": "contact", "id": one["id"]} in changes["upserts"]


def test_undo_brings_back_both_as_they_were(cloud: Cloud, member: Member) -> None:
    both = two_of_one(cloud, member)
    cloud.drain()
    (match,) = matches(member)
    answer = undo(member, match)
    assert (answer.status_code, answer.json()["state"]) == (200, "different")
    for each in both:
        assert as_seen(member, each) == without_times(each)
    assert undo(member, match).json() == answer.json()
    cloud.drain()
    told(member, both[1], title="Buyer of all")
    cloud.advance(120)
    cloud.drain()
    assert [each["state"] for each in matches(member)] == ["different"]
    assert as_seen(member, both[1])["title"] == "Buyer of all"


def test_what_was_written_since_the_merge_stays_with_the_one_that_stayed(cloud: Cloud, member: Member) -> None:
    one, other = two_of_one(cloud, member)
    cloud.drain()
    merged = as_seen(member, one)
    told(member, one, notes=f"{merged['notes']}\n\nMoved", phones=[*merged["phones"], "+31 20 1111111"])
    (match,) = matches(member)
    assert undo(member, match).status_code == 200
    assert as_seen(member, one) == {
        **without_times(one),
        "notes": "Met in Oslo\n\nLikes tea\n\nMoved",
        "phones": ["+31 20 1111111"],
    }
    assert as_seen(member, other) == without_times(other)


def test_who_may_be_one_is_proposed_with_reasons(cloud: Cloud, member: Member) -> None:
    one, other = two_who_may_be_one(member)
    cloud.drain()
    (match,) = matches(member, "proposed")
    assert sorted(match["ids"]) == sorted([one["id"], other["id"]])
    assert match["kind"] == "contact"
    assert 0 < match["probability"] <= 1
    assert any("name" in each["text"] for each in match["reasons"])
    assert not matches(member, "merged")


def test_the_same_is_merged_and_can_be_undone(cloud: Cloud, member: Member) -> None:
    both = two_who_may_be_one(member)
    cloud.drain()
    (match,) = matches(member)
    answer = decide(member, match, "same")
    assert (answer.status_code, answer.json()["state"], answer.json()["automatic"]) == (200, "merged", False)
    assert decide(member, match, "same").json() == answer.json()
    stays, went = answer.json()["ids"]
    assert member.api.get(f"/v1/contacts/{stays}").json()["company_name"] == "Nordwerk"
    assert member.api.get(f"/v1/contacts/{went}").status_code == 404
    refused = decide(member, match, "different")
    assert (refused.status_code, refused.json()["code"]) == (409, "already_decided")
    assert undo(member, match).status_code == 200
    for each in both:
        assert as_seen(member, each) == without_times(each)


def test_different_is_kept_also_when_both_come_in_anew(cloud: Cloud, member: Member) -> None:
    both = two_who_may_be_one(member)
    cloud.drain()
    (match,) = matches(member)
    assert decide(member, match, "different").json()["state"] == "different"
    for each in both:
        member.api.delete(f"/v1/contacts/{each['id']}")
    cloud.advance(120)
    cloud.drain()
    again = two_who_may_be_one(member)
    assert {each["id"] for each in again}.isdisjoint(match["ids"])
    cloud.drain()
    assert not matches(member, "proposed")
    assert not matches(member, "merged")


def test_a_pair_that_is_no_pair_any_more_is_withdrawn(cloud: Cloud, member: Member) -> None:
    _, other = two_who_may_be_one(member)
    cloud.drain()
    assert matches(member, "proposed")
    told(member, other, first_name="Zbigniew", last_name="Oyelaran")
    cloud.advance(120)
    cloud.drain()
    assert not matches(member)


def test_what_is_deleted_leaves_no_proposal_and_nothing_to_undo(cloud: Cloud, member: Member) -> None:
    one, _ = two_of_one(cloud, member)
    cloud.drain()
    (match,) = matches(member)
    member.api.delete(f"/v1/contacts/{one['id']}")
    cloud.advance(120)
    cloud.drain()
    assert not matches(member)
    assert undo(member, match).status_code == 404


def test_merges_are_undone_in_the_order_in_which_they_came(cloud: Cloud, member: Member) -> None:
    one, other = two_of_one(cloud, member)
    cloud.drain()
    (first,) = matches(member)
    third = typed(member, first_name="Marieke", last_name="Vossenberg", title="Director")
    told(member, third, emails=["m.v@nord.example"])
    cloud.advance(120)
    cloud.drain()
    (second,) = (each for each in matches(member) if each["id"] != first["id"])
    refused = undo(member, first)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert undo(member, second).status_code == 200
    assert undo(member, first).status_code == 200
    for each in (one, other):
        assert as_seen(member, each) == without_times(each)


def test_if_match_is_honoured(cloud: Cloud, member: Member) -> None:
    two_who_may_be_one(member)
    cloud.drain()
    (match,) = matches(member)
    path = f"/v1/matches/{match['id']}"
    stale = member.api.post(path, {"decision": "same"}, headers={"If-Match": '"1234"'})
    assert stale.status_code == 412
    assert not matches(member, "merged")


def test_nobody_decides_for_a_colleague(cloud: Cloud, member: Member, new_colleague: object) -> None:
    assert callable(new_colleague)
    two_who_may_be_one(member)
    cloud.drain()
    (match,) = matches(member)
    colleague = new_colleague(member)
    assert matches(colleague) == []
    assert decide(colleague, match, "same").status_code == 404
    assert undo(colleague, match).status_code == 404
