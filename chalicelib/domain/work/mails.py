"""Our mails, each at most once, whatever is killed and run again.

SES knows no idempotency token, so a mail is claimed before it is sent. A claim without `sent` is an unknown outcome and is
not repeated. Where it is certain that SES did not take the mail, the claim is given back and the caller comes again.
"""

from collections.abc import Callable

from chalicelib.connectors.mail.sending import Outgoing, SendFailed, send
from chalicelib.core import log
from chalicelib.core.errors import Unavailable


class NotTaken(Unavailable):
    """SES surely took no mail now, and may later: the claim is given back."""


def once(outcomes: dict[str, str], name: str, mail: Outgoing, save: Callable[[], None]) -> bool:
    """Claim, send and record the mail, and return whether it was sent now.

    `outcomes` is the part of a payload that `save` writes. VersionConflict, from `save`, where another worker claims at
    the same moment; NotTaken where SES takes nothing now.
    """
    if name in outcomes:
        return False
    outcomes[name] = "claimed"
    save()
    try:
        send(mail)
    except SendFailed as error:
        log.failure("mail_not_sent", error, kind=name, state="retryable" if error.retryable else "final")
        if error.retryable:
            del outcomes[name]
            save()
            raise NotTaken from error
        return False
    outcomes[name] = "sent"
    save()
    return True
