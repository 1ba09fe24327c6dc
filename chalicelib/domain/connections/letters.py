"""What our mails about a connection have in common: to whom they go, and how they name provider and account."""

from chalicelib.connectors.mail.sending import Outgoing
from chalicelib.connectors.port import Stream
from chalicelib.domain.accounts.model import MemberPayload
from chalicelib.domain.connections.model import ConnectionPayload
from chalicelib.domain.work import mails
from chalicelib.texts import render


def written(to: MemberPayload, template: str, payload: ConnectionPayload, **values: str) -> Outgoing:
    """Return the mail to the connection's member that the catalogue of the member's language calls `template`."""
    language = to.settings.language
    provider = render.provider(payload.provider, language)
    account = payload.address or payload.account or provider
    return mails.written(to.email, template, language, provider=provider, account=account, **values)


def held(payload: ConnectionPayload) -> dict[str, str]:
    """Return how much the connection holds back at most, as mails say it."""
    goes = {each.stream: str(each.would_delete) for each in payload.health.held}
    return {"contacts": goes.get(Stream.CONTACTS, "0"), "companies": goes.get(Stream.COMPANIES, "0")}
