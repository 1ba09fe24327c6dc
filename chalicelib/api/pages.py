"""The pages that persons open: the form, the link of a mail, the state of a request; certificates and their keys."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, get_args

from chalice import Blueprint

from chalicelib.api.forms import button_value
from chalicelib.api.forms import fields as _form
from chalicelib.api.html import language as _language
from chalicelib.api.html import page as _page
from chalicelib.api.html import paged
from chalicelib.api.http import Call, Reply, route
from chalicelib.core import settings, written
from chalicelib.core.codes import Code
from chalicelib.core.errors import Gone, NotFound
from chalicelib.core.languages import OF_MEMBERS, PersonsLanguage
from chalicelib.core.models import Input, Model, Omittable

if TYPE_CHECKING:
    from chalicelib.core.identifiers import EmailAddress
    from chalicelib.domain.privacy.verification import Opened

bp = Blueprint(__name__)
_MAX_DETAILS = 5_000  # characters


class PageQuery(Input):
    """`lang`: the language of the page; by default the browser's."""

    lang: Omittable[PersonsLanguage] = None


class PrivacyForm(Model):
    """`email`: the address that the request is about, where the link to confirm goes. `right`: erasure by default."""

    email: str
    right: Literal[
        "erasure",
        "access",
        "source",
        "rectification",
        "objection",
        "restriction",
        "portability",
        "consent_withdrawn",
        "automated_decisions",
    ] = "erasure"
    details: str = ""


_RIGHTS = get_args(PrivacyForm.model_fields["right"].annotation)


class ConfirmForm(Model):
    """`confirm`: what the page's button sends, without which nothing is confirmed; with `other_email`, a link goes to another
    address of the person first."""

    confirm: str = ""
    other_email: str = ""


def _address(text: str) -> "EmailAddress | None":
    """The address in a field of one line; None where it is none."""
    from chalicelib.core.identifiers import EmailAddress, InvalidIdentifier  # noqa: PLC0415 - cold start

    try:
        return None if written.fault(text) else EmailAddress.parse(text, historic=True)
    except InvalidIdentifier:
        return None


@route(bp, "GET", "/privacy", auth="public", html=True, query=PageQuery)
@paged
def read_privacy(call: Call) -> Reply:
    """Show what we hold of people, and the form to make a request."""
    return _privacy(call, 200)


def _privacy(call: Call, status: int, error: str = "", typed: Callable[[str], str] = lambda _: "") -> Reply:
    """The form, with what was typed into it before."""
    kept = {name: typed(name) for name in PrivacyForm.model_fields}
    return _page("privacy", _language(call), status, error=error, rights=_RIGHTS, typed=kept)


@route(
    bp,
    "POST",
    "/privacy",
    auth="public",
    html=True,
    refuses=(Code.INVALID_FORM, Code.INVALID),
    form=PrivacyForm,
)
@paged
def open_privacy_request(call: Call) -> Reply:
    """Open a request; the answer is the same whether or not we know the person."""
    from chalicelib.domain.privacy import intake, limits  # noqa: PLC0415 - cold start
    from chalicelib.domain.privacy.states import RightKind  # noqa: PLC0415

    field = _form(call)
    address = _address(field("email"))
    if address is None:
        return _privacy(call, 422, "bad_email", field)
    right = field("right") or "erasure"
    if right not in _RIGHTS:
        return _privacy(call, 422, "bad_right", field)
    details = written.usable(field("details"))[:_MAX_DETAILS]
    asked = intake.Asked(
        rights=[RightKind(right)], certain=True, language=_language(call), text=f"{right}\n\n{details}"
    )
    answered = intake.open_request(address, asked, limits.origin_of_form(call.source_ip))
    return _page("received" if answered else "received_later", _language(call))


@route(bp, "GET", "/privacy/confirm/{token}", auth="public", html=True, refuses=(Code.GONE,), query=PageQuery)
@paged
def read_confirmation(call: Call) -> Reply:
    """Show the page behind a mail's link. Looking changes nothing, since link scanners look too."""
    from chalicelib.domain.privacy import verification  # noqa: PLC0415 - cold start

    return _confirmation(call, verification.by_token(call.path["token"], call.source_ip), 200)


def _confirmation(call: Call, opened: "Opened", status: int, other: str = "") -> Reply:
    """The page with the button that begins what is offered; that of a confirmed request where nothing is. Gone."""
    from chalicelib.domain.privacy.states import Intake, RightKind  # noqa: PLC0415 - cold start

    payload, token = opened.payload, call.path["token"]
    if opened.expired or payload.intake is Intake.LAPSED:
        raise Gone
    language = _language(call, payload.language)
    offered = [right.kind for right in payload.offered()] if opened.link.address == 0 else []
    verified = payload.intake is not Intake.AWAITING_CONFIRMATION
    if verified and opened.link.address == 0 and not other and RightKind.ERASURE not in offered:
        return _confirmed(call, opened)
    if offered and RightKind.ERASURE not in offered and not other:
        return _page("confirm_request", language, status, rights=list(map(str, offered)), value=button_value(token))
    return _page(
        "confirm", language, status, other=other, value=button_value(token, "erase" if verified else "confirm")
    )


def _confirmed(call: Call, opened: "Opened") -> Reply:
    """What has begun, and where it can be seen."""
    from chalicelib.domain.privacy import copies  # noqa: PLC0415 - cold start

    token, language = call.path["token"], _language(call, opened.payload.language)
    status_url = _status_path(token, language)
    erasure = opened.payload.erasure
    if erasure is not None and erasure.running:
        return _page("confirmed", language, status_url=status_url)
    return _page(
        "confirmed_request",
        language,
        status_url=status_url,
        copy_url=f"/privacy/copy/{token}?lang={language}" if copies.stands(opened) else "",
        amend_url=f"/privacy/amend/{token}?lang={language}" if copies.offers_form(opened) else "",
    )


@route(
    bp,
    "POST",
    "/privacy/confirm/{token}",
    auth="public",
    html=True,
    refuses=(Code.INVALID_FORM, Code.INVALID, Code.GONE),
    form=ConfirmForm,
)
@paged
def confirm(call: Call) -> Reply:
    """Confirm the request, or send a link to another address of the person."""
    from chalicelib.domain.privacy import verification  # noqa: PLC0415 - cold start

    field, token = _form(call), call.path["token"]
    other, pressed, first = field("other_email"), field("confirm"), button_value(token)
    if not other and pressed in (first, button_value(token, "erase")):
        return _confirmed(call, verification.confirm(token, call.source_ip, erase=pressed != first))
    opened = verification.by_token(token, call.source_ip)
    if not other or opened.payload.erasure is None:  # other addresses are asked for where everything goes
        return _confirmation(call, opened, 422)
    address = _address(other)
    if address is None:
        return _confirmation(call, opened, 422, "other_bad")
    sent = verification.add_address(opened, address, call.source_ip)
    return _confirmation(call, opened, 200, "other_sent" if sent else "other_later")


def _status_path(token: str, language: str) -> str:
    return f"/privacy/requests/{token}?lang={language}"


@route(bp, "GET", "/privacy/requests/{token}", auth="public", html=True, refuses=(Code.GONE,), query=PageQuery)
@paged
def read_request(call: Call) -> Reply:
    """Show how far each right of a request is, what has happened, and what the certificate of an erasure says."""
    from chalicelib.api import request_page  # noqa: PLC0415 - cold start
    from chalicelib.domain.privacy import verification  # noqa: PLC0415

    opened = verification.by_token(call.path["token"], call.source_ip)
    return request_page.shown(opened, _language(call, opened.payload.language))


@route(bp, "GET", "/subscription/return", auth="public", html=True, query=PageQuery)
@paged
def read_subscription_return(call: Call) -> Reply:
    """Show the page that PayPal sends the browser back to. Looking changes nothing."""
    return _page("subscription_return", _language(call, ours=OF_MEMBERS))


@route(bp, "GET", "/invitations/{token}", auth="public", html=True, query=PageQuery)
@paged
def read_invitation(call: Call) -> Reply:
    """Show the page behind an invitation's link: where to accept, and with which code. Looking changes nothing."""
    from chalicelib.domain.accounts import invitations, membership  # noqa: PLC0415 - cold start
    from chalicelib.texts import render  # noqa: PLC0415

    token = call.path["token"]
    try:
        opened = invitations.opened(token)
    except NotFound:
        return _page("invitation_gone", _language(call, ours=OF_MEMBERS), 404)
    tenant = membership.tenant_of(opened.tenant)
    if tenant is None:
        return _page("invitation_gone", _language(call, ours=OF_MEMBERS), 404)
    spoken = _language(call, opened.payload.language, OF_MEMBERS)
    return _page(
        "invitation",
        spoken,
        workspace=tenant.name,
        token=token,
        until=opened.payload.expires_at.date().isoformat(),
        day=render.day(opened.payload.expires_at, spoken),
        app_url=settings.current().app_url,
    )


@route(bp, "GET", "/certificates/{id}", auth="public", produces="application/jose")
def read_certificate(call: Call) -> Reply:
    """Show a certificate as a compact JWS."""
    from chalicelib.domain.certificates import issue  # noqa: PLC0415 - cold start

    return Reply(issue.read(call.path["id"]), headers={"Content-Type": "application/jose"})


@route(bp, "GET", "/.well-known/jwks.json", auth="public")
def read_keys(_: Call) -> Reply:
    """List the public keys of all certificates."""
    from chalicelib.domain.certificates import issue  # noqa: PLC0415 - cold start

    return Reply(issue.public_keys(), headers={"Cache-Control": "public, max-age=300"})
