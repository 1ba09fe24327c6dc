"""The declarations of all kinds: complete, true where they name others, and one version for one list."""

import dataclasses
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.domain import kinds
from chalicelib.store import declaration
from chalicelib.store.declaration import ANY, Declaration, Ended, Exported, Found, Holds, TenantEnd
from chalicelib.store.handlers import Because, Handler
from chalicelib.store.records import SealedRecord

# How many arguments each handler is called with.
TAKES = {
    "expire": 4,
    "tidy": 2,
    "subject": 3,
    "erase": 3,
    "redact": 3,
    "erase_children": 3,
    "dissolve": 2,
    "told": 2,
    "told_at": 1,
    "correct": 3,
    "correct_at": 2,
    "restrict": 2,
    "place": 1,
    "erase_at": 2,
    "after_erasure": 2,
    "purge": 1,
    "leave": 2,
}
REPLAY_TAKES = 4
COMPLETE = Declaration(
    kind="half", holds=Holds.NOBODY, found=Found.NEVER, life="a day", life_days=1, because="ids", export=Because("ids")
)


def handlers(declared: Declaration) -> Iterator[tuple[Handler[Any], int]]:
    for name, takes in TAKES.items():
        handler = getattr(declared, name)
        if isinstance(handler, Handler):
            yield handler, takes
    for handler in declared.replays.values():
        yield handler, REPLAY_TAKES


@pytest.mark.parametrize("record", kinds.RECORDS, ids=lambda record: record.__name__)
def test_every_handler_is_there_and_takes_what_it_is_given(record: type[SealedRecord]) -> None:
    named = {field.name for field in dataclasses.fields(Declaration) if "Handler" in str(field.type)}
    assert named == {*TAKES, "replays"}
    grants = record.declared.grants
    if grants is not None:
        inspect.signature(grants.of_tenant.load()).bind(*range(3))
        inspect.signature(grants.of_member.load()).bind(*range(4))
    for handler, takes in handlers(record.declared):
        inspect.signature(handler.load()).bind(*range(takes))


@pytest.mark.parametrize("record", kinds.RECORDS, ids=lambda record: record.__name__)
def test_what_a_kind_hangs_on_is_a_kind(record: type[SealedRecord]) -> None:
    assert record.declared.parent in ("", ANY, *kinds.BY_KIND)
    if record.declared.tenant_end is TenantEnd.PARENT and record.declared.parent != ANY:
        parent = kinds.BY_KIND[record.declared.parent]
        assert parent.tenant_scoped or parent.declared.tenant_end is not TenantEnd.OUTLIVES


def test_every_entry_of_the_replay_log_is_done_again_by_one_kind() -> None:
    names = [name for record in kinds.RECORDS for name in record.declared.replays]
    settings = ["charter", "choice", "declined", "invitation", "narrowing", "wished"]
    assert sorted(names) == sorted([*settings, "certificate", "disconnection", "erasure", "leaving", "purge"])


@pytest.mark.parametrize(
    ("change", "platform", "says"),
    [
        ({"life": ""}, False, "how long it lives (life)"),
        ({"export": None}, False, "how it is exported, or why it is not (export)"),
        ({"export": Exported("halves")}, False, "what its files show (export's shape, or payload)"),
        ({"because": ""}, False, "why an erasure need not find it (because)"),
        ({"found": Found.MENTION}, False, "how a mention in it is redacted (redact)"),
        ({"found": Found.MENTION, "redact": Because("none")}, False, "how a mention in it is redacted (redact)"),
        ({"found": Found.WITH_PARENT}, False, "on which kind it hangs (parent)"),
        ({"ended": Ended.PASS}, False, "how the daily pass ends it (expire)"),
        ({}, True, "what becomes of it when its workspace ends (tenant_end)"),
        ({"tenant_end": TenantEnd.HANDLER}, True, "what deletes it when its workspace ends (purge)"),
        (
            {"tenant_end": TenantEnd.TEAM, "holds": Holds.MEMBER},
            True,
            "what becomes of it when its member leaves (leave)",
        ),
        ({"tenant_end": TenantEnd.TEAM, "life_days": None}, True, "what ends it (life_days or ended)"),
    ],
)
def test_what_is_missing_is_said(change: dict[str, object], platform: bool, says: str) -> None:
    assert declaration.missing(COMPLETE, tenant_scoped=True) == []
    changed = dataclasses.replace(COMPLETE, **change)  # type: ignore[arg-type]  # each is a field's
    assert declaration.missing(changed, tenant_scoped=not platform) == [says]


def test_the_version_is_of_the_list_and_of_what_each_kind_says() -> None:
    every = [record.declared for record in kinds.RECORDS]
    known = declaration.version(every)
    assert len(known) == 64
    assert declaration.version(reversed(every)) == known
    assert declaration.version(every[1:]) != known
    assert declaration.version([dataclasses.replace(every[0], life="a day"), *every[1:]]) != known
    contact = next(each for each in every if each.kind == "contact")
    others = [each for each in every if each is not contact]
    assert declaration.version([*others, dataclasses.replace(contact, erase=None)]) != known
