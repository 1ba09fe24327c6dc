"""Files of people, as tests import them, and what came of them."""

import csv
import io
from typing import Any

from tests.conftest import Member

LINKEDIN = (
    "Notes:\n"
    '"When exporting your connection data, you may notice that some of the email addresses are missing."\n'
    "\n"
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    "Mara,Lind,https://www.linkedin.com/in/mara-lind,,Nordwerk,Head of Sales,03 Mar 2024\n"
    "Joel,Brandt,https://www.linkedin.com/in/joel-brandt,joel@brandt.example,Brandt AG,CEO,04 Mar 2024\n"
    ",,,,,,05 Mar 2024\n"
)


def people(rows: list[tuple[str, str, str]]) -> bytes:
    """A CSV of first name, last name, e-mail."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["First Name", "Last Name", "Email", "Shoe size"])
    writer.writerows([*row, "44"] for row in rows)
    return out.getvalue().encode()


def send(member: Member, body: bytes | str, content_type: str = "text/csv", query: str = "") -> Any:
    """Return the answer to an import of that file."""
    data = body.encode() if isinstance(body, str) else body
    return member.api.post(f"/v1/imports{query}", data=data, headers={"Content-Type": content_type})


def counts(job: dict[str, Any]) -> tuple[int, int, int, int, int]:
    """Return what a finished import made of its rows: created, updated, unchanged, merged, rejected."""
    result = job["result"]
    return tuple(result[k] for k in ("created", "updated", "unchanged", "merged", "rejected_total"))


def contacts(member: Member) -> list[dict[str, Any]]:
    """Return all contacts that the member sees."""
    found, cursor = [], ""
    while True:
        page = member.api.get(f"/v1/contacts?limit=100{cursor}").json()
        found += page["items"]
        if not page["next_cursor"]:
            return found
        cursor = f"&cursor={page['next_cursor']}"
