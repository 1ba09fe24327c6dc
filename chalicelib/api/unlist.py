"""The page behind the link of a notice: one button, and the directory leaves its person out; another takes that back."""

from chalice import Blueprint

from chalicelib.api.forms import ButtonForm, button_value, fields
from chalicelib.api.html import language, page, paged
from chalicelib.api.http import Call, Reply, route
from chalicelib.api.pages import PageQuery
from chalicelib.core.codes import Code

bp = Blueprint(__name__)
_BACK = "back"


@route(bp, "GET", "/privacy/directory/{token}", auth="public", html=True, query=PageQuery)
@paged
def read_unlisting(call: Call) -> Reply:
    """Show the button. Looking changes nothing, since link scanners look too."""
    from chalicelib.domain.directory import notices  # noqa: PLC0415 - cold start

    token = call.path["token"]
    if not notices.stands(token):
        return page("unlisted", language(call), value=button_value(token, _BACK))
    return page("unlist", language(call), value=button_value(token))


@route(
    bp,
    "POST",
    "/privacy/directory/{token}",
    auth="public",
    html=True,
    refuses=(Code.INVALID_FORM,),
    form=ButtonForm,
)
@paged
def unlist(call: Call) -> Reply:
    """Leave the person out, or take that back, as the page's button says. Without its value, the page is shown again."""
    from chalicelib.domain.directory import notices  # noqa: PLC0415 - cold start

    token, sent = call.path["token"], fields(call)("confirm")
    if sent == button_value(token, _BACK):
        return page("lifted" if notices.relist(token) else "lift_gone", language(call))
    if sent == button_value(token):
        notices.unlist(token)
    return read_unlisting(call)
