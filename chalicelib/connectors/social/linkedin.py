"""LinkedIn: the member's own connections, by the Member Data Portability API, which is open to members in the EEA.

Written from learn.microsoft.com/en-us/linkedin: dma/member-data-portability/member-data-portability-3rd-party (the product for
apps such as ours, and its scope), dma/member-data-portability/shared/member-snapshot-api and …/snapshot-domain,
shared/authentication/authorization-code-flow and …/programmatic-refresh-tokens.

LinkedIn gives snapshots and no changes that we may use, so every pass is one over everything. It begins to make the snapshot when
the member consents, and says "No data found" until that is done, as it does of a member without data. A consent has no PKCE:
LinkedIn answers `invalid_client` to a code verifier from a client that has a secret; the state, the secret and the exact redirect
URI bind the code instead.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NoReturn
from urllib.parse import quote, unquote, urlsplit

from chalicelib.connectors import http, oauth
from chalicelib.connectors.http import ProviderDown, ProviderRefused
from chalicelib.connectors.port import (
    App,
    CursorExpired,
    Grant,
    GrantEnded,
    Mailbox,
    NotPermitted,
    NotReady,
    OverQuota,
    Page,
    Person,
    Position,
    Provider,
    Source,
    Stream,
    Tier,
    TokenSource,
)
from chalicelib.core import clock, settings
from chalicelib.core.stream_codes import StreamReason

PROVIDER = "linkedin"
SCOPE = "r_dma_portability_3rd_party"
VERSION = "202312"  # the only one that the portability API answers to
DOMAIN = "CONNECTIONS"
# What is kept of a connection; the API gives each whole, without a choice of fields.
FIELDS = {
    "First Name": "to show the contact, and to match it",
    "Last Name": "to show the contact, and to match it",
    "URL": "knows the contact again; LinkedIn gives no other id",
    "Email Address": "to match the contact; LinkedIn gives it where the person lets its connections have it",
    "Company": "to match the contact with a company",
    "Position": "to show the contact's role",
}
_UNAUTHORIZED, _BUSY = 401, 429
_REASONS = {_UNAUTHORIZED: StreamReason.SESSION_REFUSED, 403: StreamReason.NOT_OPEN_TO_THIS_MEMBER}
_PAUSE_S = 3600.0  # where LinkedIn does not say: its limits are by day
# How the API says that there is no such page: documented by its text.
_END = re.compile(r"no data found", re.IGNORECASE)
_PREPARES = timedelta(days=1)  # after a consent; LinkedIn does not say how long it takes
_ACCOUNT_S = 8.0  # a browser waits for it
_MOST_PAGES = 1000  # LinkedIn ends at 30,000 connections


class LinkedIn:
    """See connectors.port.Vendor."""

    provider = Provider.LINKEDIN
    tiers: tuple[Tier, ...] = (
        Tier(
            "contacts",
            (SCOPE,),
            (Stream.CONTACTS,),
            "your connections: name, profile address, company and position, and the e-mail addresses that they let you have",
            every_s=43_200,  # each pass reads all of it, and LinkedIn makes its snapshot anew but now and then
        ),
    )

    def consent_url(self, app: App, tier: Tier, *, state: str, challenge: str, redirect_uri: str) -> str:
        """Return the URL where the member consents, without the challenge: see above."""
        asked = oauth.code_request(
            client_id=app.client_id, state=state, challenge=challenge, redirect_uri=redirect_uri, scopes=tier.scopes
        )
        kept = {name: value for name, value in asked.items() if not name.startswith("code_challenge")}
        return oauth.consent_url(f"{_web()}/oauth/v2/authorization", kept)

    def exchange(
        self,
        app: App,
        *,
        code: str,
        verifier: str,  # noqa: ARG002 - the port's; LinkedIn refuses one
        redirect_uri: str,
    ) -> Grant:
        """Return the grant for a code. Its account is LinkedIn's id of the member.

        The account is empty if LinkedIn does not say it yet: a code can't be tried twice.
        """
        answer = self._token(app, oauth.code_form(code, "", redirect_uri))
        return oauth.grant_of(answer, clock.now(), account=_member(answer["access_token"]))

    def refresh(self, app: App, grant: Grant) -> Grant:
        """Return a grant with fresh tokens. GrantEnded without a refresh token, which most apps are not given.

        Then members have to consent again after sixty days.
        """
        if not grant.refresh_token:
            raise GrantEnded
        return oauth.grant_of(self._token(app, oauth.refresh_form(grant)), clock.now())

    def revoke(self, app: App, grant: Grant, until: float | None = None) -> None:  # noqa: ARG002 - the port's
        """Raise ProviderRefused unless the token has ended by its age. Nothing is asked.

        LinkedIn documents no way for an app to end a grant: the member does it there, under Permitted services.
        """
        if grant.refresh_token or grant.expires_at is None or grant.expires_at > clock.now():
            raise ProviderRefused(PROVIDER, 501)

    def source(self, stream: Stream, tokens: TokenSource, grant: Grant, until: float | None) -> Source:
        """Return the member's connections. KeyError for any other stream."""
        if stream is not Stream.CONTACTS:
            raise KeyError(stream)
        return Connections(tokens, until, grant.consented_at)

    def mailbox(self, tokens: TokenSource, grant: Grant, until: float | None) -> Mailbox:  # noqa: ARG002 - the port's
        """Raise KeyError: there is no mailbox."""
        raise KeyError(PROVIDER)

    def _token(self, app: App, form: dict[str, str]) -> dict[str, Any]:
        url = f"{_web()}/oauth/v2/accessToken"
        return oauth.token(PROVIDER, url, {**form, **oauth.client_form(app)}, final=oauth.FINAL)


class Connections:
    """The member's connections, page by page of LinkedIn's snapshot; a page's number is the position."""

    def __init__(self, tokens: TokenSource, until: float | None, consented_at: datetime | None = None) -> None:
        self._tokens, self._until, self._consented_at = tokens, until, consented_at
        self._fresh: dict[str, Person] | None = None

    def start(self) -> Position:
        """Return the position of the first page."""
        return Position(True, {"start": "0"})

    def page(self, position: Position) -> Page:
        """Return the page at a position. CursorExpired; ProviderDown.

        LinkedIn says neither how many pages there are nor which is the last: what follows it is an error. ProviderDown
        also for a page that repeats the one before it, which would hide the page that belongs there; NotReady for a
        snapshot without anybody in the first day after the consent.
        """
        number = position.at.get("start", "")
        if not number.isdigit():
            raise CursorExpired
        if int(number) >= _MOST_PAGES:
            raise ProviderDown(PROVIDER)
        rows = self._rows(number)
        if rows is None:
            if not int(number) and self._consented_at and clock.now() < self._consented_at + _PREPARES:
                raise NotReady(PROVIDER)
            return Page(self.start(), True)
        mark = hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]
        if rows and mark == position.at.get("last"):
            raise ProviderDown(PROVIDER)
        people = {person.external_id: person for person in map(_person, rows) if person}
        following = {"start": str(int(number) + 1), "last": mark}
        return Page(Position(True, following), False, tuple(people.values()))

    def look(self, external_ids: Sequence[str]) -> Page:
        """Return these records as they are now, from one more read of everything per instance.

        ProviderDown for a snapshot without anybody, which proves nobody gone: LinkedIn makes snapshots some minutes
        after the consent, and may make them anew.
        """
        if self._fresh is None:
            self._fresh = self._everybody()
        if not self._fresh:
            raise ProviderDown(PROVIDER)
        found = tuple(self._fresh[ident] for ident in external_ids if ident in self._fresh)
        return Page(self.start(), True, found, gone=tuple(i for i in external_ids if i not in self._fresh))

    def count(self) -> int | None:
        """Return None: LinkedIn's total counts pages, and not all of them."""
        return None

    def _everybody(self) -> dict[str, Person]:
        found: dict[str, Person] = {}
        page = Page(self.start(), False)
        while not page.done:
            page = self.page(page.position)
            found.update({person.external_id: person for person in page.people})
        return found

    def _rows(self, number: str) -> list[dict[str, Any]] | None:
        """A page's rows; None after the last page."""
        query = {"q": "criteria", "domain": DOMAIN, "start": number}
        token = self._tokens.token(until=self._until)
        try:
            body = _read("memberSnapshotData", query, token, self._until)
        except ProviderRefused as refused:
            if _is_end(refused):
                return None
            if refused.status != _UNAUTHORIZED:
                _failed(refused)
            body = self._again(query, token)
        return _rows_in(body)

    def _again(self, query: dict[str, str], refused_token: str) -> Any:
        token = self._tokens.token(until=self._until, instead_of=refused_token)
        try:
            return _read("memberSnapshotData", query, token, self._until)
        except ProviderRefused as refused:
            if _is_end(refused):
                return {}
            _failed(refused)


def _web() -> str:
    return oauth.secure(settings.current().connectors.linkedin_url or "https://www.linkedin.com")


def _api() -> str:
    return oauth.secure(settings.current().connectors.linkedin_url or "https://api.linkedin.com")


def _read(resource: str, query: dict[str, str], token: str, until: float | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token}", "LinkedIn-Version": VERSION}
    try:
        return http.call(PROVIDER, "GET", f"{_api()}/rest/{resource}", headers=headers, query=query, until=until).body
    except ProviderDown as down:
        if down.answered == _BUSY:
            raise OverQuota(PROVIDER, down.retry_after or _PAUSE_S) from None
        raise


def _member(token: str) -> str:
    """LinkedIn's id of the member that consented; empty where it can't be had."""
    try:
        body = _read("memberAuthorizations", {"q": "memberAndApplication"}, token, clock.monotonic() + _ACCOUNT_S)
        urn = body["elements"][0]["memberComplianceAuthorizationKey"]["member"]
    except (ProviderDown, ProviderRefused, LookupError, TypeError):
        return ""
    return str(urn).removeprefix("urn:li:person:")


def _is_end(refused: ProviderRefused) -> bool:
    said = refused.answer.get("message") if isinstance(refused.answer, dict) else None
    return isinstance(said, str) and bool(_END.search(said))


def _failed(refused: ProviderRefused) -> NoReturn:
    reason = _REASONS.get(refused.status)
    raise (NotPermitted(reason) if reason else ProviderDown(PROVIDER)) from None


def _rows_in(body: Any) -> list[dict[str, Any]] | None:
    """Each page has one element with a list of rows; none at all, and no page named to go on with, is the end."""
    try:
        elements, links = body.get("elements") or [], (body.get("paging") or {}).get("links") or []
        rows = [row for element in elements for row in element["snapshotData"]]
        more = any(link.get("rel") == "next" for link in links)
    except (AttributeError, LookupError, TypeError) as error:
        raise ProviderDown(PROVIDER) from error
    if not all(isinstance(row, dict) for row in rows):
        raise ProviderDown(PROVIDER)
    return rows if rows or more else None


def _person(row: dict[str, Any]) -> Person | None:
    """None for a row that names nobody, as LinkedIn writes of accounts that were closed."""
    text = {name: row[name].strip() if isinstance(row.get(name), str) else "" for name in (*FIELDS, "Connected On")}
    url, named = text["URL"], text["First Name"] + text["Last Name"]
    if not url and not named:
        return None
    return Person(
        external_id=_slug(url) or _hashed(text["First Name"], text["Last Name"], text["Connected On"]),
        first_name=text["First Name"],
        last_name=text["Last Name"],
        emails=(text["Email Address"],) if text["Email Address"] else (),
        profile_urls=(url,) if url else (),
        title=text["Position"],
        company_name=text["Company"],
    )


def _slug(url: str) -> str:
    """The last part of a profile's address, in one form: LinkedIn writes it with and without percent signs. Empty where it is no
    name of a profile: an id must hold nobody's mail address."""
    last = unquote(unquote(urlsplit(url).path)).rstrip("/").rpartition("/")[2].casefold()
    return "" if any(c.isspace() or c in "@%" for c in last) else quote(last, safe="")


def _hashed(*parts: str) -> str:
    """For a row without an address: what does not change in it."""
    return "~" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


VENDOR = LinkedIn()
