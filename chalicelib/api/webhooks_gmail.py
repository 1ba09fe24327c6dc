"""Gmail's word, by Google Cloud Pub/Sub, that a mailbox has news."""

from chalice import Blueprint

from chalicelib.api.http import Call, Reply, route
from chalicelib.core.codes import Code

bp = Blueprint(__name__)


@route(
    bp,
    "POST",
    "/webhooks/gmail",
    auth="public",
    status=204,
    media_types=("application/json",),
    refuses=(Code.UNAUTHENTICATED,),
)
def receive_gmail(call: Call) -> Reply:
    """Receive Pub/Sub's pushes for Gmail. Answered 2xx only when recorded."""
    from chalicelib.connectors.google import push  # noqa: PLC0415 - cold start
    from chalicelib.domain.sync import push as mailbox_push  # noqa: PLC0415

    said = push.read(call.headers.get("authorization", ""), call.raw_body)
    mailbox_push.told(said.address)
    return Reply()
