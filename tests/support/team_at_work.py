"""A team that does things at random: what they type, share, import, sync, erase, and what time ends."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalicelib.connectors.port import Organization, Person
from chalicelib.core.ids import owner_code
from chalicelib.domain.accounts import sharing
from chalicelib.domain.companies import lent_names
from chalicelib.domain.contacts import switches
from chalicelib.jobs import work
from chalicelib.store import steps
from infra.local.cloud import Cloud
from tests.support.phone import Phone
from tests.support.queues import sqs_event
from tests.support.scripted_connection import Synced

NAMES = ("Ann", "Bo", "Cy", "Di", "Ed")
FIRMS = ("Acme", "Nord", "Zeta", "Kiwi")
HUBSPOT, PLAIN = "Record ID,First Name,Last Name,Email,Lifecycle Stage", "First Name,Last Name,Email"
MOST = 12  # contacts of one member: more are deleted before others are made
Erase = Callable[[str], object]


@dataclass
class Team:
    """`phones` are of its members; the first one has the connection. `log` says what was done."""

    cloud: Cloud
    chance: random.Random
    phones: list[Phone]
    hub: Synced
    erase: Erase
    word: str
    log: list[str] = field(default_factory=list)
    number: int = 0
    aged: bool = False

    def step(self) -> None:
        """One thing, whatever it is; then the minute passes in which the feed tells again."""
        acts, weights = zip(*_ACTS, strict=True)
        phone = self.chance.choice(self.phones)
        act = self.chance.choices(acts, weights)[0]
        self.log.append(f"{self.phones.index(phone)} {act.__name__}")
        act(self, phone)
        self.tell_switches()
        self.cloud.advance(61)
        if len(self.log) % 20 == 0:
            self.sign_in()

    def sign_in(self) -> None:
        for phone in self.phones:
            phone.member.api.token = self.cloud.issuer.token(phone.member.email)

    def another(self) -> int:
        self.number += 1
        return self.number

    def address(self, number: int) -> str:
        return f"p{number}.{self.word}@people.example"

    def ask(self, phone: Phone, method: str, path: str, body: Any = None) -> None:
        """It is done, or somebody has it already, or it has gone."""
        answer = phone.member.api(method, path, **({"json": body} if body is not None else {}))
        assert answer.status_code < 500, (self.log[-1], answer.text)

    def pick(self, phone: Phone, prefix: str) -> str | None:
        there = phone.own(prefix)
        return self.chance.choice(there) if there else None

    def look_at_lives(self) -> None:
        """What a rule ends at once is told by the daily pass; nothing is old enough before days have passed."""
        if self.aged:
            self.work("lives", self.phones[0].member.tenant)

    def work(self, kind: str, ident: str) -> None:
        """The worker takes a message of its queue; nothing else of what is due is done."""
        answer = work.handle(sqs_event({"kind": kind, "id": ident}), None)
        assert answer == {"batchItemFailures": []}, answer

    def begin_to_tell(self, phone: Phone) -> None:
        """The worker tells a part of what the member has switched, and has no time for more."""
        steps.run(switches.WORK, sharing.due_of(phone.member.tenant, owner_code(phone.member.id)).id, lambda: False)

    def tell_switches(self) -> None:
        """The worker tells what is left of what each has switched."""
        for phone in self.phones:
            told = sharing.due_of(phone.member.tenant, owner_code(phone.member.id))
            self.work(told.kind, told.id)

    def carry_names(self) -> None:
        """Of companies that a sync or the daily pass has changed."""
        for phone in self.phones:
            names = lent_names.due_of(phone.member.tenant, owner_code(phone.member.id))
            self.work(names.kind, names.id)


def _new_contact(team: Team, phone: Phone) -> None:
    if len(phone.own("con_")) >= MOST:
        _delete_contact(team, phone)
    number = team.another()
    body = {"first_name": team.chance.choice(NAMES), "last_name": f"L{number}", "emails": [team.address(number)]}
    if (company := team.pick(phone, "com_")) and team.chance.random() < 0.5:
        body["company_id"] = company
    team.ask(phone, "POST", "/v1/contacts", body)


def _change_contact(team: Team, phone: Phone) -> None:
    if ident := team.pick(phone, "con_"):
        word = f"w{team.another()}"
        choices: list[dict[str, Any]] = [{"title": word}, {"notes": word}, {"company_name": word}, {"title": None}]
        team.ask(phone, "PATCH", f"/v1/contacts/{ident}", team.chance.choice([*choices, {"last_name": word}]))


def _link(team: Team, phone: Phone) -> None:
    ident, company = team.pick(phone, "con_"), team.pick(phone, "com_")
    if ident:
        wanted = None if team.chance.random() < 0.3 else company
        team.ask(phone, "PATCH", f"/v1/contacts/{ident}", {"company_id": wanted})
        team.look_at_lives()


def _delete_contact(team: Team, phone: Phone) -> None:
    if ident := team.pick(phone, "con_"):
        team.ask(phone, "DELETE", f"/v1/contacts/{ident}")


def _new_company(team: Team, phone: Phone) -> None:
    if len(phone.own("com_")) < len(FIRMS):
        team.ask(phone, "POST", "/v1/companies", {"name": team.chance.choice(FIRMS), "tag": "client"})


def _change_company(team: Team, phone: Phone) -> None:
    if ident := team.pick(phone, "com_"):
        choices: list[dict[str, Any]] = [{"name": f"{team.chance.choice(FIRMS)} {team.another()}"}]
        choices += [{"industry": f"i{team.number}"}, {"notes": f"n{team.number}"}]
        team.ask(phone, "PATCH", f"/v1/companies/{ident}", team.chance.choice(choices))


def _tag(team: Team, phone: Phone) -> None:
    if ident := team.pick(phone, "com_"):
        team.ask(phone, "PATCH", f"/v1/companies/{ident}", {"tag": team.chance.choice(["client", "prospect", None])})
        team.look_at_lives()


def _delete_company(team: Team, phone: Phone) -> None:
    if ident := team.pick(phone, "com_"):
        team.ask(phone, "DELETE", f"/v1/companies/{ident}")
        team.look_at_lives()


def _share(team: Team, phone: Phone) -> None:
    switch = team.chance.choice(["share_contacts", "share_tags", "share_contacts", "interpret_replies"])
    team.ask(phone, "PATCH", "/v1/me/settings", {switch: team.chance.random() < 0.7})
    team.begin_to_tell(phone)


def _share_and_not(team: Team, phone: Phone) -> None:
    """Several switches, and other things, before the first one is told; those who follow ask in between."""
    for _ in range(team.chance.randint(2, 4)):
        _share(team, team.chance.choice([phone, phone, *team.phones]))
        act = team.chance.choice([_new_contact, _change_contact, _link, _delete_contact, _change_company, _import])
        act(team, phone)
        if team.chance.random() < 0.4:
            team.chance.choice(team.phones).follow()
        if team.chance.random() < 0.3:
            team.tell_switches()


def _import(team: Team, phone: Phone) -> None:
    numbers = [team.chance.randint(1, team.number + 2) for _ in range(3)]
    people = [f"{team.chance.choice(NAMES)},L{number},{team.address(number)}" for number in dict.fromkeys(numbers)]
    if team.chance.random() < 0.5:
        text = "\r\n".join([HUBSPOT, *(f"{index},{each},Lead" for index, each in enumerate(people))])
    else:
        text = "\r\n".join([PLAIN, *people])
    sent = phone.member.api.post("/v1/imports", data=f"{text}\r\n".encode(), headers={"Content-Type": "text/csv"})
    assert sent.status_code == 202, sent.text
    team.work("import", f"{phone.member.tenant}.{sent.json()['job']['id']}")


def _sync(team: Team, _: Phone) -> None:
    there, number = team.hub.account, team.chance.randint(1, 3)
    name = f"{team.chance.choice(FIRMS)} {team.another()}"
    there.put(Organization("c1", name, "c1.example"))
    who = team.chance.choice(NAMES)
    firm = team.chance.choice(["c1", ""])
    address = team.address(team.chance.randint(1, team.number))
    there.put(Person(f"h{number}", who, f"S{number}", (address,), company_external_id=firm))
    if team.chance.random() < 0.2:
        there.delete(f"h{number}")
    team.hub.run()
    team.carry_names()


def _erase(team: Team, phone: Phone) -> None:
    if (ident := team.pick(phone, "con_")) and (emails := phone.kept[ident]["emails"]):
        team.erase(emails[0])
        team.sign_in()


def _days_pass(team: Team, _: Phone) -> None:
    team.aged = True
    team.cloud.advance(team.chance.choice([2, 9]) * 86_400)
    team.look_at_lives()
    team.carry_names()
    team.sign_in()


_ACTS: tuple[tuple[Callable[[Team, Phone], None], int], ...] = (
    (_new_contact, 22),
    (_change_contact, 22),
    (_link, 10),
    (_delete_contact, 6),
    (_new_company, 7),
    (_change_company, 12),
    (_tag, 5),
    (_delete_company, 3),
    (_share, 5),
    (_share_and_not, 4),
    (_import, 4),
    (_sync, 4),
    (_erase, 1),
    (_days_pass, 3),
)
