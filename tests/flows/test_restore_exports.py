"""After a restore: a replay that stops between erasing and dropping exports drops them when it is run again."""

import uuid
from collections.abc import Callable, Iterator

import pytest

from chalicelib.core import settings
from chalicelib.jobs import replay
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.export_zip import exported
from tests.support.table_backup import TABLES, Backup, empty_replay_log


@pytest.fixture(autouse=True)
def _empty_log(cloud: Cloud) -> Iterator[None]:
    empty_replay_log()
    yield
    empty_replay_log()


@pytest.mark.parametrize("holds", [True, False], ids=["a contact", "a note"])
def test_an_export_of_what_came_back_goes_however_often_the_replay_stops(
    cloud: Cloud,
    new_workspace: Callable[..., Member],
    erased: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    holds: bool,
) -> None:
    member, bystander = new_workspace(), new_workspace()
    address = f"p{uuid.uuid4().hex}@person.example"
    fields = {"emails": [address]} if holds else {"notes": f"knows {address} well"}
    member.api.post("/v1/contacts", {"first_name": "Lea", **fields})
    backup = Backup(cloud)
    erased(address)
    backup.put_back(*TABLES)
    made = {each.tenant: each.api.post("/v1/exports").json()["id"] for each in (member, bystander)}
    cloud.drain()
    assert address.encode() in b"".join(exported(cloud, member.tenant).values())
    with monkeypatch.context() as away:  # what is erased is gone, and the exports cannot be reached
        away.setenv("IKO_BUCKET_EXPORTS", "no-such-bucket")
        settings.current.cache_clear()
        assert replay.handle({}, None)["done"] is False
    settings.current.cache_clear()
    assert address not in member.api.get("/v1/contacts").text
    assert exported(cloud, member.tenant), "the test wants it to stand still"
    assert replay.handle({}, None)["done"] is True
    assert exported(cloud, member.tenant) == {}
    assert member.api.get(f"/v1/exports/{made[member.tenant]}/file").status_code == 410
    assert exported(cloud, bystander.tenant), "nobody's but theirs"
