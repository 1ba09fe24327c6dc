"""A large file, as a client brings it: announced, and posted into the bucket by the form that it is given."""

from typing import Any

import requests

from tests.conftest import Member


def announce(member: Member, size: int, **more: Any) -> dict[str, Any]:
    """The answer to a file of that size."""
    answer = member.api.post("/v1/imports", {"size": size, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def put(made: dict[str, Any], body: bytes) -> None:
    """Post the file into the bucket."""
    form = made["upload"]
    answer = requests.post(form["url"], data=form["fields"], files={"file": ("my contacts.csv", body)}, timeout=60)
    assert answer.status_code == 204, answer.text


def upload(member: Member, body: bytes, **more: Any) -> str:
    """The id of an import whose file is there."""
    made = announce(member, len(body), **more)
    put(made, body)
    return str(made["id"])


def start(member: Member, import_id: str) -> str:
    """The id of the job that reads it."""
    answer = member.api.post(f"/v1/imports/{import_id}/start")
    assert answer.status_code == 202, answer.text
    job: str = answer.json()["job"]["id"]
    assert answer.headers["Location"] == f"/v1/jobs/{job}"
    return job
