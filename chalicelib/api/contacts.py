"""Contacts: private to the member, shown to colleagues while the member shares contacts."""

from typing import TYPE_CHECKING, Annotated, Any

from chalice import Blueprint
from pydantic import Field, StringConstraints

from chalicelib.api import pagination
from chalicelib.api.http import Call, Reply, route
from chalicelib.core import clock
from chalicelib.core.codes import Code
from chalicelib.core.models import Input, Model, Time
from chalicelib.core.written import IDENTIFIER, LINES, LONGEST_NOTES, ONE_LINE
from chalicelib.domain.companies.model import Tag
from chalicelib.domain.contacts.model import LISTS, SINGLE, ContactPayload

if TYPE_CHECKING:
    from chalicelib.domain.visibility.ranges import Seen

bp = Blueprint(__name__)
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), ONE_LINE]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), ONE_LINE]
Notes = Annotated[str, StringConstraints(max_length=LONGEST_NOTES), LINES]
Id = Annotated[str, StringConstraints(max_length=80), ONE_LINE]
Query = Annotated[str, StringConstraints(max_length=200), ONE_LINE]
Emails = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=320), IDENTIFIER]], Field(max_length=20)
]
Phones = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=60), IDENTIFIER]], Field(max_length=20)
]
Urls = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=500), IDENTIFIER]], Field(max_length=20)
]


class ContactIn(Input):
    """A contact, or what shall change of one; null clears, and is nothing in a new one. At least a name or an identifier must be
    there."""

    first_name: Name | None = None
    last_name: Name | None = None
    emails: Emails | None = None
    phones: Phones | None = None
    profile_urls: Urls | None = None
    title: Text | None = None
    company_id: Id | None = None
    company_name: Text | None = None
    notes: Notes | None = None


class ContactsQuery(pagination.ListQuery):
    """`expiring`: only one's own contacts that will be deleted within 14 days, unless the person writes or the company is
    tagged client; those also that no connection shows any more, unless one shows them again or you annotate them. Editing a
    contact does not prolong its life."""

    expiring: bool = False


class NewContactQuery(Input):
    """`merge`: where you have the person already, bring the fields into that contact and answer 200 with it."""

    merge: bool = False


class ContactSearch(pagination.ListQuery):
    """Every word of `q` must be part of the name, the company or an address, and every phrase in quotes. Accents, case,
    apostrophes and hyphens do not count, nor whether ü is written ue. Null is no filter, and as a cursor the beginning."""

    q: Query = ""
    company_id: Id | None = None
    tag: Tag | None = None


class Says(Model):
    """What is said of a person, from whatever source."""

    first_name: str | None
    last_name: str | None
    emails: list[str]
    phones: list[str]
    profile_urls: list[str]
    title: str | None
    company_name: str | None


class ContactOut(Says):
    """In a colleague's contact `notes` is always null, and `opted_out` (the person wants no mail) false; `owner.mine` tells
    whose it is. `expires_at`, when the contact will be deleted, stands in the list of expiring ones only. `kept_since`: since
    when no connection shows the contact any more, which stays as your own because you annotated it (a note, a value typed in, a
    link to a company, a tag of that company). `restricted`: the person wants its data restricted: no colleague is
    shown the contact, and no import or sync changes what it shows, until the person takes it back; what they say counts then."""

    id: str
    owner: pagination.Owner
    company_id: str | None
    notes: str | None
    opted_out: bool
    restricted: bool
    sources: list[pagination.Source]
    expires_at: Time | None = None
    kept_since: Time | None = None
    created_at: Time
    updated_at: Time


class ContactsOut(Model):
    items: list[ContactOut]
    next_cursor: str | None


@route(bp, "GET", "/v1/contacts", query=ContactsQuery, answer=ContactsOut)
def list_contacts(call: Call) -> Reply:
    """List the caller's contacts, then those that colleagues share; or the caller's own that are about to expire."""
    return _expiring(call) if call.query.expiring else _page(call, "contacts", call.query)


@route(bp, "POST", "/v1/contacts/search", body=ContactSearch, answer=ContactsOut, while_locked=True)
def search_contacts(call: Call) -> Reply:
    """Search contacts by name, company or address, by company, and by their company's tag."""
    asked = call.body
    filters = {"q": asked.q, "company_id": asked.company_id, "tag": asked.tag}
    return _page(call, f"contacts-search/{asked.company_id}/{asked.tag}/{asked.q}", asked, **filters)


def _replayed(call: Call, contact_id: str) -> Reply:
    from chalicelib.domain.contacts import queries  # noqa: PLC0415 - cold start

    return _created(queries.get(call.actor, contact_id))


@route(
    bp,
    "POST",
    "/v1/contacts",
    status=201,
    query=NewContactQuery,
    body=ContactIn,
    answer=ContactOut,
    also={200: ContactOut},
    replay=_replayed,
    refuses=(Code.ADDRESS_NOT_STORABLE, Code.ALREADY_THERE),
    tells=("ETag", "Location"),
)
def create_contact(call: Call) -> Reply:
    """Add a contact.

    Where you have the person already (an address or profile of their own is the same, and the names agree; the rule is that
    of imports), the answer is 409 `already_there` with the `id` of that contact; colleagues' contacts are not looked at. With
    `?merge=true` the fields are brought into it, and the answer is 200: texts stand over those that were there, list values
    and notes are added, nothing is taken away.
    """
    from chalicelib.domain.contacts import queries  # noqa: PLC0415 - cold start
    from chalicelib.domain.ingest import typed  # noqa: PLC0415

    row, is_new = typed.add(call.actor, call.body.model_dump(exclude_unset=True), merge=call.query.merge)
    _changed(call)
    reply = _created(queries.seen_by_owner(call.actor, row))
    reply.status = 201 if is_new else 200
    return reply


@route(bp, "GET", "/v1/contacts/{id}", answer=ContactOut, tells=("ETag",))
def read_contact(call: Call) -> Reply:
    """Show a contact."""
    from chalicelib.domain.contacts import queries  # noqa: PLC0415 - cold start

    return _reply(queries.get(call.actor, call.path["id"]))


@route(
    bp,
    "PATCH",
    "/v1/contacts/{id}",
    body=ContactIn,
    answer=ContactOut,
    refuses=(Code.ADDRESS_NOT_STORABLE, Code.NOT_OWNER),
    tells=("ETag",),
)
def change_contact(call: Call) -> Reply:
    """Change the fields that are sent; null clears one, a list replaces the list. If-Match is honoured.

    A change that gives the contact an identifier which another contact of yours has is made, and joins nothing.
    """
    from chalicelib.domain.contacts import queries, repository  # noqa: PLC0415 - cold start

    fields = call.body.model_dump(exclude_unset=True)
    row = repository.update(call.actor, call.path["id"], fields, call.if_match)
    _changed(call)
    return _reply(queries.seen_by_owner(call.actor, row))


@route(bp, "DELETE", "/v1/contacts/{id}", status=204, refuses=(Code.NOT_OWNER,))
def delete_contact(call: Call) -> Reply:
    """Delete a contact."""
    from chalicelib.domain.contacts import repository  # noqa: PLC0415 - cold start

    repository.delete(call.actor, call.path["id"], call.if_match)
    _changed(call)
    return Reply()


def _changed(call: Call) -> None:
    """Let the contacts be matched again. One call."""
    from chalicelib.domain.matching import wake  # noqa: PLC0415 - cold start

    wake.by(call.actor)


def _page(call: Call, name: str, asked: Any, **filters: Any) -> Reply:
    from chalicelib.domain.contacts import queries  # noqa: PLC0415 - cold start

    at = pagination.position(call.actor, name, asked.cursor)
    found = queries.page(call.actor, limit=asked.limit, position=at, **filters)
    items = [shown(seen) for seen in found.items]
    return Reply({"items": items, "next_cursor": pagination.cursor(call.actor, name, found.position)})


def _expiring(call: Call) -> Reply:
    from chalicelib.domain.contacts import queries  # noqa: PLC0415 - cold start

    name = "contacts-expiring"
    at = pagination.position(call.actor, name, call.query.cursor)
    found, ends = queries.expiring(call.actor, limit=call.query.limit, position=at)
    items = [shown(seen, clock.rfc3339(ends[seen.id])) for seen in found.items]
    return Reply({"items": items, "next_cursor": pagination.cursor(call.actor, name, found.position)})


def _created(seen: "Seen[ContactPayload]") -> Reply:
    reply = _reply(seen)
    reply.headers["Location"], reply.resource = f"/v1/contacts/{seen.id}", seen.id
    return reply


def _reply(seen: "Seen[ContactPayload]") -> Reply:
    return Reply(shown(seen), etag=seen.version)


def shown(seen: "Seen[ContactPayload]", expires_at: str | None = None) -> dict[str, Any]:
    """Return a contact as ContactOut describes it."""
    payload = seen.payload
    return {
        **pagination.common(seen),
        **{name: kept.value if (kept := getattr(payload, name)) else None for name in SINGLE},
        **{name: [kept.value for kept in getattr(payload, name)] for name in LISTS},
        "company_id": payload.company_id,
        "notes": payload.notes,
        "opted_out": payload.opted_out,
        "restricted": payload.restricted,
        "sources": [{"source": source, "at": at} for source, at in payload.sources.items()],
        **({"expires_at": expires_at} if expires_at else {}),
        **({"kept_since": payload.kept_at} if payload.kept_at else {}),
    }
