"""A contact as a source brings it, and bringing it into the contact that stands.

Which value is shown is settled by sources.survivorship, for every field alike.

`merge` is for files, which say what they say and take nothing back. `restore` is for a file that was exported here. `follow` is
for connections: what the record does not say any more, the connection does not say any more. Texts are cut at their longest,
lists at 20 values.
"""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier
from chalicelib.domain.contacts.model import LISTS, SINGLE, ContactPayload, Kept, exact_of, key_of, named_by, seen_of
from chalicelib.domain.contacts.restricted import now_said, released, staying
from chalicelib.domain.sources import survivorship
from chalicelib.domain.sources.provenance import KEPT, MEMBER_HIDDEN
from chalicelib.domain.sources.survivorship import Heard
from chalicelib.domain.suppression.model import Mark, marks_of
from chalicelib.domain.visibility import values as visibility

LONGEST = {"first_name": 200, "last_name": 200, "title": 300, "company_name": 300}
MOST = {"emails": 20, "phones": 20, "profile_urls": 20}
_MOST_RESTORED = 50  # of a list: what several sources said together, when it was exported


@dataclass(frozen=True)
class ContactDraft:
    """Phones and URLs as written (their exact forms are made here); `source_id` is the row's own name at its source.

    `company_id` is the member's own company that the source links, `lent` the names that it lends, by source;
    `opted_out`: the person said there that it wants no mail;
    `modified_at` is when the source last changed its record (RFC 3339), empty where it does not say. `untold`: what is empty here
    since the source hides it, so that what it said before stands. `meant`: whom values may mean that were not taken, so that
    an erased person's record is known. Of sources, only our own exports have `notes`. `restricted`: the person wants its data
    restricted, whatever the source says.
    """

    first_name: str = ""
    last_name: str = ""
    emails: tuple[EmailAddress, ...] = ()
    phones: tuple[str, ...] = ()
    profile_urls: tuple[str, ...] = ()
    title: str = ""
    company_name: str = ""
    source_id: str | None = None
    company_id: str | None = None
    lent: dict[str, str] = field(default_factory=dict)
    opted_out: bool = False
    modified_at: str = ""
    notes: str = ""
    untold: frozenset[str] = frozenset()
    meant: tuple[Mark, ...] = ()
    restricted: bool = False

    def marks(self) -> tuple[Mark, ...]:
        """Return the marks by which the row is checked against the tombstones."""
        urls = [exact for _, exact in self.keyed("profile_urls")]
        phones = [exact for _, exact in self.keyed("phones")]
        return marks_of(self.emails, urls, phones, [self.source_id] if self.source_id else []) + self.meant

    def whose(self) -> tuple[Mark, ...]:
        """Return the marks by which its person may be restricted: as those of the contact that it makes, without whom values may
        mean that are another's."""
        return (*marks_of(self.emails), *named_by(self.emails))

    def beside(self, earlier: Iterable["ContactDraft"]) -> "ContactDraft":
        """Return the draft as it counts after others of the same file and person: a text that one of these said stands, and
        so does their spelling of what is in a list."""
        said = [*earlier, self]
        texts, lists = ("first_name", "last_name", "title", "company_name"), ("emails", "phones", "profile_urls")
        first: dict[str, Any] = {name: next(filter(None, (getattr(each, name) for each in said)), "") for name in texts}
        every: dict[str, Any] = {name: tuple(value for each in said for value in getattr(each, name)) for name in lists}
        return replace(self, **first, **every)

    def keyed(self, field: str) -> Iterator[tuple[str, str]]:
        """Yield the values of a list field as (as written, exact form), each exact form once; what has none is left
        out."""
        seen: set[str] = set()
        for value, exact in self._exact(field):
            if exact not in seen:
                seen.add(exact)
                yield value.strip(), exact

    def _exact(self, field: str) -> Iterator[tuple[str, str]]:
        if field == "emails":
            yield from ((email.text, email.exact) for email in self.emails)
            return
        for value in getattr(self, field):
            with contextlib.suppress(InvalidIdentifier):
                yield value, exact_of(field, value)


def merge(payload: ContactPayload, draft: ContactDraft, source: str, at: str) -> ContactPayload | None:
    """Return the contact with the draft of a file brought in at that time (RFC 3339), or None where that changes nothing."""
    changed = _brought(payload, draft, source, at, all_told=False)
    after = payload.model_copy(update=changed) if changed else payload
    return None if after == payload else stamped(payload, after, at)


def restore(payload: ContactPayload, draft: ContactDraft, source: str, at: str) -> ContactPayload | None:
    """Return the contact with what an export of ours says of it, brought back at that time (RFC 3339), or None where that
    changes nothing. What stands there stays as it is: the export is no source of what it was made of."""
    said = {name: {key_of(name)(kept.value) for kept in payload.values_of(name)} for name in LISTS}
    texts = {name: {kept.value for kept in payload.values_of(name)} for name in SINGLE}
    linking = bool(draft.company_id) and payload.company_id is None
    # A name that the file has from the company, and not the contact's own, follows the company here, too.
    lent = linking and payload.company_name is None and draft.company_name.strip() in draft.lent.values()
    if lent:
        texts["company_name"].add(draft.company_name.strip()[: LONGEST["company_name"]])
    new: dict[str, Any] = {name: "" for name in SINGLE if getattr(draft, name).strip()[: LONGEST[name]] in texts[name]}
    for name in LISTS[1:]:
        new[name] = tuple(value for value, exact in draft.keyed(name) if exact not in said[name])
    new["emails"] = tuple(email for email in draft.emails if email.exact not in said["emails"])
    changed = _brought(payload, replace(draft, **new), source, at, all_told=False, most=_MOST_RESTORED)
    if draft.notes and payload.notes is None:
        changed["notes"] = draft.notes
    if draft.opted_out:
        changed["opted_out"] = True
    if linking:
        changed |= {"company_id": draft.company_id, "company_from": source}
    after = payload.model_copy(update=changed)
    if lent:
        names = survivorship.lend(after.values_of("company_name"), draft.lent, at)
        after = after.model_copy(update=after.with_values({"company_name": names}))
    return None if after == payload else stamped(payload, after, at)


def follow(payload: ContactPayload, draft: ContactDraft, source: str, at: str) -> ContactPayload:
    """Return the contact with what the connection says now, at that time (RFC 3339); the same object where that changes
    nothing, and with its times as they were where nobody is shown a difference. Of one that is restricted nothing is taken but
    that the connection has it, and that the person wants no mail."""
    if payload.restricted:
        return _only_known(payload, draft, at)
    before, payload = payload, _shown_again(payload, source)
    changed = _brought(payload, draft, source, at, all_told=True)
    if draft.opted_out:
        changed["opted_out"] = True
    # What was kept of a link yields to one that somebody says.
    kept = bool(draft.company_id) and payload.company_from == MEMBER_HIDDEN
    ours = kept or payload.company_id is None or payload.company_from == source
    ours = ours and "company_id" not in draft.untold
    if ours:
        # One that the source does not name (any more) is not linked; the same one again keeps whoever linked it first.
        changed |= {"company_id": draft.company_id, "company_from": source if draft.company_id else ""}
    after = payload.model_copy(update=changed) if changed else payload
    if ours:
        lent = survivorship.lend(after.values_of("company_name"), draft.lent, at)
        after = after.model_copy(update=after.with_values({"company_name": lent}))
    if after == before:
        return before
    return stamped(before, after, at) if after.differs_visibly(before) else after


def _only_known(payload: ContactPayload, draft: ContactDraft, at: str) -> ContactPayload:
    update: dict[str, object] = {}
    if draft.source_id and draft.source_id not in payload.source_ids:
        update["source_ids"] = [*payload.source_ids, draft.source_id]
    if draft.opted_out and not payload.opted_out:
        update["opted_out"] = True
    return stamped(payload, payload.model_copy(update=update), at) if update else payload


def restricted_as(payload: ContactPayload, at: str, *, restricted: bool) -> ContactPayload:
    """Return the contact as one whose person wants its data restricted, or not any more, from that time on (RFC 3339): then with
    what its sources said meanwhile. The same object where it is so already."""
    if payload.restricted is restricted:
        return payload
    after = payload.model_copy(update={"restricted": True}) if restricted else released(payload)
    return stamped(payload, after, at)


def without_sources(payload: ContactPayload, sources: frozenset[str]) -> ContactPayload:
    """Return the contact without what only these connections (as sources of values) say, and without their names for it. Its
    times are as they were; nobody may be left."""
    linked = payload.company_from in sources
    left: dict[str, list[Kept]] = {}
    for name in (*SINGLE, *LISTS):
        every = payload.values_of(name)
        groups = survivorship.elements(every, key_of(name)) if name in LISTS else [every]
        left[name] = [kept for group in groups for kept in survivorship.without(group, sources)]
    if linked:
        left["company_name"] = survivorship.lend(left["company_name"], {}, "")
    return payload.model_copy(
        update={
            **payload.with_values(left),
            "source_ids": [name for name in payload.source_ids if name.rpartition(":")[0] not in sources],
            "seen": {source: at for source, at in payload.seen.items() if source not in sources},
            **({"company_id": None, "company_from": ""} if linked else {}),
        }
    )


def _shown_again(payload: ContactPayload, source: str) -> ContactPayload:
    """Return the contact without what was kept of a connection that shows it again; of several, when the last one does."""
    if source not in payload.kept_from:
        return payload
    if left := [each for each in payload.kept_from if each != source]:
        return payload.model_copy(update={"kept_from": left})
    again = without_sources(payload, KEPT).model_copy(update={"kept_at": "", "kept_from": []})
    if payload.company_from != MEMBER_HIDDEN:
        return again
    names = {"company_name": payload.values_of("company_name")}
    return again.model_copy(
        update={**again.with_values(names), "company_id": payload.company_id, "company_from": source}
    )


def stamped(before: ContactPayload, after: ContactPayload, at: str) -> ContactPayload:
    """Return `after` with its times set: each moves only where whom it is shown to could see a difference, the owner, colleagues
    who are shown companies too, and those who are not."""
    was, shown = seen_of(before, after, with_companies=True)
    update = visibility.times(after, at, was, shown, own=before.own_view() != after.own_view())
    if any(each.names_company or each.over_at for each in (before, after)):  # else others than these see the same
        was, shown = seen_of(before, after, with_companies=False)
    return after.model_copy(update=update if was == shown else {**update, "bare_at": at})


def _fitting(text: str, most: int) -> str:
    if len(text) <= most:  # nearly every one
        return text
    from chalicelib.domain.redaction.texts import shortened  # noqa: PLC0415 - cold start: patterns of every script

    return shortened(text, most)


def _brought(
    payload: ContactPayload, draft: ContactDraft, source: str, at: str, *, all_told: bool, most: int | None = None
) -> dict[str, object]:
    read = now_said if payload.restricted else ContactPayload.values_of
    there = {name: read(payload, name) for name in (*SINGLE, *LISTS)}
    values: dict[str, list[Kept]] = {}
    heard = Heard(source, at, draft.modified_at)
    for name in SINGLE:
        told = _fitting(getattr(draft, name).strip(), LONGEST[name])
        if told or (all_told and name not in draft.untold):
            values[name] = survivorship.say(there[name], heard, told)
    for name in LISTS:
        if all_told or getattr(draft, name):
            values[name] = survivorship.say_each(
                there[name], heard, draft.keyed(name), key=key_of(name), most=most or MOST[name], all_told=all_told
            )
    if payload.restricted:
        values = {name: staying(payload, name, each) for name, each in values.items()}
        there = {name: payload.values_of(name) for name in values}
    news = {name: each for name, each in values.items() if each != there[name]}
    changed = payload.with_values(news) if news else {}
    if draft.source_id and draft.source_id not in payload.source_ids:
        changed["source_ids"] = [*payload.source_ids, draft.source_id]
    return changed
