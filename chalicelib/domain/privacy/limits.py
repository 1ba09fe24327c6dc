"""Limits on mails to addresses that nobody has proved, and on guesses, by keyed hashes of address, origin or source.

What is beyond a limit waits and is sent later (answering): nobody is refused, and whoever asks in the name of another, or in a
flood, delays little but itself. A half of each day's mails is kept for origins that have asked for few.
"""

import random
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from chalicelib.core import clock
from chalicelib.core.errors import TooManyRequests
from chalicelib.core.identifiers import EmailAddress
from chalicelib.core.models import Model
from chalicelib.domain.privacy import mail_domains
from chalicelib.store.counters import DAY, give_back, take
from chalicelib.vault import tags


class Way(StrEnum):
    """How a request came. The ways have counters of their own: forged mails delay no proven one, and no form."""

    FORM = "form"
    PROVEN = "proven"  # a mail with DMARC PASS: its From is true
    UNPROVEN = "unproven"  # any other mail


# Each a day.
MAILS_PER_ADDRESS = (
    3  # to one mailbox, with all of its plus-aliases: enough for who tries again, too few to pester a stranger
)
MAILS_PER_ADDRESS_UNPROVEN = 2  # of these: the last one is kept for a proven mail
FOR_THE_MAILBOX_ITSELF = (
    1  # of these, too: spellings with a plus are endless, and their requests would come before its own
)
MAILS_PER_ORIGIN = {Way.FORM: 100, Way.PROVEN: 1_000, Way.UNPROVEN: 100}
MAILS_IN_ALL = {Way.FORM: 2_000, Way.PROVEN: 2_000, Way.UNPROVEN: 1_000}  # SES's quota is shared with everything else
FEW = 3  # mails by which an origin has asked for few

GUESSES = 30  # wrong links per source in ten minutes
GUESS_WINDOW = 600
_SPREAD_S = 3_600  # what waited comes back over an hour
_full: dict[str, float] = {}  # sources over their limit, until when: spares DynamoDB the rest of a flood


class Origin(Model):
    """Where an unproved request comes from: the way, and a keyed hash of the network, the domain or the mailbox."""

    way: Way = Way.UNPROVEN
    digest: str = ""


class Ahead(NamedTuple):
    """How many mails have waited longer, for the mailbox and for the alias of it: each has a mail of the day before this one."""

    mailbox: int = 0
    alias: int = 0


def origin_of_form(source: str) -> Origin:
    """Return the origin of a form: the network of the address that API Gateway saw."""
    return Origin(way=Way.FORM, digest=tags.platform_digest("origin", network(source)))


def origin_of_mail(sender: EmailAddress, *, proven: bool) -> Origin:
    """Return the origin of a mail: who answers for its From (mail_domains.answerable). `proven`: by DMARC."""
    answerable = mail_domains.answerable(sender, proven=proven)
    return Origin(way=Way.PROVEN if proven else Way.UNPROVEN, digest=tags.platform_digest("origin", answerable))


def network(source: str) -> str:
    """Return the network that one stranger may have: an IPv4 address, or the /48 of an IPv6 one, which tunnels give to
    anybody."""
    import ipaddress  # noqa: PLC0415 - cold start

    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network((int(address), 48), strict=False))
    return str(address)


def hold(address: EmailAddress, origin: Origin, ahead: Ahead = Ahead()) -> datetime | None:  # noqa: B008 - immutable
    """Count one mail to an address that is not proved. Return None where it may go, else when to try again; then nothing is
    counted. `ahead` counts against unproven mails and forms only: who is proven is the address's own person."""
    first = Ahead() if origin.way is Way.PROVEN else ahead
    most = MAILS_PER_ADDRESS if origin.way is Way.PROVEN else MAILS_PER_ADDRESS_UNPROVEN
    limits = {
        "mail-to-alias": most - FOR_THE_MAILBOX_ITSELF - first.alias,
        "mail-to": most - first.mailbox,
        f"mail-from-{origin.way}": MAILS_PER_ORIGIN[origin.way],
        f"mail-all-{origin.way}": MAILS_IN_ALL[origin.way] // 2,
    }
    at, counted = clock.epoch(), list[tuple[str, str]]()
    for name, subject in _counters(address, origin):
        uses = take(name, subject, limits[name], DAY)
        if not uses:
            for undone in counted:
                give_back(*undone, DAY, at)
            return _tomorrow()
        counted.append((name, subject))
        if name.startswith("mail-from-") and uses <= FEW:
            limits[f"mail-all-{origin.way}"] = MAILS_IN_ALL[origin.way]
    return None


def release(address: EmailAddress, origin: Origin, at: int) -> None:
    """Take off what `hold` counted at that time: the mail surely did not go."""
    for name, subject in _counters(address, origin):
        give_back(name, subject, DAY, at)


def _counters(address: EmailAddress, origin: Origin) -> list[tuple[str, str]]:
    """The counters of a mail, by name and subject: who asks before all that ask."""
    alias = [("mail-to-alias", address.base)] if address.exact != address.base else []
    return [
        (f"mail-from-{origin.way}", origin.digest),
        *alias,
        ("mail-to", address.base),
        (f"mail-all-{origin.way}", ""),
    ]


def _tomorrow() -> datetime:
    """A moment of the next day's first hour, within 24 hours."""
    left = DAY - clock.epoch() % DAY
    return clock.now() + timedelta(seconds=min(DAY, left + random.uniform(0, _SPREAD_S)))  # noqa: S311 - jitter, no secret


def wrong_guess(source: str) -> None:
    """Count a wrong link from a source. TooManyRequests from the limit on."""
    digest = tags.platform_digest("guess", network(source))
    now = clock.monotonic()
    if _full.get(digest, 0) > now:
        raise TooManyRequests(60, GUESSES, GUESS_WINDOW)
    if not take("guess", network(source), GUESSES, GUESS_WINDOW):
        if len(_full) > 10_000:  # noqa: PLR2004 - bounds the memory of a flood from many sources
            _full.clear()
        _full[digest] = now + 60
        raise TooManyRequests(60, GUESSES, GUESS_WINDOW)
