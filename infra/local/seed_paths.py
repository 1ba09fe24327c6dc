"""What a team of three of the demo knows of people at some companies, by cards, connections and mail. `seed_paths.json` beside it
says which paths the first of them is shown, in which order, and why.

All companies and people are invented.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from chalicelib.core import clock

EXPECTED = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
_COMPANIES = (("Nordsee Werft", "nordsee-werft.example"), ("Glockner Mühle", "glockner-muehle.example"))
# Of each member: whom it has, at which company, how many mails went each way, and how many days ago the last of them.
_KNOWN = (
    (("Signe", "Falk", 0, 6, 5, 3), ("Piet", "Anders", 0, 4, 0, 2)),
    (("Signe", "Falk", 0, 12, 9, 6), ("Anton", "Huber", 1, 1, 1, 70)),
    (("Rosa", "Lindner", 1, 8, 8, 1),),
)
_APART = 4  # days between one mail and the next


class Client(Protocol):
    """A signed-in member's requests."""

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the API made."""

    def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the API made of it."""

    def follow(self, address: str) -> None:
        """Open the page of an address of ours, as a browser does."""


def fill(google: Any, clients: Sequence[Client], emails: Sequence[str]) -> dict[str, str]:
    """Make all of it, and return the ids of the first member's companies by name. The mail is counted as soon as the connections
    are read."""
    for client, email, known in zip(clients, emails, _KNOWN, strict=True):
        client.patch("/v1/me/settings", {"share_relationships": True})
        mailbox = google.accounts.add(email, email.partition("@")[0].title()).mailbox
        for first, last, company, *mails in known:
            address = f"{first}.{last}@{_COMPANIES[company][1]}".lower()
            client.post("/v1/contacts", {"first_name": first, "last_name": last, "emails": [address]})
            _write(mailbox, address, *mails)
        asked = client.post("/v1/providers/google/authorize", {"tier": "headers"})
        client.follow(google.agree(asked["url"], email))
    made = (clients[0].post("/v1/companies", {"name": name, "domain": domain}) for name, domain in _COMPANIES)
    return {str(each["name"]): str(each["id"]) for each in made}


def _write(mailbox: Any, address: str, sent: int, received: int, days: int) -> None:
    now = clock.now()
    for number in range(max(sent, received)):
        at = now - timedelta(days=days + _APART * number)
        if number < sent:
            mailbox.add(to=[address], subject="Offer", at=at, past=True)
        if number < received:
            mailbox.add(sender=address, subject="Your offer", at=at + timedelta(hours=3), past=True)
