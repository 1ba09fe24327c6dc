"""Phone numbers in their one exact form: E.164 where the country is clear, else digits."""

import contextlib
import re
import unicodedata

from chalicelib.core.identifiers.characters import visible
from chalicelib.core.identifiers.errors import InvalidIdentifier

_MIN_DIGITS, _MAX_DIGITS = 5, 20  # shorter than an extension or longer than any numbering plan is no number
# What spreadsheets and links put before a number: `tel:`, `'+49`, `="+49"`, a label's colon.
_WRAPPING = re.compile(r"\A(?:tel|phone|callto|sms):/*", re.IGNORECASE)
_CHAT = re.compile(
    r"\A(?:https?://)?(?:www\.)?(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=)(?:\+|%2b)?(?=\d)", re.IGNORECASE
)
_NO_DIGITS = re.compile(r"[^0-9]+")
_EXPONENT = re.compile(r"\d[.,]?\d*[eE]\+?\d+\Z")  # what Excel makes of a long number: 4.91701E+11
_PARAMETERS = re.compile(r";(?:ext|phone-context|isub)=.*\Z", re.IGNORECASE)  # RFC 3966
# What may stand before a number: its label ("Tel.:", "T"), brackets.
_LABEL = re.compile(r"\A[^0-9+]*")
# International prefixes that are dialled in place of the plus sign: most countries, and North America.
_DIALLED = re.compile(r"\A(?:00|011)(?=[\s(\-./]*[1-9])")
_REMARK = re.compile(r"(?<=\d)[^\w+]*[^\W\d_].*\Z", re.DOTALL)  # behind a number: "(mobil)", "ext. 12", "x12"
_BETWEEN = re.compile(r"[^\w+;#()]|_")  # digits and blanks; what else somebody puts between groups of digits is one


def phone(raw: str, country: str | None = None) -> str:
    """Return E.164 where the number and its country are clear, else its digits; `country` is ISO 3166-1.

    InvalidIdentifier below five digits, for what a spreadsheet has rounded, and for what holds an @: an address must not
    hide as a number, where no look-up by address finds it.
    """
    text, digits = _read(raw)
    text = _LABEL.sub("", text)
    written = _international(text)
    if not written and not country:
        return digits
    return (
        _e164(written or text, country, surely=text.startswith("011")) or digits
    )  # national numbers begin with 011, too


def phone_digits(raw: str) -> str:
    """Return the digits of what may be a number, without asking which country's it is. InvalidIdentifier as in `phone`."""
    return _read(raw)[1]


def _e164(text: str, country: str | None, *, surely: bool) -> str:
    """The number in E.164, empty where it is none; `surely`: also where the plan of its country has no such number."""
    import phonenumbers  # 40 ms to import, and few requests need it  # noqa: PLC0415

    found = []
    # Letters may be a remark, or keys of the number: +1 (800) 555-CATS.
    for each in dict.fromkeys((_REMARK.sub("", text), text)):
        with contextlib.suppress(phonenumbers.NumberParseException):
            found.append(phonenumbers.parse(_BETWEEN.sub(" ", each), country))
    valid = [number for number in found if phonenumbers.is_valid_number(number)]
    number = next(iter(valid if surely else [*valid, *found]), None)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)) if number else ""


def is_chat_link(text: str) -> bool:
    """Return whether the text is a link that leads to a chat with a phone number."""
    return _CHAT.match(text) is not None


def without_wrapping(raw: str) -> str:
    """Return the number as written, without what spreadsheets and links put around one: `="+49 30 1234567"`, `tel:`."""
    text = _CHAT.sub("+", visible(raw).strip("'\"=` "))
    return _PARAMETERS.sub("", _WRAPPING.sub("", text)) if ":" in text or ";" in text else text


def _read(raw: str) -> tuple[str, str]:
    """The number without what wraps it, and its digits."""
    text = without_wrapping(raw)
    if not text.isascii():
        text = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)
    digits = _NO_DIGITS.sub("", text)
    if "@" in text or "%40" in text or _EXPONENT.fullmatch(text) or not _MIN_DIGITS <= len(digits) <= _MAX_DIGITS:
        raise InvalidIdentifier("phone")
    return text, digits


def _international(text: str) -> str:
    """The number from its plus sign on, which may stand in brackets: (+49) 30 …; empty where it has none."""
    if text.startswith("+"):
        return "+" + text.replace("+", " ")
    dialled = _DIALLED.match(text)
    return "+" + text[dialled.end() :] if dialled else ""
