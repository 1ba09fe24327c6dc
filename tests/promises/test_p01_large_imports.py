"""P1: a file that a member uploads stands in the bucket, encrypted by the bucket alone, no longer than it takes to read it."""

from collections.abc import Callable

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.scan import places
from tests.scan.places import CapturedLog
from tests.support.uploads import start, upload


@pytest.mark.parametrize("end", ["done", "failed", "cancelled"])
def test_nothing_of_an_uploaded_file_stands_open_when_its_job_has_ended(
    cloud: Cloud, member: Member, captured: CapturedLog, mark: Callable[[str], str], end: str
) -> None:
    header = "Width,Height" if end == "failed" else "First Name,Email,Birthday"
    body = f"{header}\r\n{mark('name')},{mark('mail')}@people.example,{mark('birthday')}\r\n".encode()
    made = upload(member, body)
    assert places.holding(mark("mail"), places.raw(cloud, captured)), "the scan does not see uploads"
    job = start(member, made)
    if end == "cancelled":
        assert member.api.delete(f"/v1/jobs/{job}").status_code == 204
    cloud.drain()
    assert member.api.get(f"/v1/jobs/{job}").json()["state"] == end
    stored = list(places.raw(cloud, captured))
    for field in ("name", "mail", "birthday"):
        assert places.holding(mark(field), stored) == [], field
    assert places.holding(mark("birthday"), places.unsealed(cloud)) == []
    expected = ["table TenantData contact"] if end == "done" else []
    assert places.holding(mark("mail"), places.unsealed(cloud)) == expected
