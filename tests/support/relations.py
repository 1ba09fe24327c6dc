"""A team whose members write with people at companies, and what each is told of who knows whom."""

from dataclasses import dataclass, field
from typing import Any

from tests.conftest import Member
from tests.support.scripted_mailbox import OWN, Reader, connect, header

SHARING = {"share_relationships": True}


@dataclass
class Knows:
    """A member of the team, with a mailbox that is read when somebody writes."""

    member: Member
    sent: int = 0
    readers: list[Reader] = field(default_factory=list)

    def shares(self, *, on: bool = True) -> None:
        """Switch relationships on or off."""
        answer = self.member.api.patch("/v1/me/settings", {"share_relationships": on})
        assert answer.status_code == 200, answer.text

    def company(self, name: str = "Acme", domain: str | None = "acme.example") -> str:
        """A new company's id."""
        answer = self.member.api.post("/v1/companies", {"name": name, **({"domain": domain} if domain else {})})
        assert answer.status_code == 201, answer.text
        ident: str = answer.json()["id"]
        return ident

    def contact(self, email: str, **more: Any) -> str:
        """A new contact's id."""
        told = {"first_name": "Ada", "last_name": "Hopper", "emails": [email], **more}
        answer = self.member.api.post("/v1/contacts", told)
        assert answer.status_code == 201, answer.text
        ident: str = answer.json()["id"]
        return ident

    def writes(self, email: str, *, sent: int = 0, received: int = 0, days: float = 1, to: int = 1) -> None:
        """So many messages each way, that many days ago, each to so many; counted."""
        reader = self.reader()
        others = [f"other{n}@elsewhere.example" for n in range(to - 1)]
        for number in range(sent + received):
            self.sent += 1
            sender, recipient = (OWN, email) if number < sent else (email, OWN)
            reader.mailbox.messages.append(header(self.sent, sender, [recipient, *others], days=days))
        while not reader.read():
            pass

    def reader(self) -> Reader:
        """The member's mailbox."""
        if not self.readers:
            self.readers.append(connect(self.member, size=100))
        return self.readers[0]

    def paths(self, company: str) -> list[dict[str, Any]]:
        """What the member is told of who knows somebody at the company."""
        answer = self.member.api.get(f"/v1/companies/{company}/paths")
        assert answer.status_code == 200, answer.text
        assert answer.json()["next_cursor"] is None
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def asks(self, company: str, path: str) -> dict[str, Any]:
        """Ask for an introduction by that path; the answer."""
        answer = self.member.api.post("/v1/introductions", {"company_id": company, "path": path})
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def introductions(self) -> list[dict[str, Any]]:
        """All that the member asks for or is asked."""
        items: list[dict[str, Any]] = self.member.api.get("/v1/introductions").json()["items"]
        return items

    def answers(self, decision: str, status: int = 200) -> dict[str, Any]:
        """Answer the newest that the member is asked."""
        asked = next(each for each in self.introductions() if each["asked_of_me"])
        answer = self.member.api.post(f"/v1/introductions/{asked['id']}", {"decision": decision})
        assert answer.status_code == status, answer.text
        told: dict[str, Any] = answer.json()
        return told
