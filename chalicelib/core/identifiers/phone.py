"""Phone numbers in their one exact form: E.164 where the country is clear, else digits."""

import re
import unicodedata

from chalicelib.core.identifiers.characters import visible
from chalicelib.core.identifiers.errors import InvalidIdentifier

_MIN_DIGITS, _MAX_DIGITS = 5, 20  # shorter than an extension or longer than any numbering plan is no number
# What spreadsheets and links put before a number: `tel:`, `'+49`, `="+49"`, a label's colon.
_WRAPPING = re.compile(r"\A(?:tel|phone|callto|sms):/*", re.IGNORECASE)
_NO_DIGITS = re.compile(r"[^0-9]+")
_EXPONENT = re.compile(r"\d[.,]?\d*[eE]\+?\d+\Z")  # what Excel makes of a long number: 4.91701E+11
_PARAMETERS = re.compile(r";(?:ext|phone-context|isub)=.*\Z", re.IGNORECASE)  # RFC 3966
# International prefixes that are dialled in place of the plus sign: most countries, and North America.
_DIALLED = re.compile(r"\A(?:00|011)(?=[\s(\-./]*[1-9])")


def phone(raw: str, country: str | None = None) -> str:
    """Return E.164 where the number and its country are clear, else its digits; `country` is ISO 3166-1.

    InvalidIdentifier below five digits, for what a spreadsheet has rounded, and for what holds an @: an address must not
    hide as a number, where no look-up by address finds it.
    """
    text, digits = _read(raw)
    written = _international(text)
    if not written and not country:
        return digits
    import phonenumbers  # 40 ms to import, and few requests need it  # noqa: PLC0415

    try:
        number = phonenumbers.parse(written or text, country)
    except phonenumbers.NumberParseException:
        return digits
    if text.startswith("011") and not phonenumbers.is_valid_number(number):
        return digits  # somebody's national number begins so
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def phone_digits(raw: str) -> str:
    """Return the digits of what may be a number, without asking which country's it is. InvalidIdentifier as in `phone`."""
    return _read(raw)[1]


def _read(raw: str) -> tuple[str, str]:
    """The number without what wraps it, and its digits."""
    text = visible(raw).strip("'\"=` ")
    if ":" in text or ";" in text:
        text = _PARAMETERS.sub("", _WRAPPING.sub("", text))
    if not text.isascii():
        text = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)
    digits = _NO_DIGITS.sub("", text)
    if "@" in text or "%40" in text or _EXPONENT.fullmatch(text) or not _MIN_DIGITS <= len(digits) <= _MAX_DIGITS:
        raise InvalidIdentifier("phone")
    return text, digits


def _international(text: str) -> str:
    """The number from its plus sign on, which may stand in brackets: (+49) 30 …; empty where it has none."""
    head = re.match(r"[\s(\[]*\+", text)
    if head:
        return "+" + text[head.end() :].replace("+", " ")
    dialled = _DIALLED.match(text.lstrip("( "))
    return "+" + text.lstrip("( ")[dialled.end() :] if dialled else ""
