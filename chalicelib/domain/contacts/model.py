"""A contact as it is sealed: every value with its sources, and what may be shown of it to whom."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Annotated

from pydantic import Field

from chalicelib.core import ids
from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier, phone, profile_url
from chalicelib.core.ids import OwnerCode, SortKey
from chalicelib.core.models import LINE, PROSE, Model
from chalicelib.domain.sources import staying, survivorship
from chalicelib.domain.sources.provenance import COMPANY, MEMBER, Kept, is_hidden, keep, united
from chalicelib.domain.suppression.model import Mark, marks_of
from chalicelib.domain.visibility.values import shareable, shareable_list

__all__ = ["COMPANY", "KIND", "MEMBER", "PREFIX", "ContactPayload", "Kept", "keep", "record_sk"]

KIND = "contact"
PREFIX = "con"
SINGLE = ("first_name", "last_name", "title", "company_name")
LISTS = ("emails", "phones", "profile_urls")
_WHO = ("first_name", "last_name", *LISTS)  # a name or an identifier


class ContactPayload(Model):
    """Times are RFC 3339. `shown_at` is when something last changed that others could see while contacts and companies are
    shared, `bare_at` the same while contacts alone are; `shown_from` when there was anything for them to see, where that is
    later than `created_at`.

    `source_ids` are the contact's names at its sources (`import:…`, connection and external id). `last_heard_at` is when
    the person last wrote, where that is known; `seen` is when each connection (a source of values) last showed the contact.
    `company_from`: the connection that linked the company; empty where the member did, or `company:hidden` where nobody else
    may see that company. `opted_out`: some source said that the person wants no mail. `beside`: of each field
    what its sources say that is not shown (see survivorship). `over_at`: since when colleagues who may not learn what keeps it,
    a company that is a client, are told that its life is over. `kept_at`: since when the connections `kept_from` (as sources)
    show it no more and it is kept for what its member annotated; `company_from` is `member:hidden` where one of them had linked
    the company. `restricted`: the person wants that: colleagues see nothing of it, and what sources say newly stands beside
    what is shown, until it is lifted (see sources.staying).
    """

    first_name: Annotated[Kept | None, LINE] = None
    last_name: Annotated[Kept | None, LINE] = None
    title: Annotated[Kept | None, LINE] = None
    company_name: Annotated[Kept | None, LINE] = None
    emails: list[Kept] = Field(default_factory=list)
    phones: list[Kept] = Field(default_factory=list)
    profile_urls: list[Kept] = Field(default_factory=list)
    source_ids: list[str] = Field(default_factory=list)
    company_id: str | None = None
    company_from: str = ""
    notes: Annotated[str | None, PROSE] = None
    created_at: str = ""
    updated_at: str = ""
    shown_at: str = ""
    bare_at: str = ""
    shown_from: str = ""
    last_heard_at: str | None = None
    seen: dict[str, str] = Field(default_factory=dict)
    opted_out: bool = False
    over_at: str = ""
    kept_at: str = ""
    kept_from: list[str] = Field(default_factory=list)
    beside: dict[str, list[Kept]] = Field(default_factory=dict)
    restricted: bool = False

    def values(self) -> Iterator[Kept]:
        """Yield every value that has sources."""
        for name in (*SINGLE, *LISTS):
            yield from self.values_of(name)

    def values_of(self, name: str) -> list[Kept]:
        """Return every value of one field, those that are shown first."""
        there = getattr(self, name)
        if not self.beside:  # of nearly all
            return [*there] if name in LISTS else [there] if there is not None else []
        shown = there if name in LISTS else [there] if there is not None else []
        return [*shown, *self.beside.get(name, ())]

    def shown_texts(self, name: str) -> set[str]:
        """Return the texts of a field that are shown."""
        there = getattr(self, name)
        return {kept.value for kept in (there if name in LISTS else [there]) if kept is not None}

    def with_values(self, values: Mapping[str, list[Kept]]) -> dict[str, object]:
        """Return the update of these fields, given all values of each: what is shown of them, and what stands
        beside."""
        update: dict[str, object] = {}
        beside = {name: kept for name, kept in self.beside.items() if name not in values}
        for name, every in values.items():
            groups = survivorship.elements(every, key_of(name)) if name in LISTS else [every]
            choose = staying.chooser(self.shown_texts(name), groups) if self.restricted else survivorship.settled
            chosen = [choose(group) for group in groups]
            shown = [kept for kept, _ in chosen if kept is not None]
            update[name] = shown if name in LISTS else next(iter(shown), None)
            if left := [kept for _, others in chosen for kept in others]:
                beside[name] = left
        return {**update, "beside": beside}

    def differs_visibly(self, before: "ContactPayload") -> bool:
        """Return whether anybody is shown a difference, or finds the contact by another identifier that it holds or mentions:
        not where only what stands beside was changed, or when connections showed it last."""
        if before.model_copy(update={"seen": self.seen, "beside": self.beside}) != self:
            return True
        return self.beside != before.beside and (
            before.sources != self.sources
            or before.held() != self.held()
            or before.mentioned() != self.mentioned()
            or any(before.shown(with_companies=each) != self.shown(with_companies=each) for each in (True, False))
        )

    def own_view(self) -> tuple[object, ...]:
        """Return what the owner is shown, without the times of changes: equal where the owner can tell no difference."""
        singles = [kept.value if (kept := getattr(self, name)) else None for name in SINGLE]
        lists = [[kept.value for kept in getattr(self, name)] for name in LISTS]
        return (
            *singles,
            *lists,
            self.company_id,
            self.notes,
            self.opted_out,
            self.restricted,
            self.sources,
            self.kept_at,
            self.created_at,
        )

    @property
    def link_is_hidden(self) -> bool:
        """Return whether only the owner may learn which company is linked. A link of the member's own has no source."""
        return bool(self.company_from) and is_hidden(self.company_from)

    @property
    def names_company(self) -> bool:
        """Whether it tells something of a company of the member's: the link to it, or a name that it lends."""
        return bool(self.company_id) or any(map(survivorship.is_lent, self.values_of("company_name")))

    @property
    def sources(self) -> dict[str, str]:
        """Where the contact came from: each source, since when."""
        return united(self.values())

    @property
    def says_who(self) -> bool:
        """Whether there is a name or an identifier; without one it is no contact."""
        return any(getattr(self, name) for name in _WHO)

    def names(self) -> list[tuple[str, str]]:
        """Return every first and last name that belong together, each once: the shown ones first, then those that a source
        says otherwise."""
        first, last = (self.values_of(name) for name in ("first_name", "last_name"))
        shown = tuple(kept.value if kept else "" for kept in (self.first_name, self.last_name))
        sources = dict.fromkeys(source for kept in (*first, *last) for source in kept.sources)
        told = (
            tuple(next((kept.value for kept in each if source in kept.sources), "") for each in (first, last))
            for source in sources
        )
        return list(dict.fromkeys((one, other) for one, other in (shown, *told) if one or other))

    def held(self) -> tuple[Mark, ...]:
        """Return the marks of the person whom the contact is about."""
        emails = [EmailAddress.parse(kept.value) for kept in self.values_of("emails")]
        urls = [profile_url(kept.value) for kept in self.values_of("profile_urls")]
        return marks_of(emails, urls, _phones(self.values_of("phones")), self.source_ids)

    def named(self) -> tuple[Mark, ...]:
        """Return the marks of whoever stands in an address that is none of theirs as it is (redaction.likeness): the contact is
        theirs too where they are erased, but tells nothing else of them."""
        return named_by(map(EmailAddress.parse, (kept.value for kept in self.values_of("emails"))))

    def mentioned(self) -> tuple[Mark, ...]:
        """Return the marks of whoever the notes and other texts name by an address, URL or phone, shown or not."""
        from chalicelib.domain.redaction.texts import mentioned_in  # noqa: PLC0415 - cold start: patterns of every script

        return mentioned_in(self)

    def shared(self, *, with_companies: bool) -> "ContactPayload | None":
        """Return what a colleague sees while contacts are shared: no notes, and nothing that only a CRM knows (nor
        which company it is, nor that the contact existed before); of the member's companies nothing unless these are
        shared too. None where no name and no identifier is left to see, its life is over as far as they may know, or its
        person is restricted."""
        values = self._shared_values(with_companies=with_companies)
        if values is None:
            return None
        return self.model_copy(
            update={
                **values,
                "beside": {},
                "source_ids": [],
                "notes": None,
                "last_heard_at": None,
                "seen": {},
                "opted_out": False,
                "company_from": "",
                "company_id": self.company_id if with_companies and not self.link_is_hidden else None,
                "created_at": self.first_shown,
                "updated_at": (self.shown_at if with_companies else self.bare_at) or self.created_at,
                "shown_at": "",
                "bare_at": "",
                "over_at": "",
                "kept_at": "",
                "kept_from": [],
                "shown_from": "",
            }
        )

    def _shared_values(
        self, *, with_companies: bool, names: tuple[str, ...] = (*SINGLE, *LISTS)
    ) -> dict[str, object] | None:
        if self.restricted or (self.over_at and (not with_companies or self.link_is_hidden)):
            return None
        values: dict[str, object] = {}
        for name in names:
            if not (every := self.values_of(name)):
                continue
            if name in LISTS:
                values[name] = shareable_list(every, key_of(name) if name in self.beside else None)
            else:
                values[name] = shareable(every, lends=with_companies)
        return values if any(values.get(name) for name in _WHO) else None

    @property
    def first_shown(self) -> str:
        """Return since when there has been anything for colleagues to see."""
        return self.shown_from or self.created_at

    def shows(self, *, with_companies: bool = True) -> bool:
        """Return whether somebody is left to see of what a colleague may be shown; of companies only with them."""
        # Mostly the first does, and nothing more is to be worked out.
        return any(self._shared_values(with_companies=with_companies, names=(name,)) is not None for name in _WHO)

    def shown(self, *, with_companies: bool) -> "ContactPayload | None":
        """Return the same as `shared`, without the times of changes: equal where a colleague can tell no difference."""
        seen = self.shared(with_companies=with_companies)
        if seen is not None:
            seen.updated_at = ""  # of a copy that nobody else has
        return seen


def seen_of(
    before: ContactPayload | None, after: ContactPayload | None, *, with_companies: bool
) -> tuple[ContactPayload | None, ContactPayload | None]:
    """Return what a colleague is shown of a contact before and after a change, each as `shown`; unlike where they can tell a
    difference. Who was shown nothing tells only whether something is: `after` stands for it then, as it is."""
    was = before.shown(with_companies=with_companies) if before else None
    if was is None:
        return None, after if after and after.shows(with_companies=with_companies) else None
    return was, after.shown(with_companies=with_companies) if after else None


def record_sk(owner: OwnerCode, local: str) -> SortKey:
    """Return the sort key of a contact's row; `owner` is an owner code."""
    return ids.sort_key(KIND, owner, local)


def exact_of(field: str, value: str) -> str:
    """Return the form in which two values of a list field are the same. InvalidIdentifier where it has none."""
    if field == "emails":
        return EmailAddress.parse(value).exact
    return profile_url(value) if field == "profile_urls" else phone(value)


def exact_or_text(field: str, value: str) -> str:
    """Return the exact form, or the text itself where it has none (a phone that is an extension)."""
    try:
        return exact_of(field, value)
    except InvalidIdentifier:
        return value


def key_of(field: str) -> Callable[[str], str]:
    """Return the function that maps a list field's values to equal keys where they are the same."""
    return partial(exact_or_text, field)


def named_by(emails: Iterable[EmailAddress]) -> tuple[Mark, ...]:
    """Return the marks of whoever stands in these addresses, as ContactPayload.named."""
    unusual = [each for each in emails if not each.is_usual]
    if not unusual:  # of nearly all
        return ()
    from chalicelib.domain.redaction.likeness import named_in  # noqa: PLC0415 - cold start: patterns of every script

    return marks_of(EmailAddress.parse(exact, historic=True) for each in unusual for exact in named_in(each))


def _phones(kept: list[Kept]) -> Iterator[str]:
    for number in kept:
        try:
            yield phone(number.value)
        except InvalidIdentifier:
            continue  # an extension or a word: kept as it was brought in, but nobody is found by it
