"""P2: what one member holds, answers or looks for changes nothing that another, or a person, is told: tasks, copies, the
directory; bytes and calls too."""

import re
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.counted_calls import CountedCalls
from tests.support.directory import DAY, Person, found, listed, put_feed
from tests.support.persons import Person as Writer
from tests.support.persons import SentTo

ACCESS = "Hello, please send me a copy of all personal data that you hold about me.\r\n"
_OWN = re.compile(r"(con|pro|tsk|task|mem|ten|req)_[0-9A-Za-z]+|\d{4}-\d\d-\d\dT[0-9:.]+Z")
_MEMBERS = "/v1/privacy/tasks"


@dataclass
class Onlooker:
    """A member who asks all that there is about rights and the directory."""

    cloud: Cloud
    member: Member
    counted: CountedCalls

    def looks(self, person: Person) -> list[tuple[int, Any, Counter[str]]]:
        """Each answer's size, its words without ids and times, and the calls that it took."""
        self.member.api.token = self.cloud.issuer.token(self.member.email)
        self.member.api.get("/v1/me")  # keys and sessions are warm
        asked: list[tuple[str, str, Any]] = [
            ("GET", "/v1/directory/me", None),
            ("POST", "/v1/directory/search", {"q": person.name}),
            ("POST", "/v1/directory/search", {"q": person.name, "company": "Nordwerk", "limit": 1}),
            ("POST", "/v1/directory/search", {"q": f"{person.name} Nobody"}),
            ("GET", _MEMBERS, None),
            ("GET", "/v1/audit", None),
        ]
        told = []
        for method, path, body in asked:
            self.counted.taken()
            answer = self.member.api(method, path, **({"json": body} if body else {}))
            words = _OWN.sub("*", answer.text)
            told.append((len(words), (answer.status_code, words), self.counted.taken()))
        return told


def holds(member: Member, address: str, cloud: Cloud, **more: Any) -> None:
    member.api.token = cloud.issuer.token(member.email)
    body = {"first_name": "Ada", "title": "CTO", "emails": [address], **more}
    assert member.api.post("/v1/contacts", body).status_code == 201


def test_what_another_holds_seeks_and_lists_changes_no_answer_of_the_directory_or_of_tasks(
    cloud: Cloud, new_workspace: Callable[..., Member], new_colleague: Callable[[Member], Member]
) -> None:
    onlooker, person = new_workspace(), Person(cloud)
    colleague, stranger = new_colleague(onlooker), new_workspace()
    put_feed(cloud, f"{person.name}.jsonl", [person.line()])
    cloud.advance(300)
    cloud.drain()
    cloud.advance(15 * DAY)
    with CountedCalls() as counted:
        looking = Onlooker(cloud, onlooker, counted)
        looking.looks(person)
        before = looking.looks(person)
        for other in (colleague, stranger):
            holds(other, person.address, cloud, company_name="Nordwerk")
            for _ in range(101):
                if other.api.post("/v1/directory/search", {"q": person.name}).status_code == 429:
                    break
            else:
                raise AssertionError("the day's profiles are not used up")
            listed(other, f"Bea {uuid.uuid4().hex}")
        after = looking.looks(person)
    audit = len(before) - 1  # it has grown by the onlooker's own searches
    assert [each[1:] for each in after[:audit]] == [each[1:] for each in before[:audit]]
    assert len(found(onlooker, person.name)) == 1, "the other two have used up their own days"
    assert "Bea" not in str(after)


def asks(cloud: Cloud, drop_mail: Callable[..., str], sent_to: SentTo, holders: list[Member]) -> Writer:
    """Somebody whom these members hold asks for a copy, and confirms."""
    person = Writer(cloud, drop_mail, sent_to)
    for member in holders:
        holds(member, person.address, cloud)
        cloud.advance(3_600)
    assert person.presses(person.writes(ACCESS)).status_code == 200
    return person


def answer(cloud: Cloud, member: Member, said: dict[str, str]) -> None:
    """The member answers its newest open task."""
    member.api.token = cloud.issuer.token(member.email)
    task = next(each for each in member.api.get(_MEMBERS).json()["items"] if each["answer"] is None)
    assert member.api.post(f"{_MEMBERS}/{task['id']}", said).status_code == 200
    cloud.drain()


def test_a_task_and_its_list_are_the_same_whoever_else_is_asked_and_whatever_they_answer(
    cloud: Cloud, new_workspace: Callable[..., Member], drop_mail: Callable[..., str], sent_to: SentTo
) -> None:
    alone, beside, others = new_workspace(), new_workspace(), [new_workspace(), new_workspace()]
    asks(cloud, drop_mail, sent_to, [alone])
    asks(cloud, drop_mail, sent_to, [*others, beside])
    for other, said in zip(others, ({"answer": "copy"}, {"answer": "refused", "reason": "No."}), strict=True):
        answer(cloud, other, said)

    def told(member: Member) -> tuple[Any, Counter[str], int]:
        member.api.token = cloud.issuer.token(member.email)
        member.api.get(_MEMBERS)
        counted.taken()
        listed_now = member.api.get(_MEMBERS)
        text = re.sub(r"anna\.\w+@people\.example", "person", _OWN.sub("*", listed_now.text))
        mails = [each for each in cloud.sent_mail() if member.email in each["to"]]
        return text, counted.taken(), len(mails)

    with CountedCalls() as counted:
        assert told(alone) == told(beside)


def test_a_copy_tells_no_number_of_who_holds_the_person(
    cloud: Cloud, new_workspace: Callable[..., Member], drop_mail: Callable[..., str], sent_to: SentTo
) -> None:
    copies = []
    for number in (1, 3):
        holders = [new_workspace() for _ in range(number)]
        person = asks(cloud, drop_mail, sent_to, holders)
        for member in holders:
            answer(cloud, member, {"answer": "copy"})
        told = person.copy(person.link())["customers"]
        assert [each["value"] for each in told["values"] if each["field"] == "title"] == ["CTO"]
        text = _OWN.sub("*", str(told)).replace(person.address, "person")
        shown = person.presses(person.link()).text
        copies.append((text, shown.count("CTO"), len(re.findall(r"<li|<tr|<dd", shown))))
    assert copies[0] == copies[1]
