"""What a link tells beside the page that it leads to: nothing finds a person by that, so such a link is not kept."""

import re
from html import unescape
from urllib.parse import unquote

from chalicelib.core.identifiers import is_chat_link
from chalicelib.domain.redaction.encoded import texts_in
from chalicelib.domain.redaction.mentions import Mention, identifiers_in
from chalicelib.vault.tags import Identifier

_DECODED_AT_MOST = 3  # a link may be encoded again each time that it is passed on
_BEHIND_HOST = re.compile(r"[/?#]")
_NOWHERE = "https://iko.example/?="  # what was decoded is looked at as a link to there
_PARTS_A_LINK = "/?#&="
_DIGITS = r"\d(?:[\s()./-]{0,2}\d){5,17}(?!\d)"
# A number is told by its plus sign, or by the name that it has: any link has digits.
_NUMBER = re.compile(r"(?<!\w)\+[\s().-]?\d(?:[\s().-]{0,2}\d){7,14}(?!\d)")
_NAMES = (
    r"(?<!i)phone|fono?|foon|fone|puhelin|电话|電話|телефон|whatsapp|msisdn|callto"
    r"|(?<![a-z])(?:tel|sms|fax|gsm|handy|mobile?|mobiel|m[oó]vil|celular|cellulare|komorka)"
)
_NAMED = re.compile(rf"(?:{_NAMES})[\w\[\].-]{{0,12}}[=:]/*[\s(+]*{_DIGITS}", re.IGNORECASE)
_IN_PATH = re.compile(rf"/(?:tel|telephone|telefon|phone|whatsapp|callto|sms)/\+?{_DIGITS}", re.IGNORECASE)


def holds_another(link: str) -> bool:
    """Return whether an e-mail address, a person's page other than the link itself, or a phone number stands in a link, in its
    path, query or fragment: as it is, or encoded for a URL, a page or in Base64, however often."""
    for _ in range(_DECODED_AT_MOST):
        link = unescape(unquote(link))
    link = link if "://" in link[:10] else f"https://{link}"
    behind = _BEHIND_HOST.search(link, link.find("//") + 2)
    within = behind.start() if behind else len(link)
    if any(_is_address(each) or each.start > within for each in identifiers_in(link)):
        return True
    if is_chat_link(link) or any(each.search(link, within) for each in (_NUMBER, _NAMED, _IN_PATH)):
        return True
    return any(holds_another(f"{_NOWHERE}{text}") for _, _, text in texts_in(link[within:]))


def _is_address(mention: Mention) -> bool:
    """Whether it is one for certain: medium.example/@anna.keller names an account by its page alone."""
    locals_ = (mark.exact.rpartition("@")[0] for mark in mention.marks if mark.kind is Identifier.EMAIL)
    return any(not each.endswith(tuple(_PARTS_A_LINK)) for each in locals_)
