"""How a vendor speaks OAuth 2.0: its paths, its limits, and its words for each mistake."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto


class Mistake(StrEnum):
    """What an app can do wrong. A vendor whose table lacks one of the consent page's does not look for it."""

    # at the consent page, in the order in which they are looked for
    UNKNOWN_APP = auto()
    NO_REDIRECT = auto()
    WRONG_REDIRECT = auto()
    WRONG_RESPONSE_TYPE = auto()
    NO_STATE = auto()
    NO_CHALLENGE = auto()
    NO_SCOPE = auto()
    WRONG_SCOPE = auto()
    WRONG_CHALLENGE_METHOD = auto()
    PAGE_FORBIDDEN = auto()
    # what the person does there
    DENIED = auto()
    NOT_OPEN = auto()
    # at the token endpoint
    UNKNOWN_CLIENT = auto()
    WRONG_SECRET = auto()
    UNKNOWN_GRANT_TYPE = auto()
    UNKNOWN_CODE = auto()
    SPENT_CODE = auto()
    OTHER_REDIRECT = auto()
    NO_VERIFIER = auto()
    WRONG_VERIFIER = auto()
    NO_REFRESH_TOKEN = auto()
    UNKNOWN_REFRESH_TOKEN = auto()
    ENDED_REFRESH_TOKEN = auto()
    # at the revocation endpoint
    NO_TOKEN = auto()
    UNKNOWN_TOKEN = auto()


# What is said of a mistake that the vendor has no words of its own for.
LIKE = {
    Mistake.SPENT_CODE: Mistake.UNKNOWN_CODE,
    Mistake.OTHER_REDIRECT: Mistake.UNKNOWN_CODE,
    Mistake.NO_VERIFIER: Mistake.WRONG_VERIFIER,
    Mistake.WRONG_VERIFIER: Mistake.UNKNOWN_CODE,
    Mistake.NO_REFRESH_TOKEN: Mistake.UNKNOWN_REFRESH_TOKEN,
    Mistake.ENDED_REFRESH_TOKEN: Mistake.UNKNOWN_REFRESH_TOKEN,
    Mistake.NO_TOKEN: Mistake.UNKNOWN_TOKEN,
    Mistake.WRONG_SECRET: Mistake.UNKNOWN_CLIENT,
    Mistake.UNKNOWN_TOKEN: Mistake.UNKNOWN_REFRESH_TOKEN,
}


@dataclass(frozen=True)
class Complaint:
    """`to_app`: at the consent page, the browser goes back with it; otherwise the person reads it there. `word`: the vendor's
    own beside RFC 6749's."""

    code: str
    text: str = ""
    status: int = 400
    to_app: bool = False
    word: str = ""


class Credentials(StrEnum):
    """Where an app puts its id and secret."""

    FORM = auto()
    BASIC = auto()
    EITHER = auto()


@dataclass(frozen=True)
class Paths:
    """Without `revocation` nobody can ask for it."""

    consent: str
    token: str
    revocation: str = ""


@dataclass(frozen=True)
class Dialect:
    """One vendor's. Tokens begin with `forms` (code, access, refresh)."""

    provider: str
    paths: Paths
    scopes: Mapping[str, str]  # with the consent page's words
    complaints: Mapping[Mistake, Complaint]
    code_s: int
    access_s: int
    app: str = "IKO"
    optional: frozenset[str] = frozenset()  # scopes that the person may refuse one by one
    forms: tuple[str, str, str] = ("", "", "")
    credentials: Credentials = Credentials.FORM
    challenge_methods: tuple[str, ...] = ("S256",)
    refreshes: bool = True
    codes_survive_mistakes: bool = False  # otherwise a code is for one use, whatever comes of it
    repeats_refresh: bool = False  # each answer has the refresh token in it
    takes_first_account: bool = False  # where the form names none
    revokes_for_app_only: bool = True  # with the app's id and secret
