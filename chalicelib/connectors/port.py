"""What every provider of people is to the rest of the product: our words, no vendor's. Vendor modules implement it.

A `Source` is read page by page from a `Position`, which says by itself where to go on; it is kept sealed between pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chalicelib.connectors.fields import Hidden
from chalicelib.connectors.http import ProviderDown
from chalicelib.core.codes import RunOutcome
from chalicelib.core.stream_codes import StreamReason


class Provider(StrEnum):
    """Whom a member may connect, or asks us why not."""

    GOOGLE = "google"
    SALESFORCE = "salesforce"
    HUBSPOT = "hubspot"
    LINKEDIN = "linkedin"
    X = "x"
    FACEBOOK = "facebook"
    XING = "xing"
    VIADEO = "viadeo"


class PrivacyClass(StrEnum):
    """Who may see what a source says. SHAREABLE: colleagues too, where its member shares. OWNER_ONLY: its member alone, whatever
    is shared, and nothing that others see computed depends on it (P8, P10)."""

    SHAREABLE = "shareable"
    OWNER_ONLY = "owner_only"


class Stream(StrEnum):
    """What is read of a connection, each with a position of its own, in this order."""

    COMPANIES = "companies"
    CONTACTS = "contacts"
    MAIL = "mail"


class GrantEnded(Exception):
    """The provider will give no token for this grant any more. `reason` is a stable word of ours. Its person has to consent
    again; where it is `forbidden`, only an administrator at the provider ends that."""

    def __init__(self, reason: str = "grant_ended", *, forbidden: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.forbidden = reason, forbidden


class RefreshRefused(ProviderDown):
    """The provider refused to refresh a grant, in words that no table knows as final, or gives a refused token anew: only time
    tells."""


class CursorExpired(Exception):
    """The provider has forgotten the position (a sync token or history id expired): only a full pass goes on."""


class OverQuota(ProviderDown):
    """The provider wants us to slow down: nothing of it before `retry_after` seconds have passed."""

    def __init__(self, provider: str, retry_after: float) -> None:
        super().__init__(provider, sent=False)
        self.retry_after = retry_after


class NotReady(ProviderDown):
    """The provider is still preparing what it gives of this account: that it shows nothing says nothing yet."""

    def __init__(self, provider: str) -> None:
        super().__init__(provider, sent=False)


class NotPermitted(Exception):
    """The grant does not reach that far: a scope was not given, or the account's administrator forbids it. `reason` is
    ours, never the provider's sentence; `hidden` are the fields that the account does not show, as far as we know. `final`: the
    consent itself leaves it out, so that no time mends it; an API's refusal may pass."""

    def __init__(self, reason: StreamReason, hidden: Sequence[Hidden] = (), *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.hidden, self.final = reason, hidden, final


class NoLogin(Exception):
    """No account of the provider signs in there. `known`: it is the provider's own, and not offered here."""

    def __init__(self, *, known: bool = False) -> None:
        super().__init__("no login")
        self.known = known


class Misconfigured(ProviderDown):
    """The operator's own registration or project at the provider is refused: that meets every member at once, and ends when the
    operator mends it. `reason` is how a run ends that meets it."""

    def __init__(self, provider: str, reason: RunOutcome) -> None:
        super().__init__(provider, sent=False)
        self.reason = reason


class TokenSource(Protocol):
    """Where access tokens come from. Connectors ask it and keep none."""

    def token(self, *, until: float | None = None, instead_of: str = "") -> str:
        """Return a bearer token, never `instead_of`, which the provider just refused. GrantEnded; NotPermitted where no
        other can be had, and that one has not ended by its age.

        `until` as in connectors.http.
        """


@dataclass(frozen=True)
class Person:
    """A contact as the provider has it now. Texts as written there; `external_id` is the provider's own and has no colon."""

    external_id: str
    first_name: str = ""
    last_name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    title: str = ""
    profile_urls: tuple[str, ...] = ()
    company_name: str = ""
    company_external_id: str = ""  # of an Organization of the same connection
    opted_out: bool = False  # the person has said there that it wants no mail
    modified_at: str = (
        ""  # when the provider's record last changed (clock.rfc3339); empty where the provider does not say
    )
    untold: frozenset[str] = frozenset()  # attributes which the account hides, so that their emptiness says nothing


@dataclass(frozen=True)
class Organization:
    """A company as the provider has it now."""

    external_id: str
    name: str
    domain: str = ""
    modified_at: str = ""  # as of a Person
    untold: frozenset[str] = frozenset()  # as of a Person


@dataclass(frozen=True)
class Position:
    """Where to go on. `full`: within a pass over everything, not over what has changed since. `at` is the source's own."""

    full: bool
    at: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One page. `gone`: external ids that the source says were deleted there. `renamed`: external ids that records had before,
    each to the one that it has now or became a part of, as far as the source says so; they may be `gone`, too. `done`: the pass
    ends with this page, and `position` is where the next pass, of changes, begins; the same position again where it can't be
    known. `hidden`: fields that the account does not show, and the stream is read without."""

    position: Position
    done: bool
    people: tuple[Person, ...] = ()
    organizations: tuple[Organization, ...] = ()
    gone: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[Hidden, ...] = ()


class Source(Protocol):
    """People or organizations of one connection. Every method: ProviderDown, OverQuota, NotReady, GrantEnded, NotPermitted."""

    def start(self) -> Position:
        """Return the position where a full pass begins. Asks nothing of the provider."""

    def page(self, position: Position) -> Page:
        """Return the page at a position. CursorExpired."""

    def look(self, external_ids: Sequence[str]) -> Page:
        """Return at most 100 records as they are now. `gone` names those that the provider no longer has.

        The page's position means nothing.
        """

    def count(self) -> int | None:
        """Return how many records the provider says it has now, or None if it does not say."""


@dataclass(frozen=True)
class Header:
    """What is read of one message: who, when, which way. Never a subject, a snippet or a word of it."""

    message_id: str  # the provider's own
    at: datetime
    outgoing: bool
    sender: str  # bare address
    recipients: tuple[str, ...]  # bare addresses, To and Cc
    automatic: bool = False  # a list, a bounce or an automatic answer: nobody wrote it to anybody


@dataclass(frozen=True)
class MailPage:
    """One page of headers; `position` and `done` as in Page. `units`: what it cost of the mailbox's quota. `stopped_by`: why the
    page ends before its time; what came is in it, the position goes on with the rest, and nothing is to be asked for now."""

    position: Position
    done: bool
    headers: tuple[Header, ...] = ()
    units: int = 0
    stopped_by: ProviderDown | None = None


class Mailbox(Protocol):
    """The headers of one mailbox. Failures as in Source."""

    def start(self) -> Position:
        """Return the position where a full pass begins. Asks nothing of the provider."""

    def page(self, position: Position) -> MailPage:
        """Return the page at a position. CursorExpired."""

    def watch(self) -> datetime | None:
        """Ask the provider to notify us of news, and return when that ends. None if the operator has set no topic."""


@dataclass(frozen=True)
class Grant:
    """What a provider gave for a consent, or for a refresh. Whatever a refresh leaves out keeps its former value."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: datetime | None = None  # None: until it is refused
    scopes: tuple[str, ...] = ()
    base_url: str = ""  # where this account's API is, where that differs from account to account
    account: str = ""  # the provider's own id of the account that consented
    address: str = ""  # its e-mail address, where the provider says it
    login: str = ""  # where it was given, as in App
    consented_at: datetime | None = None  # when its person last said yes; None where that is not known


@dataclass(frozen=True)
class Tier:
    """One choice of what a connection may do. `scopes` is all that is asked for; `streams` is what is read with them.
    `offered`: false where nothing uses those scopes yet, so that no member is asked for them."""

    name: str
    scopes: tuple[str, ...]
    streams: tuple[Stream, ...]
    purpose: str
    every_s: int = 0  # seconds between two passes at least, where each pass has to read everything
    offered: bool = True


@dataclass(frozen=True)
class App:
    """Our registration at a provider. `login`: where its person signs in, as vendors.login gives it; empty for the usual page."""

    client_id: str
    client_secret: str = field(repr=False)
    login: str = ""


class Vendor(Protocol):
    """One provider that members can connect."""

    provider: Provider
    tiers: tuple[Tier, ...]  # the first is the default, and offered

    def consent_url(self, app: App, tier: Tier, *, state: str, challenge: str, redirect_uri: str) -> str:
        """Return the URL where the member consents (RFC 6749 4.1.1, with RFC 7636's S256 challenge)."""

    def exchange(self, app: App, *, code: str, verifier: str, redirect_uri: str) -> Grant:
        """Return the grant for a code. Never sent twice. ProviderRefused if code or verifier is wrong; ProviderDown."""

    def refresh(self, app: App, grant: Grant) -> Grant:
        """Return a grant with fresh tokens. GrantEnded for a refusal that the vendor's table knows as final; ProviderDown;
        oauth.AppRefused where our own registration is refused; ProviderRefused for other refusals, which may pass."""

    def revoke(self, app: App, grant: Grant, until: float | None = None) -> None:
        """End the grant at the provider. Harmless if it has ended before. ProviderDown; ProviderRefused if it can't be.

        `until` as in connectors.http.
        """

    def source(self, stream: Stream, tokens: TokenSource, grant: Grant, until: float | None) -> Source:
        """Return the people or organizations of the account. KeyError if the provider has no such stream.

        Of `grant` only base_url, account, scopes and consented_at are set.
        """

    def mailbox(self, tokens: TokenSource, grant: Grant, until: float | None) -> Mailbox:
        """Return the account's mailbox. KeyError if the provider has none."""
