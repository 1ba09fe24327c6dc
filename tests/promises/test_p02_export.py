"""P2: an export holds what is the member's own, and nothing that a colleague has, shared or not; who the colleague is, as every
member sees it."""

from collections.abc import Callable

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.export_zip import exported


def test_an_export_holds_nothing_of_a_colleague(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    new_colleague: Callable[[Member], Member],
    mark: Callable[[str], str],
) -> None:
    owner = new_workspace()
    colleague = new_colleague(owner)
    colleague.api.patch("/v1/me/settings", {"share_contacts": True, "share_tags": True})
    for member, name in ((owner, mark("own")), (colleague, mark("theirs"))):
        member.api.post("/v1/companies", {"name": name, "tag": "client", "notes": name})
        member.api.post("/v1/contacts", {"first_name": name, "notes": name})
        member.api.post("/v1/import-mappings", {"name": name, "columns": {"Mail": "email"}})
    assert owner.api.post("/v1/exports").status_code == 202
    cloud.drain()
    files = exported(cloud, owner.tenant)
    content = b"".join(each for name, each in files.items() if not name.endswith(" members.json"))
    assert mark("own").encode() in content
    assert mark("theirs").encode() not in content
    assert colleague.email.encode() not in content
