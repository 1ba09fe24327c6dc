"""Our mails, each at most once, whatever is killed and run again.

SES knows no idempotency token, so a mail is claimed before it is sent. A claim without `sent` is an unknown outcome and is
not repeated. Where it is certain that SES did not take the mail, the claim is given back and the caller comes again.
"""

from collections.abc import Callable, Sequence

from chalicelib.connectors.mail.sending import Outgoing, SendFailed, send
from chalicelib.core import log
from chalicelib.core.errors import Unavailable
from chalicelib.texts import render


class NotTaken(Unavailable):
    """SES surely took no mail now, and may later: the claim is given back."""


def written(to: str, template: str, language: str, **values: str) -> Outgoing:
    """Return the mail that the catalogue of that language calls `template`. TextMissing as in `render.mail`."""
    text = render.mail(template, language, **values)
    return Outgoing(to=to, subject=text.subject, text=text.text, html=text.html)


def once(
    outcomes: dict[str, str], name: str, mail: Outgoing, save: Callable[[], None], claims: Sequence[str] = ()
) -> bool:
    """Claim, send and record the mail, and return whether it was sent now.

    `outcomes` is the part of a payload that `save` writes. `claims`: what the mail tells of, each claimed by a name of its own,
    where that is not `name` alone; it is sent where one of them is open. VersionConflict, from `save`, where
    another worker claims at the same moment; NotTaken where SES takes nothing now.
    """
    open_claims = [each for each in claims or [name] if each not in outcomes]
    if not open_claims:
        return False
    outcomes |= dict.fromkeys(open_claims, "claimed")
    save()
    try:
        send(mail)
    except SendFailed as error:
        log.failure("mail_not_sent", error, kind=name, state="retryable" if error.retryable else "final")
        if error.retryable:
            for each in open_claims:
                del outcomes[each]
            save()
            raise NotTaken from error
        return False
    outcomes |= dict.fromkeys(open_claims, "sent")
    save()
    return True
