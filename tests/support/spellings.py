"""How people, programs and links write an address or a profile, as strategies, and how a reader understands what is stored."""

import re
import unicodedata
from html import unescape
from urllib.parse import unquote

from hypothesis import strategies as st

INVISIBLE = "\u200b\u200d\u2060\ufeff\u00ad\u034f\ufe0f\u200e"
_AT = (
    "@",
    "＠",
    "﹫",
    "%40",
    "%2540",
    "&#64;",
    "(at)",
    " [at] ",
    "（at）",
    " at ",
    "[@]",
    " @ ",
    "(a)",
    " @",
    "@ ",
    "\\@",
    *("\n@", "\r\n@", "\t@", "@\n", "\x85@", "@\u2028", "\x1f@"),  # a control that is white space
    *("\ufffd@", "\ue000@", "\u2800@", "\ufffc@"),  # what could not be read, or has no ink
    *("(x)@", "@(x)", "=40", "\\u0040", "\\x40", "%u0040", "&#64", "\\n@"),
)
_DOT = (".", "。", "．", "%2e", "&#46;", "(dot)", " [dot] ", " dot ")
_AROUND = tuple(
    (each.partition("_")[0], each.partition("_")[2])
    for each in (
        *(
            "_",
            "<_>",
            "→_",
            "📧_📧",
            "「_」",
            "（_）",
            "“_”",
            "メールは_です",
            "*_*",
            "mailto:_",
            "'_'",
            "ask _, please",
        ),
        *('"Gone"_', "=?utf-8?Q?_?=", "bo/_", "bo,_", "_?subject=x", "_\nbo@o.example", "x=_"),
        *("e-mail:_.", "_-", "邮箱：_。", "[_](x)", "• _;", "(_)", "https://acme.example/?mail=_&x=1"),
    )
)
_HOSTS = (
    "www.linkedin.com",
    "linkedin.com",
    "de.linkedin.com",
    "m.linkedin.com",
    "LinkedIn.com",
    "pt-br.linkedin.com",
    "linkedin.cn",
    "linkedin.com:443",
    "www.linkedin.com.",
)
_PATHS = (
    "/in/{}",
    "/in/{}/",
    "/in/{}/en",
    "/mwlite/in/{}",
    "/comm/in/{}?trk=x",
    "//in/{}#top",
    "/in/{}/details/experience/",
    "/in/{}&trk=x",
    "/in/{};x",
    "/in/{}’s",
    "/public-profile/in/{}",
)
# What stands around an address in a cell that is for addresses.
_IN_CELL = (
    *("{}", "{}", "{}\n", "\n{}", "{}?subject=x", "mailto:{}?subject=x", "(work) {}", "{} (work)", "Work: {}"),
    *('"Gone" <{}>', "<{}", "{} <bo@o.example>", "bo@o.example; {}", "{}, bo@o.example", "bo@o.example\n{}"),
    *(
        "mailto://{}",
        "//{}",
        "/o=Ex/ou=x/cn={}",
        "mail={}",
        "?to={}",
        "#{}",
        "{{{}",
        "|{}",
        "!{}",
        "-{}",
        "mx!{}",
        "bo/{}",
    ),
    *("bo, cy, {}", "bo & {}", "bo;{}", "bo und {}"),
)
_WIDE = {chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)}


def _written(character: str, how: str) -> str:
    if how == "upper":
        return character.upper()
    if how == "wide":
        return _WIDE[character]
    if how == "encoded":
        return f"%{ord(character):02x}"
    return character + INVISIBLE[ord(character) % len(INVISIBLE)] if how == "invisible" else character


@st.composite
def _respelt(draw: st.DrawFn, word: str, ways: tuple[str, ...]) -> str:
    """The word with some of its characters written otherwise, all in one or two ways."""
    chosen = draw(st.lists(st.sampled_from(ways), min_size=1, max_size=2))
    return "".join(_written(c, draw(st.sampled_from(("plain", "plain", *chosen)))) for c in word)


@st.composite
def addresses(draw: st.DrawFn, address: str) -> str:
    """An address of one word and a domain of two, as a reader takes it for the same."""
    local, _, domain = address.partition("@")
    ways = ("upper", "wide", "invisible", "encoded")
    words = [draw(_respelt(word, ways)) for word in (local, *domain.split("."))]
    at, dot = draw(st.sampled_from(_AT)), draw(st.sampled_from(_DOT))
    plus = draw(st.sampled_from(("", "", "+news")))
    return f"{words[0]}{plus}{at}{dot.join(words[1:])}"


@st.composite
def profiles(draw: st.DrawFn, slug: str) -> str:
    """A page of LinkedIn, as the address line, a mail or another page writes it."""
    scheme = draw(st.sampled_from(("https://", "http://", "", "HTTPS://")))
    host, path = draw(st.sampled_from(_HOSTS)), draw(st.sampled_from(_PATHS))
    return scheme + host + path.format(draw(_respelt(slug, ("upper", "encoded", "invisible"))))


@st.composite
def within(draw: st.DrawFn, spelt: st.SearchStrategy[str]) -> str:
    """A text in which it stands."""
    before, behind = draw(st.sampled_from(_AROUND))
    return f"{before}{draw(spelt)}{behind}"


@st.composite
def in_cell(draw: st.DrawFn, spelt: st.SearchStrategy[str]) -> str:
    """A cell for addresses in which it stands."""
    return draw(st.sampled_from(_IN_CELL)).format(draw(spelt))


def understood(text: str) -> str:
    """The letters and digits of a text as a reader understands it, whatever was encoded, hidden or stretched."""
    for _ in range(3):
        text = unquote(unescape(text))
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[^a-z0-9]", "", text)
