"""One person in many shapes is erased; three others who look alike stay. Then all is imported again: 0 back, 3 kept."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from tests.conftest import Member

SWITCHBOARD = "+49 30 5550100"


class Story:
    """The files and notes of one made-up person, unique to a run."""

    def __init__(self) -> None:
        self.mark = uuid.uuid4().hex[:8]
        self.address = f"marta.lind{self.mark}@fabrik.example"
        self.private = f"marta{self.mark}@home.example"
        self.alias = self.address.replace("@", "+events@")
        self.url = f"https://www.linkedin.com/in/marta-lind-{self.mark}"

    @property
    def connections(self) -> str:
        """LinkedIn's Connections.csv, without her address; a namesake at the same company beside her."""
        return (
            "Notes:\r\n"
            '"When exporting your connection data, you may notice that some of the email addresses are missing."\r\n\r\n'
            "First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n"
            f"Marta,Lind,{self.url},,Fabrik,Buyer,01 Feb 2025\r\n"
            f"Marta,Lind,https://www.linkedin.com/in/marta-lind-other-{self.mark},,Fabrik,Engineer,02 Feb 2025\r\n"
        )

    @property
    def google(self) -> str:
        """Google's CSV: her record with address, profile link and the switchboard; a colleague who shares the number."""
        return (
            "First Name,Last Name,File As,Organization Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,"
            "Phone 1 - Value,Website 1 - Label,Website 1 - Value\r\n"
            f"Marta,Lind,,Fabrik,* myContacts,Work,{self.address},Work,{SWITCHBOARD},Profile,{self.url}\r\n"
            f"Jonas,Sharer,,Fabrik,* myContacts,Work,jonas{self.mark}@fabrik.example,Work,{SWITCHBOARD},,\r\n"
        )

    @property
    def vcard(self) -> str:
        return (
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lind;Marta;;;\r\nFN:Marta Lind\r\n"
            f"EMAIL;TYPE=WORK:{self.address}\r\nEMAIL;TYPE=HOME:{self.private}\r\nEND:VCARD\r\n"
        )

    @property
    def aliases(self) -> str:
        return f"First Name,Last Name,Email\r\nM.,Lind,{self.alias}\r\n"


def people(member: Member) -> Iterator[dict[str, Any]]:
    yield from member.api.get("/v1/contacts?limit=100").json()["items"]


def test_every_shape_of_the_person_goes_and_three_others_stay(
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    run_import: Callable[..., dict[str, Any]],
    erased: Callable[..., str],
) -> None:
    story = Story()
    owner = new_workspace()
    colleague, stranger = new_colleague(owner), new_workspace()
    files = [
        (story.google, "text/csv"),
        (story.connections, "text/csv"),
        (story.vcard, "text/vcard"),
        (story.aliases, "text/csv"),
    ]
    for body, kind in files:
        run_import(owner, body, kind)
    run_import(stranger, story.google, "text/csv")
    note = f"Met Marta Lind ({story.address}) with Paula Reyes at the fair. Paula will call."
    third = colleague.api.post("/v1/contacts", {"first_name": "Paula", "last_name": "Reyes", "notes": note}).json()[
        "id"
    ]

    erased(story.address, "Hello, please erase all my personal data from your systems.")

    def check() -> None:
        left = {(p["first_name"], p["last_name"], (p["profile_urls"] or [""])[0][-14:]) for p in people(owner)}
        assert left == {("Jonas", "Sharer", ""), ("Marta", "Lind", f"other-{story.mark}")}
        assert {(p["first_name"], p["phones"][0]) for p in people(stranger)} == {("Jonas", SWITCHBOARD)}
        kept = colleague.api.get(f"/v1/contacts/{third}").json()["notes"]
        assert story.address not in kept
        assert "Lind" not in kept
        assert "Paula Reyes" in kept
        assert "Paula will call." in kept

    check()
    for body, kind in files:
        result = run_import(owner, body, kind)
        assert [r["code"] for r in result["rejected"]] == ["address_not_storable"], (body, result)
    check()
