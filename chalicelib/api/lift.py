"""The page behind the link by which a person takes back what it said of the use of its data."""

from chalice import Blueprint

from chalicelib.api.forms import ButtonForm, button_value, pressed
from chalicelib.api.html import language, page, paged
from chalicelib.api.http import Call, Reply, route
from chalicelib.api.pages import PageQuery
from chalicelib.core.codes import Code

bp = Blueprint(__name__)


@route(bp, "GET", "/privacy/lift/{token}", auth="public", html=True, query=PageQuery)
@paged
def read_lifting(call: Call) -> Reply:
    """Show what the link would take back. Looking changes nothing, since link scanners look too."""
    from chalicelib.domain.privacy import lifting  # noqa: PLC0415 - cold start

    said = lifting.opened(call.path["token"]).standing
    if not said:
        return page("lift_gone", language(call))
    value = button_value(call.path["token"])
    return page("lift", language(call), said=[str(wish) for wish in said], value=value)


@route(
    bp,
    "POST",
    "/privacy/lift/{token}",
    auth="public",
    html=True,
    refuses=(Code.INVALID_FORM,),
    form=ButtonForm,
)
@paged
def lift(call: Call) -> Reply:
    """Take back what the link is for. Without the page's own value, the page is shown again."""
    from chalicelib.domain.privacy import lifting  # noqa: PLC0415 - cold start

    if not pressed(call):
        return read_lifting(call)
    return page("lifted" if lifting.opened(call.path["token"]).lift() else "lift_gone", language(call))
