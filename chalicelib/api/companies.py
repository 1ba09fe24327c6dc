"""Companies and their tags: private to the member, shown to colleagues while the member shares tags."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from chalice import Blueprint
from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.api import pagination
from chalicelib.api.http import Call, Reply, route
from chalicelib.core.codes import Code, FieldCode
from chalicelib.core.ids import SortKey, TenantId
from chalicelib.core.models import Input, InvalidValue, Model, Omittable, Time
from chalicelib.core.written import LINES, LONGEST_NOTES, ONE_LINE
from chalicelib.domain.companies.model import (
    COUNTRIES,
    FIELDS,
    LONGEST_SIZE,
    MOST_PEOPLE,
    CompanyPayload,
    Tag,
    bare_host,
)

if TYPE_CHECKING:
    from chalicelib.domain.sources.records import SourceLinkRecord
    from chalicelib.domain.visibility.ranges import Found, Seen

bp = Blueprint(__name__)


def _country(code: str) -> str:
    if code.upper() not in COUNTRIES:
        raise InvalidValue(FieldCode.NOT_A_CHOICE, "Send the two letters of a country (ISO 3166), like FR.")
    return code.upper()


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), ONE_LINE]
Domain = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=253), AfterValidator(bare_host), ONE_LINE
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), ONE_LINE]
Query = Annotated[str, StringConstraints(max_length=200), ONE_LINE]
Country = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=2), AfterValidator(_country), ONE_LINE
]
Size = Annotated[
    Annotated[int, Field(ge=0, le=MOST_PEOPLE)]
    | Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_SIZE)],
    ONE_LINE,
]
Notes = Annotated[str, StringConstraints(max_length=LONGEST_NOTES), LINES]


class _CompanyFields(Input):
    domain: Domain | None = None
    industry: Text | None = None
    country: Country | None = None
    size: Size | None = None
    notes: Notes | None = None
    tag: Tag | None = None


class CompanyIn(_CompanyFields):
    """A new company. `domain` may be a web address; its host is kept. Null is nothing."""

    name: Name


class NewCompanyQuery(Input):
    """`merge`: where you have a company with that domain already, bring the fields into it and answer 200 with it."""

    merge: bool = False


class CompanyPatch(_CompanyFields):
    """What is sent changes; null clears, but not the name."""

    name: Omittable[Name] = None


class TagIn(Input):
    tag: Tag


class CompanyQuery(pagination.ListQuery):
    tag: Tag | None = None


class CompanySearch(pagination.ListQuery):
    """Every word of `q` must be part of the name or domain, and every phrase in quotes. Accents, case, apostrophes and
    hyphens do not count, nor whether ü is written ue. Null is no filter, and as a cursor the beginning."""

    q: Query = ""
    tag: Tag | None = None


class CompanyOut(Model):
    """`notes` is always null in a colleague's company; `owner.mine` tells whose it is."""

    id: str
    owner: pagination.Owner
    name: str
    domain: str | None
    industry: str | None
    country: str | None
    size: int | str | None
    tag: Tag | None
    notes: str | None
    sources: list[pagination.Source]
    created_at: Time
    updated_at: Time


class CompaniesOut(Model):
    items: list[CompanyOut]
    next_cursor: str | None


@route(bp, "GET", "/v1/companies", query=CompanyQuery, answer=CompaniesOut)
def list_companies(call: Call) -> Reply:
    """List the caller's companies, then those that colleagues share."""
    return _page(call, f"companies/{call.query.tag}", call.query, "")


@route(bp, "POST", "/v1/companies/search", body=CompanySearch, answer=CompaniesOut, while_locked=True)
def search_companies(call: Call) -> Reply:
    """Search companies by name or domain, and by tag."""
    return _page(call, f"companies-search/{call.body.tag}/{call.body.q}", call.body, call.body.q)


def _replayed(call: Call, company_id: str) -> Reply:
    from chalicelib.domain.companies import queries  # noqa: PLC0415 - cold start

    return _created(queries.get(call.actor, company_id))


@route(
    bp,
    "POST",
    "/v1/companies",
    status=201,
    query=NewCompanyQuery,
    body=CompanyIn,
    answer=CompanyOut,
    also={200: CompanyOut},
    replay=_replayed,
    refuses=(Code.ALREADY_THERE,),
    tells=("ETag", "Location"),
)
def create_company(call: Call) -> Reply:
    """Add a company.

    Where you have a company with its domain already, the answer is 409 `already_there` with the `id` of that company; colleagues'
    companies are not looked at. With `?merge=true` the fields are brought into it, and the answer is 200: they stand over those
    that were there, notes are added, nothing is taken away.
    """
    from chalicelib.domain.companies import queries  # noqa: PLC0415 - cold start
    from chalicelib.domain.ingest import typed_companies  # noqa: PLC0415

    row, is_new = typed_companies.add(call.actor, call.body.model_dump(exclude_unset=True), merge=call.query.merge)
    reply = _created(queries.seen_by_owner(call.actor, row))
    reply.status = 201 if is_new else 200
    return reply


@route(bp, "GET", "/v1/companies/{id}", answer=CompanyOut, tells=("ETag",))
def read_company(call: Call) -> Reply:
    """Show a company."""
    from chalicelib.domain.companies import queries  # noqa: PLC0415 - cold start

    return _reply(queries.get(call.actor, call.path["id"]))


@route(
    bp, "PATCH", "/v1/companies/{id}", body=CompanyPatch, answer=CompanyOut, refuses=(Code.NOT_OWNER,), tells=("ETag",)
)
def change_company(call: Call) -> Reply:
    """Change the fields that are sent; null clears one. If-Match is honoured.

    Contacts linked with the company that have no company name of their own show its new name: at once, or where you have
    thousands of contacts, or an import or sync is running, a little later.
    """
    from chalicelib.domain.companies import queries, repository  # noqa: PLC0415 - cold start

    fields = call.body.model_dump(exclude_unset=True)
    row = repository.update(call.actor, call.path["id"], fields, call.if_match)
    if "name" in fields and row.unsealed(CompanyPayload).lends:
        _carry(call)
    return _reply(queries.seen_by_owner(call.actor, row))


@route(bp, "DELETE", "/v1/companies/{id}", status=204, refuses=(Code.NOT_OWNER,))
def delete_company(call: Call) -> Reply:
    """Delete a company; its contacts stay, and are linked with none."""
    from chalicelib.domain.companies import repository  # noqa: PLC0415 - cold start
    from chalicelib.domain.sources import links  # noqa: PLC0415 - cold start
    from chalicelib.domain.sources.model import Fate  # noqa: PLC0415 - cold start

    def closing(tenant: TenantId, sk: SortKey, source_ids: Sequence[str]) -> list["SourceLinkRecord"]:
        return links.closing(tenant, sk, source_ids, Fate.DROPPED)

    if repository.delete(call.actor, call.path["id"], call.if_match, closing):
        _carry(call)
    return Reply()


def _carry(call: Call) -> None:
    """Let contacts follow their company, as far as this request has time."""
    from chalicelib.domain.contacts import company_names  # noqa: PLC0415 - cold start

    company_names.carry_now(call.actor)


@route(bp, "PUT", "/v1/companies/{id}/tag", body=TagIn, answer=CompanyOut, refuses=(Code.NOT_OWNER,), tells=("ETag",))
def tag_company(call: Call) -> Reply:
    """Tag a company as client or prospect."""
    return _tag(call, call.body.tag)


@route(bp, "DELETE", "/v1/companies/{id}/tag", answer=CompanyOut, refuses=(Code.NOT_OWNER,), tells=("ETag",))
def untag_company(call: Call) -> Reply:
    """Remove a company's tag."""
    return _tag(call, None)


def _tag(call: Call, tag: Tag | None) -> Reply:
    from chalicelib.domain.companies import queries, repository  # noqa: PLC0415 - cold start

    row = repository.set_tag(call.actor, call.path["id"], tag, call.if_match)
    return _reply(queries.seen_by_owner(call.actor, row))


def _page(call: Call, name: str, asked: Any, q: str) -> Reply:
    from chalicelib.domain.companies import queries  # noqa: PLC0415 - cold start

    at = pagination.position(call.actor, name, asked.cursor)
    found: Found[CompanyPayload] = queries.page(call.actor, limit=asked.limit, position=at, q=q, tag=asked.tag)
    items = [shown(seen) for seen in found.items]
    return Reply({"items": items, "next_cursor": pagination.cursor(call.actor, name, found.position)})


def _created(seen: "Seen[CompanyPayload]") -> Reply:
    reply = _reply(seen)
    reply.headers["Location"], reply.resource = f"/v1/companies/{seen.id}", seen.id
    return reply


def _reply(seen: "Seen[CompanyPayload]") -> Reply:
    return Reply(shown(seen), etag=seen.version)


def shown(seen: "Seen[CompanyPayload]") -> dict[str, Any]:
    """Return a company as CompanyOut describes it."""
    payload = seen.payload
    values = {name: kept.value if (kept := getattr(payload, name)) else None for name in FIELDS}
    sources = [{"source": source, "at": at} for source, at in payload.sources.items()]
    return {**pagination.common(seen), **values, "tag": payload.tag, "notes": payload.notes, "sources": sources}
