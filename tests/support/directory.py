"""Members of the directory: who lists itself, and what is found."""

from typing import Any

from tests.conftest import Member

LINK = "https://linkedin.com/in/ada-quvern"


def listed(member: Member, name: str, **fields: Any) -> dict[str, Any]:
    """List a member under that name; its own profile."""
    assert member.api.patch("/v1/me/settings", {"directory_listed": True}).status_code == 200
    made = member.api.patch("/v1/directory/me", {"name": name, **fields})
    assert made.status_code == 200, made.text
    return dict(made.json())


def found(member: Member, q: str, **more: Any) -> list[dict[str, Any]]:
    """The profiles that a member finds."""
    answer = member.api.post("/v1/directory/search", {"q": q, **more})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])
