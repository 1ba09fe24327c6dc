"""Following an address that an identity has now, killed anywhere: nothing leads from the old one once a request came through."""

from collections.abc import Callable

import pytest

from chalicelib.domain.accounts.account_index import members_of
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.crash.conftest import CRASHED, Crasher, points
from tests.support.table_backup import Backup

pytestmark = pytest.mark.crash
ME = "tests.crash.http:signed_get"


def leading(cloud: Cloud, tenant: str) -> int:
    """How many rows lead from an address to an account of the tenant."""
    return sum(key[0].startswith("account#") and tenant in key[1] for key in Backup(cloud).rows["accounts"])


def moved(cloud: Cloud, subject: str, email: str) -> dict[str, str]:
    """What the authorizer hands over once the identity has that address."""
    return {
        "issuer": cloud.issuer.url,
        "subject": subject,
        "email": email,
        "email_verified": "true",
        "auth_time": "0",
        "issued_at": "9999999999",
        "audiences": "member",
    }


def test_an_address_followed_and_killed_at_any_call(
    cloud: Cloud, new_workspace: Callable[..., Member], crasher: Crasher, say: Callable[[str, int, int], None]
) -> None:
    def claims(owner: Member) -> dict[str, str]:
        return moved(cloud, cloud.issuer.subject(owner.email), f"new.{owner.email}")

    alive = crasher.run(ME, ["/v1/me", claims(new_workspace())])
    assert alive["code"] == 0, alive
    kills = 0
    for call, when in points(alive["calls"], 2):
        owner = new_workspace()
        subject, new = cloud.issuer.subject(owner.email), f"new.{owner.email}"
        killed = crasher.run(ME, ["/v1/me", claims(owner)], call, when)
        assert killed["code"] == CRASHED, (call, when, killed)
        kills += 1
        assert leading(cloud, owner.tenant) == 1, (call, when, "both addresses lead to the account, or neither")
        cloud.advance(2)
        token = cloud.issuer.token(new, sub=subject)
        assert Api(cloud.url, token).get("/v1/me").json()["email"] == new
        assert [row.member for row in members_of(new)] == [owner.id]
        assert list(members_of(owner.email)) == []
        assert leading(cloud, owner.tenant) == 1, (call, when)
    say("follow an address", alive["calls"], kills)
