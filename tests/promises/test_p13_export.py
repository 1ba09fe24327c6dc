"""P13: an erasure reaches the copies that were exported before it."""

from collections.abc import Callable

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.export_zip import exported


def test_an_export_made_before_is_gone(
    cloud: Cloud, member: Member, mark: Callable[[str], str], erased: Callable[..., str]
) -> None:
    address = f"{mark('gone')}@people.example"
    member.api.post("/v1/contacts", {"first_name": "Gone", "emails": [address]})
    export = member.api.post("/v1/exports").json()["id"]
    cloud.drain()
    assert address.encode() in b"".join(exported(cloud, member.tenant).values())
    erased(address)
    assert exported(cloud, member.tenant) == {}
    assert member.api.get(f"/v1/exports/{export}/file").status_code == 410
