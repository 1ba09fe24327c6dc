"""Which of the values of a field is shown: by examples, and whatever happens in whatever order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.sources.provenance import Kept, is_hidden
from chalicelib.domain.sources.survivorship import (
    Heard,
    chosen,
    clear,
    drop,
    grouped,
    lend,
    link,
    say,
    say_each,
    settled,
    without,
    write,
)
from chalicelib.domain.visibility.values import shareable

GOOGLE, OTHER = "google:cxn_a", "google:cxn_b"
FORCE, HUB = "salesforce:cxn_c", "hubspot:cxn_d"
FILE, CRM_FILE = "import:google_csv", "import:crm:hubspot_csv"
SOURCES = (GOOGLE, OTHER, FORCE, HUB, FILE, CRM_FILE)
VALUES = ("Buyer", "Boss", "CFO")
Values = list[Kept]


def at(day: int) -> str:
    return f"2026-01-01T00:{day // 60:02}:{day % 60:02}.000Z"


def seen(values: Sequence[Kept]) -> tuple[str | None, str | None]:
    """What the owner is shown, and a colleague."""
    own, others = chosen(values), shareable(values)
    return (own.value if own else None), (others.value if others else None)


def test_what_changed_is_shown_before_what_is_still_said() -> None:
    values = say((), Heard(GOOGLE, at(1)), "Buyer")
    values = say(values, Heard(FORCE, at(2), at(2)), "Buyer")
    values = say(values, Heard(FORCE, at(5), at(4)), "Boss")
    assert seen(values) == ("Boss", "Buyer")
    assert seen(say(values, Heard(GOOGLE, at(6), at(6)), "Buyer")) == ("Boss", "Buyer"), "it says what it said"
    assert seen(say(values, Heard(GOOGLE, at(7), at(3)), "CFO")) == ("Boss", "CFO"), "it changed before the other did"
    assert seen(say(values, Heard(GOOGLE, at(7), at(6)), "CFO")) == ("CFO", "CFO")
    assert seen(without(values, frozenset({FORCE}))) == ("Buyer", "Buyer"), "the next best is shown"


def test_who_is_first_heard_beside_others_changed_nothing() -> None:
    values = say((), Heard(FILE, at(1)), "Buyer")
    for source in (GOOGLE, HUB):
        values = say(values, Heard(source, at(9), at(8)), "Boss")
    assert seen(values) == ("Buyer", "Buyer")
    values = say(values, Heard(FORCE, at(9), at(9)), "CFO")
    left = without(values, frozenset({FILE}))
    assert seen(left) == ("Boss", "Boss"), (
        "of those that never changed it is the better kind; of two, whose name comes first"
    )
    assert seen(without(left, frozenset({HUB, FORCE}))) == ("Boss", "Boss")


def test_what_the_member_writes_stands_and_nothing_is_lost() -> None:
    values = say(say((), Heard(GOOGLE, at(1)), "Buyer"), Heard(FORCE, at(2)), "Boss")
    values = say(write(values, "Buyer", at(3)), Heard(FORCE, at(5), at(4)), "CFO")
    assert seen(values) == ("Buyer", "Buyer")
    assert {source: kept.value for kept in values for source in kept.sources} == {
        "member": "Buyer",
        GOOGLE: "Buyer",
        FORCE: "CFO",
    }
    empty = say(clear(values, at(6)), Heard(GOOGLE, at(8), at(7)), "Boss")
    assert seen(empty) == (None, None)
    assert seen(write(empty, "Queen", at(9))) == ("Queen", "Queen")


def test_a_name_that_a_company_lends_stands_below_the_members_own() -> None:
    lent = link(say((), Heard(GOOGLE, at(1)), "Nord"), {"company": "Acme"}, at(2))
    assert seen(lent) == ("Acme", "Acme")
    shown = shareable(lent, lends=False)
    assert (shown and shown.value) == "Nord", "to whom companies are not shown"
    assert seen(write(lent, "Süd", at(3))) == ("Süd", "Süd")
    hidden = link(say((), Heard(GOOGLE, at(1)), "Nord"), {"company:hidden": "Acme"}, at(2))
    assert seen(hidden) == ("Acme", "Nord")
    both = lend(hidden, {"company": "Acme", "company:hidden": "Acme (lost)"}, at(3))
    assert seen(both) == ("Acme (lost)", "Acme"), "each is shown the name that it sees at the company"
    assert lend(both, {"company:hidden": "Acme (lost)", "company": "Acme"}, at(4)) == both
    assert seen(lend(both, {}, at(5))) == ("Nord", "Nord")


def test_another_name_for_the_owner_alone_moves_nothing_that_colleagues_see() -> None:
    for before, after in (("Acme (lost)", "Acme (won)"), ("Acme (lost)", ""), ("", "Acme (won)")):
        names = [{"company": "Acme", **({"company:hidden": own} if own else {})} for own in (before, after)]
        lent = lend((), names[0], at(1))
        moved = lend(lent, names[1], at(2))
        assert seen(moved) == (after or "Acme", "Acme")
        assert shareable(moved) == shareable(lent), "not even since when"


def test_what_is_left_of_a_source_that_is_gone_gives_way_to_any_that_speaks() -> None:
    values = say([Kept(value="Acme", sources={"member:hidden": at(9)})], Heard(GOOGLE, at(10), at(1)), "Nord")
    assert seen(values) == ("Nord", "Nord")
    values = say([Kept(value="Acme", sources={"member:hidden": at(9)})], Heard(OTHER, at(10), at(1)), "Nord")
    assert seen(say(values, Heard(GOOGLE, at(11)), "Süd")) == ("Nord", "Nord"), "it was the first to speak"


def test_what_the_member_took_away_of_a_crm_keeps_nobody_else_from_speaking() -> None:
    values = clear(say((), Heard(HUB, at(1)), "Boss"), at(2))
    assert seen(values) == (None, None)
    assert seen(say(values, Heard(FORCE, at(3)), "CFO")) == (None, None)
    assert seen(say(values, Heard(GOOGLE, at(3)), "Buyer")) == ("Buyer", "Buyer")


def test_a_file_that_is_older_than_the_one_before_says_nothing_new() -> None:
    newer = say((), Heard(FILE, at(5)), "Boss")
    assert say(newer, Heard(FILE, at(3)), "Buyer") == newer
    assert seen(say(newer, Heard(FILE, at(7)), "Buyer")) == ("Buyer", "Buyer")


def test_no_time_to_come_is_taken_for_that_of_a_change() -> None:
    values = say((), Heard(GOOGLE, at(1), at(40)), "Buyer")
    assert seen(say(values, Heard(OTHER, at(2)), "Boss")) == ("Buyer", "Buyer")
    values = say(say(values, Heard(OTHER, at(2)), "Boss"), Heard(OTHER, at(4), at(3)), "CFO")
    assert seen(values) == ("CFO", "CFO")


def test_an_element_that_the_member_takes_away_stays_away_as_long_as_it_is_said() -> None:
    values = drop(say((), Heard(GOOGLE, at(1)), "a@x.example"), at(2))
    assert seen(values) == (None, None)
    assert seen(say(values, Heard(OTHER, at(3)), "a@x.example")) == (None, None)
    assert without(values, frozenset({GOOGLE})) == [], "nothing is kept of it that nobody says"
    assert drop(say((), Heard(FILE, at(1)), "a@x.example"), at(2)) == [], "a file says it once"
    assert seen(write(values, "a@x.example", at(4))) == ("a@x.example", "a@x.example")


def test_elements_of_a_list_are_united_in_the_spelling_that_each_may_see() -> None:
    every = say_each((), Heard(HUB, at(1)), [("A@x", "a@x"), ("b@x", "b@x")], key=str.lower, most=20, all_told=True)
    every = say_each(
        every, Heard(GOOGLE, at(2)), [("c@x", "c@x"), ("a@x", "a@x")], key=str.lower, most=20, all_told=True
    )
    assert listed(every) == (["B@X", "C@X", "A@X"], ["c@x", "a@x"])
    left = say_each(every, Heard(HUB, at(3)), [("b@x", "b@x")], key=str.lower, most=20, all_told=True)
    assert [(kept.value, list(kept.sources)) for kept in left] == [("b@x", [HUB]), ("c@x", [GOOGLE]), ("a@x", [GOOGLE])]


def test_what_a_crm_says_takes_no_place_from_what_may_be_shared() -> None:
    crm = [(f"{n}@x", f"{n}@x") for n in range(3)]
    every = say_each((), Heard(HUB, at(1)), crm, key=str.lower, most=2, all_told=True)
    every = say_each(every, Heard(GOOGLE, at(2)), [("g@x", "g@x"), *crm], key=str.lower, most=2, all_told=True)
    assert listed(every)[1] == ["g@x", "0@x"]


def listed(every: Values) -> tuple[list[str], list[str]]:
    """What of a list the owner is shown, in capitals, and a colleague."""
    groups = grouped(every, str.lower).values()
    own = [kept.value.upper() for group in groups if (kept := chosen(group))]
    return own, [kept.value for group in groups if (kept := shareable(group))]


statements = st.dictionaries(
    st.sampled_from([*SOURCES, "company"]),
    st.tuples(st.sampled_from(VALUES), st.sampled_from(["", *map(at, range(4))])),
    min_size=1,
)


@given(statements, st.data())
def test_what_is_shown_depends_on_what_is_said_and_since_when_it_changed_alone(
    said: dict[str, tuple[str, str]], data: st.DataObject
) -> None:
    def read(order: list[str]) -> tuple[str | None, str | None]:
        values: dict[str, Kept] = {}
        for source in order:
            value, changed = said[source]
            values[value] = values.get(value, Kept(value=value)).also(source, at(50), changed)
        shown, beside = settled(list(values.values()))
        return seen([*([shown] if shown else []), *beside])

    first = read(sorted(said))
    assert read(data.draw(st.permutations(sorted(said)))) == first
    assert first[0] == modelled(said)
    assert first[1] == modelled({source: each for source, each in said.items() if not is_hidden(source)})


def modelled(said: dict[str, tuple[str, str]]) -> str | None:
    """The rule, in a line: company, time, kind, name."""
    kinds = ["import", "google", "hubspot salesforce"]
    ranked = sorted(said, reverse=False)
    ranked.sort(key=lambda s: next((n for n, kind in enumerate(kinds) if s.partition(":")[0] in kind), 0), reverse=True)
    ranked.sort(key=lambda s: (s == "company", said[s][1]), reverse=True)
    return said[ranked[0]][0] if ranked else None


@dataclass(frozen=True)
class Did:
    """Something that happens to a field: a source is heard, goes, or the member writes, clears or drops."""

    who: str
    what: str


happenings = st.lists(
    st.builds(Did, st.sampled_from([*SOURCES, "member"]), st.sampled_from([*VALUES, "", "gone"])), max_size=14
)


def happens(values: Values, did: Did, moment: str, take: Callable[[Sequence[Kept], str], Values]) -> Values:
    if did.who != "member":
        if did.what == "gone":
            return without(values, frozenset({did.who}))
        return say(values, Heard(did.who, moment), did.what)
    if did.what in VALUES:
        return write(values, did.what, moment)
    return take(values, moment) if chosen(values) or take is clear else values


@pytest.mark.parametrize("take", [clear, drop], ids=["field", "element"])
@given(happenings)
@settings(max_examples=300)
def test_a_colleague_sees_what_it_would_were_there_no_private_source(
    take: Callable[[Sequence[Kept], str], Values], happened: list[Did]
) -> None:
    """Of an element the member takes away only what it sees: so does it in both, or in neither."""
    values, twin = Values(), Values()
    for number, did in enumerate(happened):
        if (
            did.who == "member"
            and did.what not in VALUES
            and take is drop
            and bool(chosen(values)) != bool(chosen(twin))
        ):
            continue
        values = happens(values, did, at(number), take)
        if not is_hidden(did.who):
            twin = happens(twin, did, at(number), take)
        assert shareable(values) == shareable(twin), did


@given(happenings)
def test_no_value_that_a_source_still_says_is_lost(happened: list[Did]) -> None:
    values, says = Values(), dict[str, str]()
    for number, did in enumerate(happened):
        values = happens(values, did, at(number), clear)
        if did.who != "member":
            says[did.who] = "" if did.what == "gone" else did.what
        elif did.what not in VALUES:  # what files said goes: a file says it once
            says = {who: what for who, what in says.items() if not who.startswith("import:")}
        found = {source: kept.value for kept in values for source in kept.sources}
        assert {who: what for who, what in says.items() if what} == {who: found[who] for who in SOURCES if who in found}


@given(st.lists(st.tuples(st.sampled_from(SOURCES), st.sampled_from(VALUES)), max_size=12), st.data())
def test_the_end_does_not_depend_on_the_order_of_passes(changes: list[tuple[str, str]], data: st.DataObject) -> None:
    """All have been heard, each changes its record now and then, and is read at some later time, in whatever order."""
    begun = Values()
    for number, source in enumerate(SOURCES):
        begun = say(begun, Heard(source, at(number)), VALUES[number % 3])
    records = {source: (VALUES[number % 3], at(number)) for number, source in enumerate(SOURCES)}
    for number, (source, value) in enumerate(changes):
        if records[source][0] != value:
            records[source] = (value, at(10 + number))

    def read(order: list[str]) -> tuple[str | None, str | None]:
        values = begun
        for number, source in enumerate(order):
            values = say(values, Heard(source, at(60 + number), records[source][1]), records[source][0])
        return seen(values)

    order = [*data.draw(st.permutations(SOURCES)), *data.draw(st.lists(st.sampled_from(SOURCES), max_size=4))]
    assert read(order) == read(list(SOURCES))
