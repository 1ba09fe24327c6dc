"""The part of Gmail's search that `q` is answered for: https://support.google.com/mail/answer/7190

from: to: subject: label: in: rfc822msgid: after: before: (seconds since 1970 or YYYY/MM/DD) and bare words; all have to hold.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from infra.simulators.google.messages import Mail

Matcher = Callable[[Mail], bool]


def matcher(text: str) -> Matcher:
    """Whether a mail is meant; without a query every one is."""
    parts = [_one(*_split(each)) for each in text.split()]
    return lambda mail: all(part(mail) for part in parts)


def _split(word: str) -> tuple[str, str]:
    name, colon, value = word.partition(":")
    return (name.lower(), value.lower()) if colon else ("", word.lower())


def _one(name: str, value: str) -> Matcher:
    parts: dict[str, Matcher] = {
        "from": lambda mail: any(value in each for each in mail.addresses("From")),
        "to": lambda mail: any(value in each for each in mail.addresses("To", "Cc")),
        "subject": lambda mail: value in mail.header("Subject").lower(),
        "label": lambda mail: value.upper() in mail.labels,
        "in": lambda mail: value in ("", "anywhere") or value.upper() in mail.labels,
        "rfc822msgid": lambda mail: value.strip("<>") == mail.header("Message-ID").strip("<>").lower(),
        "after": lambda mail: mail.at >= _moment(value),
        "before": lambda mail: mail.at < _moment(value),
        "": lambda mail: value in f"{mail.header('Subject')} {mail.text}".lower(),
    }
    return parts.get(name, lambda _mail: False)


def _moment(text: str) -> datetime:
    if text.isdigit():
        return datetime.fromtimestamp(int(text), UTC)
    year, month, day = (int(part) for part in text.replace("-", "/").split("/"))
    return datetime(year, month, day, tzinfo=UTC)
