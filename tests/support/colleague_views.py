"""What a colleague can be told at all, and two workspaces that live alike but for what only a member's private source knows.

Each step is a moment of its own: times are compared by the step in which they lie, ids by what they are the ids of.
"""

import io
import json
import re
import zipfile
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from chalicelib.core import clock
from infra.local.cloud import Cloud
from infra.simulators.google.contacts import Contacts, described
from tests.conftest import Member
from tests.support.changes_client import Follower
from tests.support.consent_flow import connect

_STEP_S = 61  # later than audit.model.SETTLING_S: what was told once is not told again
_ID = re.compile(r"\b(?:con|com|cxn|job|exp|aud|mem|inv|sub|ten)_[0-9A-Za-z]+")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
SHARING = {"share_contacts": True, "share_tags": True}
Told = dict[str, Any]


@dataclass
class Watcher:
    """A member that looks at everything it can ask for. `moments`: when each step began."""

    cloud: Cloud
    member: Member
    moments: list[datetime]
    words: tuple[str, ...]
    labels: dict[str, str] = field(default_factory=dict)
    etags: dict[str, list[str]] = field(default_factory=dict)
    feed: Follower = field(init=False)

    def __post_init__(self) -> None:
        self.feed = Follower(self.member)

    def look(self) -> Told:
        """Everything, as it was answered; the feed apart, since each answer moves it."""
        self.member.api.token = self.cloud.issuer.token(self.member.email)
        told: Told = {}
        for kind in ("contacts", "companies"):
            told[kind] = self._pages(f"/v1/{kind}")
            for item in chain(*told[kind]):
                self._label(kind, item)
        companies = [item["id"] for item in chain(*told["companies"])]
        asked: list[dict[str, str]] = [{"q": word} for word in self.words]
        asked += [{"tag": tag} for tag in ("client", "prospect")]
        for query in [*asked, *({"company_id": each} for each in companies)]:
            told[f"contacts {query}"] = self._found("contacts", query)
        for word in self.words:
            told[f"companies {word}"] = self._found("companies", {"q": word})
        for kind in ("contacts", "companies"):
            for item in chain(*told[kind]):
                one = self.member.api.get(f"/v1/{kind}/{item['id']}")
                told[f"{item['id']} alone"] = [one.json(), self._numbered(item["id"], one.headers["ETag"])]
        for path in ("members", "connections", "jobs", "audit"):
            told[path] = self.member.api.get(f"/v1/{path}").json()
        return told

    def heard(self) -> list[list[str]]:
        """What the feed tells now: ids to read and to drop, by what they are of."""
        return [sorted(self.labels.get(each, "somebody") for each in told) for told in self.feed.poll()]

    def exported(self, job: str) -> dict[str, str]:
        """The files of a whole export."""
        link = self.member.api.get(f"/v1/exports/{job}/file").headers["Location"]
        with zipfile.ZipFile(io.BytesIO(self.member.api.session.get(link, timeout=30).content)) as archive:
            return {name: self.compared(archive.read(name).decode()) for name in sorted(archive.namelist())}

    def compared(self, told: Any) -> Any:
        """The same in both workspaces where nobody can tell a difference: whatever stands in no order is sorted."""
        if isinstance(told, dict):
            return {self.compared(key): self.compared(value) for key, value in told.items()}
        if isinstance(told, list):
            return sorted((self.compared(each) for each in told), key=lambda each: json.dumps(each, sort_keys=True))
        if not isinstance(told, str):
            return told
        own = {self.member.email: "(own address)", self.member.tenant: "(tenant)", self.member.id: "(me)"}
        for text, shown in own.items():
            told = told.replace(text, shown)
        told = re.sub(r"(?:owner|member)-[0-9a-f]{12}@team\.example", "(address)", told)
        told = _ID.sub(lambda found: self.labels.get(found[0], f"({found[0].split('_')[0]})"), told)
        return _TIME.sub(lambda found: self._step(datetime.fromisoformat(found[0])), told)

    def _numbered(self, ident: str, etag: str) -> str:
        """An ETag by its place among those that the resource has had, which is the same wherever it moves at the same steps."""
        known = self.etags.setdefault(ident, [])
        if etag not in known:
            known.append(etag)
        return f"ETag {known.index(etag)}"

    def _pages(self, path: str) -> list[list[dict[str, Any]]]:
        """Page by page, each of one item: how many there are, and whether an empty one comes, are seen too."""
        pages, cursor = list[list[dict[str, Any]]](), None
        while not pages or cursor:
            answer = self.member.api.get(path, params={"limit": 1, **({"cursor": cursor} if cursor else {})})
            assert answer.status_code == 200, answer.text
            pages.append(answer.json()["items"])
            cursor = answer.json()["next_cursor"]
        return pages

    def _found(self, kind: str, query: dict[str, str]) -> Any:
        answer = self.member.api.post(f"/v1/{kind}/search", query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _label(self, kind: str, item: dict[str, Any]) -> None:
        name = item["name"] if kind == "companies" else [*item["emails"], item["last_name"]][0]
        self.labels.setdefault(item["id"], f"({kind} {str(name).lower()})")

    def _step(self, at: datetime) -> str:
        return f"(step {bisect_right(self.moments, at)})"


class Twins:
    """Two workspaces with a member that shares everything and an owner that looks on. `first` alone has the private source."""

    def __init__(
        self,
        cloud: Cloud,
        new_workspace: Callable[..., Member],
        new_colleague: Callable[[Member], Member],
        words: tuple[str, ...],
    ) -> None:
        self._cloud = cloud
        self.moments: list[datetime] = []
        owners = [new_workspace(), new_workspace()]
        self.first, self.second = (new_colleague(owner) for owner in owners)
        self._watchers = [Watcher(cloud, owner, self.moments, words) for owner in owners]
        for member in (self.first, self.second):
            assert member.api.patch("/v1/me/settings", SHARING).status_code == 200
        self._next()
        for watcher in self._watchers:
            watcher.heard()
        self.seen, self.heard = Told(), list[list[str]]()

    def both(self, act: Callable[[Member], object]) -> Told:
        """The same happens in both, and both onlookers are told the same; what that is."""
        for member in (self.first, self.second):
            act(member)
        self._cloud.drain()
        self._next()
        looks = [watcher.look() for watcher in self._watchers]
        self.seen, self.heard = looks[0], self._watchers[0].heard()
        assert self.heard == self._watchers[1].heard()
        assert_same(*(watcher.compared(look) for watcher, look in zip(self._watchers, looks, strict=True)))
        return self.seen

    def alone(self, act: Callable[[], object]) -> None:
        """It happens to the private source, to its end, and the onlooker is told nothing, to the letter."""
        self.seen = self.seen or self._watchers[0].look()
        act()
        self._next()
        assert_same(self.seen, self._watchers[0].look())
        assert self._watchers[0].heard() == self._watchers[1].heard() == [[], []]

    def onlooker(self, member: Member) -> Member:
        """Of that member's workspace."""
        return next(each.member for each in self._watchers if each.member.tenant == member.tenant)

    def exports(self) -> list[dict[str, str]]:
        """Of both onlookers."""
        jobs = [each.member.api.post("/v1/exports").json()["id"] for each in self._watchers]
        self._cloud.drain()
        return [watcher.exported(job) for watcher, job in zip(self._watchers, jobs, strict=True)]

    def _next(self) -> None:
        self._cloud.advance(_STEP_S)
        self.moments.append(clock.now())


class OwnGoogle:
    """Each member's own Google account, with the same people in it."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def connect(self, member: Member, *people: dict[str, Any]) -> None:
        """A new account, connected; nothing was read yet."""
        address = self._address(member)
        account = self._cloud.connectors.google.accounts.add(address, "Mia Member")
        for person in people:
            account.contacts.add(described(**person))
        connect(self._cloud, member, "google", account=address)

    def change(self, member: Member, first_name: str, **told: Any) -> None:
        """Of who has that name."""
        contacts, name = self._named(member, first_name)
        contacts.change(name, described(**told))

    def delete(self, member: Member, first_name: str) -> None:
        contacts, name = self._named(member, first_name)
        contacts.delete(name)

    def _named(self, member: Member, first_name: str) -> tuple[Contacts, str]:
        contacts = self._cloud.connectors.google.accounts.known(self._address(member)).contacts
        every = [each for _, each in contacts.listed("FIRST_NAME_ASCENDING")]
        return contacts, next(each.name for each in every if each.text("givenName") == first_name)

    def _address(self, member: Member) -> str:
        return f"mia.{member.id[-10:]}@team.example"


def assert_same(one: Told, other: Told) -> None:
    """It says where they differ."""
    differing = {key: (one.get(key), other.get(key)) for key in {*one, *other} if one.get(key) != other.get(key)}
    assert differing == {}, differing
