"""The directory: searched by members of active workspaces, and one's own profile in it."""

from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import Field, StringConstraints

from chalicelib.api import pagination
from chalicelib.api.http import Call, Reply, route
from chalicelib.core.codes import Code, FieldCode
from chalicelib.core.errors import FieldError, Unprocessable
from chalicelib.core.models import Input, Model, Omittable, Time
from chalicelib.core.written import ONE_LINE

if TYPE_CHECKING:
    from chalicelib.domain.accounts.membership import Membership

bp = Blueprint(__name__)
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), ONE_LINE]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), ONE_LINE]
Links = Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=500), ONE_LINE]], Field(max_length=5)]
_LIST = "directory"


class DirectorySearch(pagination.ListQuery):
    """Profiles whose name has every word of `q`, at a company with every word of `company`. Accents and case do not count; an
    initial is no word."""

    q: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200), ONE_LINE]
    company: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), ONE_LINE] | None = None


class ProfileOut(Model):
    """`links` are pages of professional networks. There is never an address or a phone number."""

    id: str
    name: str
    title: str
    company: str
    links: list[str]


class ProfilesOut(Model):
    items: list[ProfileOut]
    next_cursor: str | None


class OwnProfilePatch(Input):
    """Only what is sent changes."""

    name: Omittable[Name] = None
    title: Omittable[Text] = None
    company: Omittable[Text] = None
    links: Omittable[Links] = None


class OwnProfileOut(Model):
    """The caller's own profile; empty, without times, where there is none. `listed`: others find it, as the setting
    `directory_listed` is on, there is a name, and its person has not objected. `hidden`: whatever the setting says, nobody finds
    it, for the person of that address objected by our privacy address, and takes that back by the link of our answer."""

    id: str | None
    listed: bool
    hidden: bool
    name: str
    title: str
    company: str
    links: list[str]
    created_at: Time | None
    updated_at: Time | None


@route(
    bp,
    "POST",
    "/v1/directory/search",
    body=DirectorySearch,
    answer=ProfilesOut,
    refuses=(Code.TOO_MANY_PROFILES,),
)
def search_directory(call: Call) -> Reply:
    """Search profiles by name and company; a member is shown 100 a day."""
    from chalicelib.domain.directory import search  # noqa: PLC0415 - cold start

    asked = call.body
    name = f"{_LIST}/{asked.company}/{asked.q}"
    after = pagination.position(call.actor, name, asked.cursor).get("after")
    found, last = search.page(call.actor, q=asked.q, company=asked.company or "", limit=asked.limit, after=after)
    items = [ProfileOut(id=each.id, **each.values.model_dump()) for each in found]
    return Reply(
        ProfilesOut(items=items, next_cursor=pagination.cursor(call.actor, name, {"after": last} if last else None))
    )


@route(bp, "GET", "/v1/directory/me", answer=OwnProfileOut, tells=("ETag",))
def read_own_profile(call: Call) -> Reply:
    """Show the caller's own profile."""
    return _own(call.membership)


@route(
    bp,
    "PATCH",
    "/v1/directory/me",
    body=OwnProfilePatch,
    answer=OwnProfileOut,
    refuses=(Code.ADDRESS_NOT_STORABLE,),
    tells=("ETag",),
)
def change_own_profile(call: Call) -> Reply:
    """Change the caller's own profile, which is made where there is none. Others find it once `directory_listed` is on."""
    from chalicelib.domain.accounts.model import MemberPayload  # noqa: PLC0415 - cold start
    from chalicelib.domain.directory import own  # noqa: PLC0415

    email = call.membership.own.unsealed(MemberPayload).email
    own.change(call.actor, email, _checked(call.body), call.if_match)
    return _own(call.membership)


@route(bp, "DELETE", "/v1/directory/me", status=204, while_locked=True)
def delete_own_profile(call: Call) -> Reply:
    """Delete the caller's own profile, and switch `directory_listed` off."""
    from chalicelib.domain.accounts import own_settings  # noqa: PLC0415 - cold start
    from chalicelib.domain.accounts.model import MemberPayload, SettingsPatch  # noqa: PLC0415
    from chalicelib.domain.directory import own  # noqa: PLC0415

    if call.membership.own.unsealed(MemberPayload).settings.directory_listed:
        own_settings.change(call.membership, SettingsPatch(directory_listed=False))
    own.forget(call.actor)
    return Reply()


def _checked(body: OwnProfilePatch) -> dict[str, object]:
    """The fields that were sent; Unprocessable where one holds an address, or a link is no network's page of a person."""
    from chalicelib.core.identifiers import InvalidIdentifier, is_network, is_person_page, profile_url  # noqa: PLC0415
    from chalicelib.domain.redaction.mentions import held  # noqa: PLC0415

    fields = body.model_dump(exclude_unset=True)
    wrong = [each for name in ("name", "title", "company") for each in held(name, fields.get(name))]
    links: list[str] = []
    for at, raw in enumerate(fields.get("links") or []):
        try:
            links.append(profile_url(raw))
        except InvalidIdentifier:
            links.append("")
        if not (links[-1] and is_network(links[-1]) and is_person_page(links[-1])):
            wrong.append(FieldError(f"links.{at}", FieldCode.WRONG_FORM, "Give the page of a person at a network."))
    if wrong:
        raise Unprocessable(wrong)
    return {**fields, **({"links": links} if "links" in fields else {})}


def _own(found: "Membership") -> Reply:
    from chalicelib.domain.directory import own  # noqa: PLC0415 - cold start

    row = own.find(found.actor)
    return Reply(own_out(found), etag=int(row.version) if row else 0)


def own_out(found: "Membership") -> OwnProfileOut:
    """Return the member's own profile as it sees it."""
    from chalicelib.core import clock  # noqa: PLC0415 - cold start
    from chalicelib.domain.accounts.model import MemberPayload  # noqa: PLC0415
    from chalicelib.domain.directory import own, repository  # noqa: PLC0415
    from chalicelib.domain.directory.model import ProfilePayload, Values  # noqa: PLC0415
    from chalicelib.domain.suppression import wishes  # noqa: PLC0415
    from chalicelib.domain.suppression.wishes import Use  # noqa: PLC0415

    row = own.find(found.actor)
    payload = row.unsealed(ProfilePayload) if row else None
    values = payload.shown(clock.now()) if payload else Values()
    wished = found.own.unsealed(MemberPayload).settings.directory_listed and bool(values.name)
    hidden = payload is not None and bool(wishes.forbidden(Use.DIRECTORY, [payload.exact]))
    return OwnProfileOut(
        id=repository.public_id(row) if row else None,
        listed=wished and payload is not None and not hidden,
        hidden=hidden,
        **values.model_dump(),
        created_at=payload.created_at if payload else None,
        updated_at=payload.updated_at if payload else None,
    )
