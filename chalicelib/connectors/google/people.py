"""A member's Google contacts by the People API.

https://developers.google.com/people/api/rest/v1/people.connections/list (pages, sync tokens, which end seven days after the full
pass that gave them; every other parameter has to be the same each time), …/people/getBatchGet, …/people#Person.
"""

import functools
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from chalicelib.connectors.google import failures, hosts, transport
from chalicelib.connectors.google.transport import Transport
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import CursorExpired, NotPermitted, Page, Person, Position, TokenSource
from chalicelib.core import clock
from chalicelib.core.stream_codes import StreamReason

SCOPE = "https://www.googleapis.com/auth/contacts.readonly"
# All that is ever asked for, each field with its purpose.
PURPOSES = {
    "names": "whom a contact is",
    "emailAddresses": "whom a contact is; where it can be written to",
    "phoneNumbers": "where a contact can be called",
    "organizations": "where a contact works, and as what",
    "urls": "the LinkedIn profile, by which the same person is known elsewhere",
    "metadata": "what was deleted or got another id; which of two sources is the more recent",
}
PERSON_FIELDS = ",".join(PURPOSES)
# Within those, only what is read: Google leaves the rest out of its answer.
_PERSON = (
    "resourceName,metadata(deleted,previousResourceNames,sources(type,updateTime)),"
    "names(givenName,familyName,displayName,metadata/primary),emailAddresses/value,phoneNumbers/value,"
    "organizations(name,title,current,endDate,metadata/primary),urls/value"
)
_LIST = f"connections({_PERSON}),nextPageToken,nextSyncToken"
_LOOK = f"responses(person({_PERSON}),requestedResourceName,httpStatusCode,status/code)"
_COUNT = "connections/resourceName,totalItems,totalPeople"
_PAGE_SIZE = 1000
_PREFIX = "people/"
_CODE_NOT_FOUND = 5  # google.rpc.Code


class Contacts:
    """port.Source of one account's contacts. `scopes` are those that were granted; none known: Google will say."""

    def __init__(self, tokens: TokenSource, scopes: Sequence[str], until: float | None = None) -> None:
        self._transport, self._scopes = Transport(tokens, until), scopes

    def start(self) -> Position:
        """See port.Source."""
        return Position(full=True)

    def page(self, position: Position) -> Page:
        """See port.Source."""
        at = position.at
        asked = {"pageToken": at.get("page"), "syncToken": at.get("sync")}
        answer = self._ask(
            lambda people: people.connections().list(
                resourceName="people/me",
                personFields=PERSON_FIELDS,
                pageSize=_PAGE_SIZE,
                requestSyncToken=True,
                fields=_LIST,
                **asked,
            ),
            follows=any(asked.values()),
        )
        found, gone, renamed = _sorted(_objects(answer, "connections"))
        page_token, sync = answer.get("nextPageToken"), answer.get("nextSyncToken")
        if page_token:
            return Page(
                Position(position.full, {**at, "page": str(page_token)}), False, found, gone=gone, renamed=renamed
            )
        after = str(sync or at.get("sync") or "")
        return Page(Position(not after, {"sync": after} if after else {}), True, found, gone=gone, renamed=renamed)

    def look(self, external_ids: Sequence[str]) -> Page:
        """See port.Source. One call: Google takes 200."""
        if not external_ids:
            return Page(self.start(), True)
        names = [_PREFIX + unquote(ident) for ident in external_ids]
        answer = self._ask(
            lambda people: people.getBatchGet(resourceNames=names, personFields=PERSON_FIELDS, fields=_LOOK)
        )
        present: list[dict[str, Any]] = []
        gone: list[str] = []
        renamed: dict[str, str] = {}
        for entry in _objects(answer, "responses"):
            asked, person = _text(entry, "requestedResourceName"), entry.get("person")
            if _missing(entry) or not isinstance(person, dict) or not _is_contact(person):
                gone.append(_external_id(asked))
                continue
            present.append(person)
            if asked != (name := _text(person, "resourceName")):  # the same contact has another name now
                gone.append(_external_id(asked))
                renamed[_external_id(asked)] = _external_id(name)
        found, deleted, before = _sorted(present)
        gone = list(dict.fromkeys((*gone, *deleted)))
        return Page(self.start(), True, found, gone=tuple(gone), renamed={**before, **renamed})

    def count(self) -> int | None:
        """See port.Source."""
        answer = self._ask(
            lambda people: people.connections().list(
                resourceName="people/me", personFields=PERSON_FIELDS, pageSize=1, fields=_COUNT
            )
        )
        total = answer.get("totalItems", answer.get("totalPeople"))
        if total is None and not answer.get("connections"):
            return 0  # Google leaves zeros out of its answers
        return total if isinstance(total, int) else None

    def _ask(self, made: Any, *, follows: bool = False) -> dict[str, Any]:
        """The answer to one call of `people`; `follows`: it names a place that Google gave us, and may have forgotten."""
        if self._scopes and SCOPE not in self._scopes:
            raise NotPermitted(StreamReason.SCOPE_MISSING, final=True)
        try:
            return transport.execute(made(self._people))
        except ProviderRefused as refused:
            if follows and refused.status == failures.BAD_REQUEST:
                raise CursorExpired from None
            raise ProviderDown(hosts.PROVIDER, sent=False) from None

    @functools.cached_property
    def _people(self) -> Any:
        return transport.service("people", hosts.present().people, self._transport).people()


def _sorted(persons: Sequence[dict[str, Any]]) -> tuple[tuple[Person, ...], tuple[str, ...], dict[str, str]]:
    """Who is there; the ids of who is not any more, deleted or known by another name now; of the latter that name."""
    found: dict[str, Person] = {}
    gone: list[str] = []
    renamed: dict[str, str] = {}
    for person in persons:
        ident, metadata = _external_id(_text(person, "resourceName")), _object(person, "metadata")
        previous = metadata.get("previousResourceNames")
        former = [
            _external_id(name) for name in (previous if isinstance(previous, list) else []) if isinstance(name, str)
        ]
        gone += former
        if metadata.get("deleted") is True:
            gone.append(ident)
        elif ident:
            found[ident] = _person(ident, person)
            renamed |= dict.fromkeys(former, ident)
    left = tuple(ident for ident in dict.fromkeys(gone) if ident and ident not in found)
    return tuple(found.values()), left, {ident: renamed[ident] for ident in left if ident in renamed}


def _person(ident: str, person: dict[str, Any]) -> Person:
    names, work = _objects(person, "names"), _present_work(_objects(person, "organizations"))
    name = next((each for each in names if _primary(each)), names[0] if names else {})
    first, last = _text(name, "givenName"), _text(name, "familyName")
    if not first and not last:  # both are optional, and what Google shows is there all the same
        first, _, last = _text(name, "displayName").strip().partition(" ")
    return Person(
        external_id=ident,
        first_name=first,
        last_name=last,
        emails=_values(person, "emailAddresses"),
        phones=_values(person, "phoneNumbers"),
        profile_urls=tuple(url for url in _values(person, "urls") if _is_profile(url)),
        title=_text(work, "title"),
        company_name=_text(work, "name"),
        modified_at=_modified_at(person),
    )


def _modified_at(person: dict[str, Any]) -> str:
    """When the member's own entry last changed; Google leaves it out where it does not know."""
    told = [
        _text(each, "updateTime")
        for each in _objects(_object(person, "metadata"), "sources")
        if _text(each, "type") == "CONTACT"
    ]
    try:
        return clock.rfc3339(max(map(clock.parse_rfc3339, filter(None, told))))
    except ValueError:
        return ""


def _present_work(organizations: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Google leaves `current` out where it is false, and nobody need have set it: then what has not ended is the present."""
    lasting = [each for each in organizations if not each.get("endDate") or each.get("current") is True]
    ranked = sorted(lasting, key=lambda each: (each.get("current") is not True, not _primary(each)))
    return ranked[0] if ranked else {}


def _is_contact(person: dict[str, Any]) -> bool:
    """Whether it is still in the member's contacts: the profile of a person who was deleted there answers all the same."""
    sources = {_text(source, "type") for source in _objects(_object(person, "metadata"), "sources")}
    return not sources or "CONTACT" in sources


def _missing(entry: dict[str, Any]) -> bool:
    code, status = _object(entry, "status").get("code", 0), entry.get("httpStatusCode", 200)
    if code == _CODE_NOT_FOUND or status == failures.NOT_FOUND:
        return True
    if code or status != 200:  # noqa: PLR2004 - HTTP's own number
        raise ProviderDown(hosts.PROVIDER)
    return False


def _is_profile(url: str) -> bool:
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host = parts.hostname or ""
    except ValueError:
        return False
    return (host == "linkedin.com" or host.endswith(".linkedin.com")) and parts.path.lower().startswith(
        ("/in/", "/pub/")
    )


def _external_id(resource_name: str) -> str:
    return quote(resource_name.removeprefix(_PREFIX), safe="")


def _primary(value: dict[str, Any]) -> bool:
    return _object(value, "metadata").get("primary") is True


def _values(person: dict[str, Any], field: str) -> tuple[str, ...]:
    texts = (_text(each, "value").strip() for each in _objects(person, field))
    return tuple(dict.fromkeys(text for text in texts if text))


def _objects(holder: dict[str, Any], field: str) -> list[dict[str, Any]]:
    listed = holder.get(field)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _object(holder: dict[str, Any], field: str) -> dict[str, Any]:
    value = holder.get(field)
    return value if isinstance(value, dict) else {}


def _text(holder: dict[str, Any], field: str) -> str:
    value = holder.get(field)
    return value if isinstance(value, str) else ""
