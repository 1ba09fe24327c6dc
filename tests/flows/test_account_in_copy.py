"""A member who asks for a copy of its data finds its own account in it, by its present address, and nobody else's."""

from collections.abc import Callable

import pytest

from chalicelib.domain.accounts.account_index import members_of
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.persons import Person, SentTo
from tests.support.table_backup import Backup

ACCESS = "Hello, please send me a copy of all personal data that you hold about me.\r\n"


@pytest.fixture
def ask(cloud: Cloud, drop_mail: Callable[..., str], sent_to: SentTo) -> Callable[[str], dict[str, str]]:
    """Asks for a copy from an address; what the copy says of accounts."""

    def copied(address: str) -> dict[str, str]:
        person = Person(cloud, drop_mail, sent_to, address)
        assert person.presses(person.writes(ACCESS)).status_code == 200
        told = person.copy(person.link())["ours"]
        of_account = [each for each in told if each["kind"] == "member"]
        assert all(each["sources"][0]["ground"] == "contract" for each in of_account)
        return {each["field"]: each["value"] for each in of_account}

    return copied


def indexed(cloud: Cloud, tenant: str) -> int:
    """How many rows lead to accounts of the tenant."""
    return sum(key[0].startswith("account#") and tenant in key[1] for key in Backup(cloud).rows["accounts"])


def test_the_copy_has_the_account_and_of_a_colleague_nothing(
    cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member], ask: Callable[[str], dict[str, str]]
) -> None:
    colleague = new_colleague(member)
    found = ask(member.email)
    assert (found["email"], found["language"]) == (member.email, "en")
    assert colleague.email not in found.values()
    assert ask(f"x{member.email}") == {}


def test_it_is_found_by_the_address_that_it_has_now(cloud: Cloud, member: Member) -> None:
    old, new = member.email, f"new.{member.email}"
    subject = cloud.issuer.subject(old)
    unverified = Api(cloud.url, cloud.issuer.token(new, sub=subject, email_verified=False))
    assert unverified.get("/v1/me").status_code == 200
    assert [row.member for row in members_of(old)] == [member.id]
    cloud.advance(2)
    assert Api(cloud.url, cloud.issuer.token(new, sub=subject)).get("/v1/me").json()["email"] == new
    assert ([row.member for row in members_of(new)], list(members_of(old))) == ([member.id], [])
    assert indexed(cloud, member.tenant) == 1, "the old address leads to nobody"


def test_who_leaves_is_found_no_more(cloud: Cloud, member: Member, new_colleague: Callable[[Member], Member]) -> None:
    colleague = new_colleague(member)
    assert [row.member for row in members_of(colleague.email)] == [colleague.id]
    assert indexed(cloud, member.tenant) == 2
    assert colleague.api.delete("/v1/me").status_code == 202
    cloud.drain()
    assert list(members_of(colleague.email)) == []
    assert indexed(cloud, member.tenant) == 1
