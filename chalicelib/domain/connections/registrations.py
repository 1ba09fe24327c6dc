"""Our registration at each provider, which the operator put into the connectors' secret."""

from chalicelib.connectors.port import App, Provider
from chalicelib.core import settings
from chalicelib.core.codes import Code
from chalicelib.core.errors import Conflict
from chalicelib.vault import secrets


class NotRegistered(Conflict):
    """The operator has no registration at this provider."""

    code, title = Code.PROVIDER_NOT_REGISTERED, "This provider cannot be connected here"


def app(provider: Provider, *, fresh: bool = False) -> App:
    """Return our registration with the provider; `fresh` reads it anew, as after a refusal. NotRegistered,
    Unavailable."""
    fields = secrets.read(settings.current().connectors.secret, fresh=fresh)
    client_id = fields.get(f"{provider}_client_id", "")
    if not client_id:
        raise NotRegistered("The operator has not registered this installation with the provider. Ask them to do so.")
    return App(client_id, fields.get(f"{provider}_client_secret", ""))


def redirect_uri(provider: Provider) -> str:
    """Return where the provider sends the browser back to: exactly this address is registered there."""
    return f"{settings.current().public_url}/oauth/{provider}/callback"
