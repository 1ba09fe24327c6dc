"""Contacts and accounts of a member's org, for matching: the strict minimum of fields, page by page.

Objects and fields: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/
sforce_api_objects_contact.htm, …_account.htm and …/system_fields.htm (SystemModstamp: when the record last changed, by a user
or by the system; IsDeleted: in the recycle bin, where queryAll finds it for 15 days).

A person account (…/atlas.en-us.api.meta/api/sforce_api_guidelines_personaccounts.htm) is two records: an account whose
IsPersonAccount is true, and a contact of its own, which has the person's name and address and goes with it. The contact is read
like every other; the account is to us as if it were not there. An org without the feature knows no such field.

A pass over everything goes by Id, one of changes by SystemModstamp and Id: each page asks for what comes after the last record
of the page before, so that what changes or vanishes in between moves nothing out of the way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from chalicelib.connectors import fields
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import (
    CursorExpired,
    NotPermitted,
    Organization,
    OverQuota,
    Page,
    Person,
    Position,
)
from chalicelib.connectors.salesforce import rest, soql
from chalicelib.connectors.salesforce.fields import Table
from chalicelib.connectors.salesforce.oauth import PROVIDER, Unreadable
from chalicelib.connectors.salesforce.rest import Batch, Org
from chalicelib.connectors.salesforce.soql import Compared, Either, OneOf, Operator
from chalicelib.core import clock
from chalicelib.core.stream_codes import Absent, StreamReason

LIMIT = 2000  # the most that one answer has
_LOOKED_AT = 100  # records at a time
# Where a query takes too long: an org with much data behind its sharing rules may need so much time.
SMALLER = {2000: 500, 500: 100, 100: 20}
# Salesforce ends a query after that time itself, with QUERY_TIMEOUT (…/salesforce_app_limits_cheatsheet: SOQL query run time),
# unless our waiting ends a moment before.
QUERY_S = 120.0
OVERLAP = timedelta(minutes=5)  # a change is stamped before it can be seen, and clocks differ
_BIN = timedelta(days=14)  # a day less than deleted records are kept for
_LONG_PAUSE_S = 900.0  # where Salesforce does not say: its limit is over the last 24 hours
_SHORT_PAUSE_S = 60.0
_BUSY = 429
_REASONS = {
    "API_DISABLED_FOR_ORG": StreamReason.API_DISABLED,
    "API_CURRENTLY_DISABLED": StreamReason.API_DISABLED,
    "INSUFFICIENT_ACCESS": StreamReason.NO_ACCESS,
    "INSUFFICIENT_ACCESS_OR_READONLY": StreamReason.NO_ACCESS,
    "INVALID_TYPE": StreamReason.NO_ACCESS,  # an object that the user may not see is none
    "INVALID_FIELD": StreamReason.FIELDS_HIDDEN,
    "INVALID_SESSION_ID": StreamReason.SESSION_REFUSED,  # also with a fresh token: the org forbids our sessions
}


class TooSlow(Exception):
    """Salesforce did not come to the end of a query."""


@dataclass
class Records:
    """The records of one table; a Source (see connectors.port). Where a page takes too long, one without records comes in its
    place, after which the pass goes on in smaller ones: a run has not the time for many tries, and the next begins with that."""

    org: Org
    table: Table
    hidden: set[str] = field(default_factory=set)  # what the org does not show us, as far as we know
    limit: int = LIMIT  # records a page

    def start(self) -> Position:
        return Position(full=True)

    def page(self, position: Position) -> Page:
        at = dict(position.at)
        self.limit = int(at.pop("limit", LIMIT))
        try:
            return self._whole(at) if position.full else self._changed(at)
        except TooSlow:
            self._shrink()
            return self._page([], Position(position.full, {**at, **self._small()}), done=False)

    def look(self, external_ids: Sequence[str]) -> Page:
        asked = [ident for ident in external_ids if rest.ID.fullmatch(ident)]
        records: list[dict[str, Any]] = []
        self.limit = min(self.limit, _LOOKED_AT)
        while asked:
            some = asked[: self.limit]
            try:
                batch = self._read([OneOf("Id", tuple(some))], ["Id"], deleted=True)
            except TooSlow:
                self._shrink()
                continue
            told = {rest.ident(record) for record in batch.records}
            if not batch.whole and not told:
                raise Unreadable
            records += batch.records
            asked = [ident for ident in asked if ident not in told and not (batch.whole and ident in some)]
        there = {rest.ident(record) for record in records}
        missing = tuple(ident for ident in external_ids if ident not in there)
        found = self._page(records, Position(full=False), done=True)
        return replace(found, gone=found.gone + missing)

    def count(self) -> int:
        try:
            return self._without_hidden(self._count).total
        except TooSlow:
            raise Unreadable from None

    def _count(self) -> Batch:
        tells = "IsPersonAccount" in self.table.fields and "IsPersonAccount" not in self.hidden
        where = [Compared("IsPersonAccount", Operator.EQUAL, False)] if tells else []
        return self._ask(soql.count(self.table.of, where), deleted=False)

    def _whole(self, at: Mapping[str, str]) -> Page:
        last = at.get("id", "")
        batch = self._after(last, [Compared("Id", Operator.ABOVE, last)] if last else [], ["Id"], deleted=False)
        began = at.get("began") or _began(batch, None)
        if self._ends(batch):
            return self._page(batch.records, Position(False, {"since": began}), done=True)
        position = Position(True, {"began": began, "id": rest.ident(batch.records[-1]), **self._small()})
        return self._page(batch.records, position, done=False)

    def _changed(self, at: Mapping[str, str]) -> Page:
        since, last = clock.parse_rfc3339(at["since"]), at.get("id", "")
        if last:
            stamp = clock.parse_rfc3339(at["stamp"])
            later = Either((Compared("SystemModstamp", Operator.ABOVE, stamp), Compared("Id", Operator.ABOVE, last)))
            where: list[soql.Condition] = [Compared("SystemModstamp", Operator.FROM, stamp), later]
        else:
            where = [Compared("SystemModstamp", Operator.FROM, since - OVERLAP)]
        batch = self._after(last, where, ["SystemModstamp", "Id"], deleted=True, stamp=at.get("stamp", ""))
        began = at.get("began") or _began(batch, since)
        if clock.parse_rfc3339(began) - since > _BIN:
            raise CursorExpired  # what was deleted since may have left the recycle bin
        if self._ends(batch):
            return self._page(batch.records, Position(False, {"since": began}), done=True)
        last_one = batch.records[-1]
        place = {"stamp": clock.rfc3339(rest.stamp(last_one)), "id": rest.ident(last_one), **self._small()}
        return self._page(batch.records, Position(False, {"since": at["since"], "began": began, **place}), done=False)

    def _ends(self, batch: Batch) -> bool:
        """Salesforce may answer less than the limit and say that there is more."""
        return batch.whole and len(batch.records) < self.limit

    def _shrink(self) -> None:
        """Ask for less from now on. Unreadable where no answer is small enough."""
        if self.limit not in SMALLER:
            raise Unreadable
        self.limit = SMALLER[self.limit]

    def _small(self) -> dict[str, str]:
        """What the position of the next page says of its size: nothing where that is the usual one."""
        return {} if self.limit == LIMIT else {"limit": str(self.limit)}

    def _after(
        self, last: str, where: Sequence[soql.Condition], order: Sequence[str], *, deleted: bool, stamp: str = ""
    ) -> Batch:
        """The records after `last`. An answer that has `last` itself is not one to this question, and is asked for again."""
        for _ in range(2):
            batch = self._read(where, order, deleted=deleted)
            if not any(rest.ident(r) == last and stamp in ("", clock.rfc3339(rest.stamp(r))) for r in batch.records):
                if batch.records or batch.whole:
                    return batch
                break
        raise Unreadable

    def _read(self, where: Sequence[soql.Condition], order: Sequence[str], *, deleted: bool) -> Batch:
        def ask() -> Batch:
            shown = [name for name in self.table.fields if name not in self.hidden]
            query = soql.ascending(shown, self.table.of, where, order=order, limit=self.limit)
            return self._ask(query, deleted=deleted)

        return self._without_hidden(ask)

    def _without_hidden(self, ask: Callable[[], Batch]) -> Batch:
        """The answer, asked for once more without each field that the org does not show. NotPermitted where one of them is
        required; all of them are known then. TooSlow."""
        while True:
            try:
                answer = ask()
                break
            except ProviderRefused as refused:
                if rest.error_code(refused) == "QUERY_TIMEOUT":
                    raise TooSlow from None
                hidden = rest.missing_field(refused) if rest.error_code(refused) == "INVALID_FIELD" else ""
                if hidden not in self.table.fields or hidden in self.hidden:  # by which we order, or compare
                    raise self._named(refused) from None
                self.hidden.add(hidden)
        if any(self.table.fields[name].absent is Absent.NOT_READ for name in self.hidden):
            raise self._not_permitted(StreamReason.FIELDS_HIDDEN)
        return answer

    def _ask(self, query: str, *, deleted: bool) -> Batch:
        try:
            return self.org.batch(query, deleted=deleted)
        except ProviderDown as down:
            if down.answered == _BUSY:
                raise OverQuota(PROVIDER, down.retry_after or _SHORT_PAUSE_S) from None
            if down.late:
                raise TooSlow from None
            raise

    def _page(self, records: Sequence[dict[str, Any]], position: Position, *, done: bool) -> Page:
        gone = tuple(rest.ident(record) for record in records if not _is_there(record))
        there = [record for record in records if _is_there(record)]
        renamed = {
            rest.ident(r): master for r in records if not _is_there(r) and (master := rest.text(r, "MasterRecordId"))
        }
        untold = fields.untold(self.table.fields, self.hidden)
        page = Page(position, done, gone=gone, renamed=renamed, hidden=self._hidden())
        if self.table.of == "Contact":
            return replace(page, people=tuple(_person(record, untold) for record in there))
        return replace(page, organizations=tuple(_organization(record, untold) for record in there))

    def _hidden(self) -> tuple[fields.Hidden, ...]:
        return fields.hidden(self.table.fields, self.hidden)

    def _named(self, refused: ProviderRefused) -> Exception:
        """What a refusal is in the port's words."""
        code = rest.error_code(refused)
        if code == "REQUEST_LIMIT_EXCEEDED":
            return OverQuota(PROVIDER, refused.retry_after or _LONG_PAUSE_S)
        if code in _REASONS:
            return self._not_permitted(_REASONS[code])
        return self._not_permitted(StreamReason.REFUSED) if refused.status in (401, 403) else Unreadable()

    def _not_permitted(self, reason: StreamReason) -> NotPermitted:
        return NotPermitted(reason, self._hidden())


def _began(batch: Batch, since: datetime | None) -> str:
    """When a pass began, by Salesforce's clock: no later than its first answer was written."""
    seen = [rest.stamp(record) for record in batch.records]
    return clock.rfc3339(batch.at or max(seen, default=since or datetime.fromtimestamp(0, UTC)))


def _is_there(record: dict[str, Any]) -> bool:
    return record.get("IsDeleted") is not True and record.get("IsPersonAccount") is not True


def _person(record: dict[str, Any], untold: frozenset[str]) -> Person:
    email = rest.text(record, "Email")
    return Person(
        external_id=rest.ident(record),
        first_name=rest.text(record, "FirstName"),
        last_name=rest.text(record, "LastName"),
        emails=(email,) if email else (),
        title=rest.text(record, "Title"),
        company_external_id=rest.text(record, "AccountId"),
        opted_out=record.get("HasOptedOutOfEmail") is True,
        modified_at=_modified_at(record),
        untold=untold,
    )


def _organization(record: dict[str, Any], untold: frozenset[str]) -> Organization:
    return Organization(
        rest.ident(record),
        rest.text(record, "Name"),
        _domain(rest.text(record, "Website")),
        modified_at=_modified_at(record),
        untold=untold,
    )


def _modified_at(record: dict[str, Any]) -> str:
    return clock.rfc3339(rest.stamp(record)) if record.get("SystemModstamp") else ""


def _domain(website: str) -> str:
    """Websites are written by hand, with or without https:// and www."""
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
