"""The pages of a verified request: the copy of the person's data, of which looking shows a button only, and the form of what is
right."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chalice import Blueprint

from chalicelib.api import forms
from chalicelib.api.forms import button_value
from chalicelib.api.html import language as _language
from chalicelib.api.html import page, paged
from chalicelib.api.http import Call, Reply, route
from chalicelib.api.pages import PageQuery
from chalicelib.core import clock, languages, written
from chalicelib.core.codes import Code
from chalicelib.core.errors import Gone
from chalicelib.core.models import Model
from chalicelib.domain.privacy.asking_model import Copy

if TYPE_CHECKING:
    from chalicelib.core.told import Said, Told
    from chalicelib.domain.privacy.verification import Opened

bp = Blueprint(__name__)
_LONGEST = 300  # characters of a value
_TIMES = ("kept_since", "last_heard_at", "received_at", "expires_at")


class CopyForm(Model):
    """`show`: what the page's button sends, without which nothing is shown. `format`: json for the file, else a page."""

    show: str
    format: str = "html"


class AmendForm(Model):
    """What is right, each empty where nothing is to be changed. `send`: what the page's button sends."""

    send: str
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    company_name: str = ""
    emails: str = ""
    phones: str = ""
    profile_urls: str = ""


_FIELDS = tuple(name for name in AmendForm.model_fields if name != "send")


def _opened(call: Call) -> "Opened":
    from chalicelib.domain.privacy import verification  # noqa: PLC0415 - cold start

    return verification.by_token(call.path["token"], call.source_ip)


@route(bp, "GET", "/privacy/copy/{token}", auth="public", html=True, refuses=(Code.GONE,), query=PageQuery)
@paged
def read_copy(call: Call) -> Reply:
    """Show the page of the copy, with a button. Looking shows no data, since link scanners look too."""
    return _copy_page(call, _opened(call), None)


@route(
    bp,
    "POST",
    "/privacy/copy/{token}",
    auth="public",
    html=True,
    refuses=(Code.INVALID_FORM, Code.INVALID, Code.GONE),
    form=CopyForm,
    answer=Copy,
)
@paged
def show_copy(call: Call) -> Reply:
    """Show the copy, each value with its sources, as a page or as a JSON file; as often as wanted while the link works."""
    from chalicelib.domain.privacy import copies  # noqa: PLC0415 - cold start

    field, opened = forms.fields(call), _opened(call)
    if field("show") != button_value(call.path["token"], "copy"):
        return _copy_page(call, opened, None)
    try:
        found = copies.read(opened)
    except Gone:
        return _gone(call, opened)
    if field("format") == "json":
        kept = {"Content-Type": "application/json", "Content-Disposition": 'attachment; filename="copy.json"'}
        return Reply(found, headers=kept)
    return _copy_page(call, opened, found)


def _gone(call: Call, opened: "Opened") -> Reply:
    return page("copy_gone", _language(call, opened.payload.language), 410)


def _copy_page(call: Call, opened: "Opened", found: Copy | None) -> Reply:
    from chalicelib.domain.privacy import copies  # noqa: PLC0415 - cold start
    from chalicelib.texts import render  # noqa: PLC0415

    try:
        until = copies.until(opened)
    except Gone:
        return _gone(call, opened)
    token, spoken = call.path["token"], _language(call, opened.payload.language)
    return page(
        "copy",
        spoken,
        value=button_value(token, "copy"),
        until=render.day(until, spoken),
        shown=found is not None,
        ours=_lines(found.ours if found else [], spoken),
        theirs=_lines(found.customers.values if found else [], spoken),
        customers=found.customers if found else None,
        next_url=f"/privacy/confirm/{token}?lang={spoken}" if copies.offers_erasure(opened) else "",
        amend_url=f"/privacy/amend/{token}?lang={spoken}" if copies.offers_form(opened) else "",
    )


def _lines(values: "list[Told]", spoken: str) -> list[tuple[str, str, list[str]]]:
    """Each value as (what it is, the value, its chain), in words."""
    return [(_word("copy_field", told.field, spoken), _value(told, spoken), _chain(told, spoken)) for told in values]


def _value(told: "Told", spoken: str) -> str:
    from chalicelib.texts import render  # noqa: PLC0415 - cold start

    if told.field in _TIMES:
        return render.day(clock.parse_rfc3339(told.value), spoken)
    if told.field == "right":
        return render.rights(spoken, [told.value]).removeprefix("– ")
    if told.field == "language":
        return languages.OWN_NAMES.get(told.value, told.value)
    return "✓" if told.value == "true" else told.value


def _chain(told: "Told", spoken: str) -> list[str]:
    return [_link(said, spoken) for said in told.sources]


def _link(said: "Said", spoken: str) -> str:
    from chalicelib.texts import catalogues, render  # noqa: PLC0415 - cold start

    words = catalogues.catalogue(catalogues.PERSONS, spoken)["page"]["copy"]
    source = _word("copy_source", said.source, spoken)
    named = f"{source} ({said.connector})" if said.connector else source
    parts = [
        words["since"].format(source=named, day=render.day(clock.parse_rfc3339(said.at), spoken)) if said.at else named,
        _word("copy_ground", said.ground, spoken),
    ]
    if said.notice_at:
        parts.append(words["told"].format(day=render.day(clock.parse_rfc3339(said.notice_at), spoken)))
    return "; ".join(parts)


def _word(table: str, name: str, spoken: str) -> str:
    from chalicelib.texts import catalogues  # noqa: PLC0415 - cold start

    words = catalogues.catalogue(catalogues.PERSONS, spoken)[table]
    return str(words.get(name) or words.get("other") or name)


@route(bp, "GET", "/privacy/amend/{token}", auth="public", html=True, refuses=(Code.GONE,), query=PageQuery)
@paged
def read_amendment(call: Call) -> Reply:
    """Show the form of what is right, of a request whose address is confirmed. Looking changes nothing."""
    from chalicelib.domain.privacy import copies  # noqa: PLC0415 - cold start

    opened = _opened(call)
    return _form_page(call, opened, copies.form(opened), "", 200)


@route(
    bp,
    "POST",
    "/privacy/amend/{token}",
    auth="public",
    html=True,
    refuses=(Code.INVALID_FORM, Code.INVALID, Code.GONE),
    form=AmendForm,
)
@paged
def amend(call: Call) -> Reply:
    """Take what the person says is right. It is put in at once, and customers are asked to do the same."""
    from chalicelib.domain.privacy import copies, verification  # noqa: PLC0415 - cold start

    field, opened = forms.fields(call), _opened(call)
    changes = {name: written.usable(field(name))[:_LONGEST] for name in _FIELDS if field(name)}
    if field("send") != button_value(call.path["token"], "amend"):
        return _form_page(call, opened, copies.form(opened), "", 200)
    exact = _exact(changes)
    if not changes or exact is None:
        return _form_page(call, opened, changes, "wrong", 422)
    verification.amend(call.path["token"], call.source_ip, exact)
    return page("amended", _language(call, opened.payload.language))


def _exact(changes: dict[str, str]) -> dict[str, str] | None:
    """What may be stored: identifiers that are some, others in one line. None where one is not."""
    from chalicelib.core.identifiers import InvalidIdentifier  # noqa: PLC0415 - cold start
    from chalicelib.domain.contacts.model import LISTS, exact_of  # noqa: PLC0415
    from chalicelib.domain.redaction.mentions import holds_identifier  # noqa: PLC0415

    for name, value in changes.items():
        if written.fault(value) or (name not in LISTS and holds_identifier(value)):
            return None
        if name in LISTS:
            try:
                exact_of(name, value)
            except InvalidIdentifier:
                return None
    return changes


def _form_page(call: Call, opened: "Opened", said: dict[str, str], error: str, status: int) -> Reply:
    spoken = _language(call, opened.payload.language)
    label: Callable[[str], str] = lambda name: _word("copy_field", name, spoken)  # noqa: E731
    filled = [(name, label(name), said.get(name, "")) for name in _FIELDS]
    token = call.path["token"]
    values: dict[str, Any] = {"error": error, "fields": filled, "value": button_value(token, "amend")}
    return page("amend", spoken, status, action=f"/privacy/amend/{token}", longest=_LONGEST, **values)
