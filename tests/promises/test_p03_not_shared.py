"""P3: what a member brings in goes to no other party, and never feeds the directory."""

from collections.abc import Callable
from typing import Any

from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.scan import places


def test_a_contact_feeds_no_directory_and_no_other_tenant(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    mark: Callable[[str], str],
    run_import: Callable[..., dict[str, Any]],
) -> None:
    import os

    brings, other = new_workspace(), new_workspace()
    mails = len(cloud.sent_mail())
    brings.api.post("/v1/contacts", {"first_name": mark("api"), "emails": [f"{mark('a')}@p.example"]})
    run_import(brings, f"First Name,Email\r\n{mark('file')},{mark('f')}@p.example\r\n")
    directory = cloud.client("dynamodb").scan(TableName=os.environ["IKO_TABLE_DIRECTORY"], ConsistentRead=True)
    assert [item for item in directory["Items"] if "sealed" in item] == []
    for field in ("api", "file"):
        assert other.api.post("/v1/contacts/search", {"q": mark(field)}).json()["items"] == []
        assert places.holding(mark(field), places.unsealed(cloud)) == ["table TenantData contact"]
    assert len(cloud.sent_mail()) == mails
