"""Walking over ranges, on the cloud of the test run."""

from dataclasses import replace

from chalicelib.core import clock, ids
from chalicelib.core.actor import Actor, Colleague
from chalicelib.core.ids import MemberId, OwnerCode
from chalicelib.domain.companies.model import CompanyPayload
from chalicelib.domain.companies.records import CompanyRecord
from chalicelib.domain.visibility.ranges import SECONDS, Found, Range, Seen, ranges, walk
from tests.conftest import Member


def _see(where: Range, row: CompanyRecord) -> Seen[CompanyPayload] | None:
    return Seen(row.sk, row.unsealed(CompanyPayload), int(row.version), where.mine, where.member)


def _actor(member: Member, *colleagues: Colleague) -> Actor:
    return Actor(member.tenant, member.id, "owner", ids.owner_code(member.id), colleagues)


def test_a_long_look_ends_in_time_and_goes_on_where_it_was(member: Member) -> None:
    for number in range(4):
        member.api.post("/v1/companies", {"name": f"C{number}"})
    actor = _actor(member)

    def slow(where: Range, row: CompanyRecord) -> Seen[CompanyPayload] | None:
        clock.advance(SECONDS * 0.6)
        return _see(where, row)

    seen: list[str] = []
    position: dict[str, str] | None = {}
    rounds = 0
    while position is not None:
        found: Found[CompanyPayload] = walk(
            CompanyRecord, actor, ranges(actor, lambda _: True), slow, limit=50, position=position, filtered=True
        )
        seen += [item.payload.name.value for item in found.items]
        position, rounds = found.position, rounds + 1
    assert (sorted(seen), rounds) == (["C0", "C1", "C2", "C3"], 2)


def test_a_colleague_that_shares_no_more_is_skipped(member: Member) -> None:
    member.api.post("/v1/companies", {"name": "Own"})
    gone, there = (Colleague(MemberId(f"mem_{n}"), OwnerCode(n * 10), True, True) for n in "12")
    actor = _actor(member, gone, there)
    position = {"owner": gone.code, "after": f"company#{gone.code}#5"}
    left = replace(actor, colleagues=(there,))
    found: Found[CompanyPayload] = walk(
        CompanyRecord, left, ranges(left, lambda c: c.share_tags), _see, limit=5, position=position
    )
    assert (found.items, found.position) == ([], None)
