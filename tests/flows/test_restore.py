"""After a restore the replay log erases again: who was erased stays gone, and nobody else is touched."""

import json
import re
import uuid
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from chalice.local import LambdaContext

import app
from chalicelib.core import clock, settings
from chalicelib.core.ids import MemberId, OwnerCode, TenantId
from chalicelib.core.models import Model
from chalicelib.domain.certificates import replay_log
from chalicelib.domain.certificates.replay_log import Certified, Erasure, InTenant, Leaving, Logged, Purge
from chalicelib.jobs import replay as job
from chalicelib.store import objects
from chalicelib.store.handlers import Replayed
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.crash import state
from tests.scan import places
from tests.support.changes_client import Follower
from tests.support.privacy_mail import SECOND_PASS_S, link_in, mail
from tests.support.table_backup import TABLES, Backup, empty_replay_log


class Lea:
    """A made-up person, unique to a test, in two teams; and those who are not her."""

    def __init__(self, team: Member, other: Member) -> None:
        self.team, self.other, self.mark = team, other, f"zq{uuid.uuid4().hex[:10]}"
        self.address, self.url = f"{self.mark}@people.example", f"https://www.linkedin.com/in/{self.mark}"
        self.name = "Quv" + "".join(chr(ord("a") + int(digit, 16)) for digit in self.mark[2:])
        whole = {"first_name": "Lea", "last_name": self.name}
        self.add(team, **whole, emails=[self.address], profile_urls=[self.url], phones=["+493055501234"])
        twice = self.add(team, **whole)
        assert team.api.patch(f"/v1/contacts/{twice}", {"profile_urls": [self.url]}).status_code == 200
        self.add(
            team, first_name="Stays", title=f"For {self.url}", notes=f"knows Lea {self.name}, {self.address}, well"
        )
        self.add(team, first_name="Jonas", last_name="Roth", phones=["+493055501234"])
        team.api.post(
            "/v1/companies", {"name": f"Firm {self.address}", "notes": f"ask Lea {self.name} or {self.address}"}
        )
        self.add(other, first_name="Lea", emails=[self.address.replace("@", "+work@")])
        self.add(other, first_name="Nora", emails=[f"nora{self.mark[2:]}@people.example"])

    def add(self, member: Member, **fields: Any) -> str:
        answer = member.api.post("/v1/contacts", fields)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def seen(self) -> list[Any]:
        """What both teams see."""
        found: list[Any] = []
        for member in (self.team, self.other):
            contacts = member.api.get("/v1/contacts").json()["items"]
            companies = member.api.get("/v1/companies").json()["items"]
            found.append(sorted((c["first_name"], c["title"] or c["last_name"], c["notes"]) for c in contacts))
            found.append([(c["name"], c["notes"]) for c in companies])
        return found


GONE: list[Any] = [
    [("Jonas", "Roth", None), ("Stays", "For […]", "knows […], […], well")],
    [("Firm […]", "ask […] or […]")],
    [("Nora", None, None)],
    [],
]


@pytest.fixture
def lea(cloud: Cloud, new_workspace: Callable[..., Member]) -> Lea:
    made = Lea(new_workspace(), new_workspace())
    cloud.drain()  # her two contacts in the team are matched, and one from here on
    return made


@pytest.fixture(autouse=True)
def _empty_log(cloud: Cloud) -> Iterator[None]:
    """The log of this test only."""
    empty_replay_log()
    yield
    empty_replay_log()


def replayed() -> int:
    """Runs the function as an operator does, until it is done; how much had come back."""
    answer: dict[str, Any] = {}
    changed: int = 0
    for _ in range(50):
        answer = app.replay(answer, LambdaContext("replay", 512, 300_000))
        changed += int(answer["changed"])
        if answer["done"]:
            return changed
    raise AssertionError("it does not come to its end")


def left_of(cloud: Cloud, lea: Lea) -> list[str]:
    """What the tables of both teams still say of her, and pointers astray."""
    found = []
    for member in (lea.team, lea.other):
        found += state.marked(cloud, member.tenant, f"{lea.mark}@")
        found += state.marked(cloud, member.tenant, f"{lea.mark}+")
        found += state.unpointed(cloud, member.tenant)
    return found


@pytest.mark.parametrize(
    "tables",
    [("tenant_data",), ("privacy",), ("tenant_keys", "privacy"), ("jobs",), ("tenant_data", "privacy", "jobs"), TABLES],
    ids="+".join,
)
def test_who_was_erased_is_gone_again_after_a_restore(
    cloud: Cloud,
    api: Api,
    lea: Lea,
    erased: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
    tables: tuple[str, ...],
) -> None:
    backup = Backup(cloud)
    closing = erased(lea.address)
    assert lea.seen() == GONE
    mails = len(sent_to(lea.address))
    backup.put_back(*tables)
    assert ("tenant_data" in tables) == (lea.seen() != GONE)

    replayed()
    cloud.drain()
    assert lea.seen() == GONE
    assert left_of(cloud, lea) == []
    for member in (lea.team, lea.other):
        again = member.api.post("/v1/contacts", {"first_name": "Back", "emails": [lea.address.upper()]})
        assert again.json()["code"] == "address_not_storable"
    blocked = lea.team.api.post("/v1/contacts", {"first_name": "Back", "profile_urls": [lea.url]})
    assert blocked.json()["code"] == "address_not_storable"
    assert api.get(re.findall(r"/certificates/\S+", closing)[0]).status_code == 200
    assert state.forgotten(cloud, link_in(sent_to(lea.address)[0]["text"]).rsplit("/", 1)[1].split(".")[0]) == []
    assert len(sent_to(lea.address)) == mails, "she was told twice"
    assert replayed() == 0


def test_a_phone_begins_anew_after_a_restore(cloud: Cloud, lea: Lea, erased: Callable[..., str]) -> None:
    phone = Follower(lea.team)
    phone.poll()
    backup = Backup(cloud)
    erased(lea.address)
    backup.put_back("tenant_data")
    phone.poll()  # meanwhile who was erased is told as if nothing had been
    replayed()
    cloud.advance(61)
    assert phone.refused() == "cursor_expired"
    again = Follower(lea.team)
    again.poll()
    shown = [
        each["id"] for kind in ("contacts", "companies") for each in lea.team.api.get(f"/v1/{kind}").json()["items"]
    ]
    assert sorted(again.kept) == sorted(shown)


def test_other_peoples_rows_are_not_touched(cloud: Cloud, lea: Lea, erased: Callable[..., str]) -> None:
    backup = Backup(cloud)
    erased(lea.address)
    after = backup.now("tenant_data")
    untouched = {key for key, item in backup.rows["tenant_data"].items() if after.get(key) == item}
    backup.put_back(*TABLES)
    assert replayed() > 0
    now = backup.now("tenant_data")
    assert {key: now.get(key) for key in untouched} == {key: backup.rows["tenant_data"][key] for key in untouched}
    told = ("audit#", "shown#")  # clients, the owner's and colleagues', hear of what went as often as it goes
    assert _keys_beside(told, now) == _keys_beside(told, after)


def _keys_beside(told: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return {key for key in rows if not key[1].startswith(told)}


def test_a_request_under_way_at_the_loss_goes_on_to_its_certificate(
    cloud: Cloud,
    api: Api,
    lea: Lea,
    drop_mail: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
) -> None:
    drop_mail(mail(lea.address, "Please delete all my personal data.\r\n"))
    cloud.drain()
    backup = Backup(cloud)
    assert api.press(link_in(sent_to(lea.address)[-1]["text"]).removeprefix(cloud.url)).status_code == 200
    cloud.drain()
    confirmed = replay_log.read(replay_log.keys()[0]).entry.confirmed_at
    backup.put_back(*TABLES)
    assert replayed() > 0
    for _ in range(4):
        cloud.drain()
        cloud.advance(SECOND_PASS_S)
    assert lea.seen() == GONE
    told, closing = sent_to(lea.address)
    assert told["subject"] != closing["subject"]
    jws = api.get(re.findall(r"/certificates/\S+", closing["text"])[0]).text
    statement = json.loads(urlsafe_b64decode(jws.split(".")[1] + "=="))
    assert statement["confirmed_at"][:19] == confirmed.isoformat()[:19]
    assert replayed() == 0


def test_a_contact_that_had_not_her_address_yet_at_the_backup_goes_too(
    cloud: Cloud, lea: Lea, erased: Callable[..., str]
) -> None:
    early = lea.add(lea.team, first_name="Lea", last_name="Roth-Meyer", title="Buyer")
    backup = Backup(cloud)
    lea.team.api.patch(f"/v1/contacts/{early}", {"emails": [lea.address]})
    erased(lea.address)
    backup.put_back("tenant_data")
    assert replayed() > 0
    assert lea.seen() == GONE


def test_a_later_contact_under_the_same_key_stays(lea: Lea) -> None:
    made = lea.add(lea.team, first_name="Namesake")
    body = made.split("_", 1)[1]
    known = InTenant(erased={f"contact#{body[:10]}#{body[10:]}": "2020-01-01T00:00:00Z"})
    replay_log.note_erasure(Erasure(request="req_x", sought=[], tombstones=[], tenants={lea.team.tenant: known}))
    assert replayed() == 0
    assert lea.team.api.get(f"/v1/contacts/{made}").status_code == 200


def test_the_log_holds_neither_address_nor_name_nor_profile(cloud: Cloud, lea: Lea, erased: Callable[..., str]) -> None:
    erased(lea.address)
    bucket = settings.current().buckets.replay
    kinds = {key.split("/")[0] for key in objects.keys(bucket)}
    assert kinds == {"certificate", "erasure"}
    content = list(places.unsealed_objects(cloud, bucket))
    assert len(content) == 2
    for mark in (lea.mark, lea.name, "linkedin", "people.example"):
        assert places.holding(mark, content) == []


def test_nothing_is_deleted_while_the_log_cannot_be_written(
    cloud: Cloud,
    api: Api,
    lea: Lea,
    drop_mail: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drop_mail(mail(lea.address, "Please delete all my personal data.\r\n"))
    cloud.drain()
    assert sum(map(len, before := lea.seen())) == 6
    with monkeypatch.context() as away:
        away.setenv("IKO_BUCKET_REPLAY", "no-such-bucket")
        settings.current.cache_clear()
        assert api.press(link_in(sent_to(lea.address)[-1]["text"]).removeprefix(cloud.url)).status_code == 200
        cloud.drain()
        assert lea.seen() == before, "something was deleted or cut"
        assert [n for part in lea.seen() for *_, n in part if n and "[…]" in n] == []
    settings.current.cache_clear()
    for _ in range(4):
        cloud.advance(60)
        cloud.drain()
    assert lea.seen() == GONE


def test_a_run_whose_time_ends_is_gone_on_with_by_its_answer(cloud: Cloud) -> None:
    for tenant in map(TenantId, ("ten_c", "ten_a", "ten_b")):
        replay_log.note_purge(tenant, "cer_x")
    at = clock.rfc3339(clock.now())
    replay_log.note_leaving(
        Leaving(tenant=TenantId("ten_a"), owner=OwnerCode("owner00000"), member=MemberId("mem_x"), at=at)
    )
    done: list[Model] = []

    def note(logged: Logged[Any], _registry: object, _within: str, _has_time: object) -> Replayed:
        done.append(logged.entry)
        return Replayed(1)

    applies = {"purge": note, "leaving": note}
    answer, runs = {"done": False}, 0
    while not answer["done"]:
        answer, runs = job.handle(answer, LambdaContext("replay", 512, 1), applies), runs + 1
    assert runs == 4
    assert [getattr(each, "tenant", "") for each in done] == ["ten_a", "ten_a", "ten_b", "ten_c"]
    assert isinstance(done[0], Leaving)
    assert (done[0].owner, done[0].member) == ("owner00000", "mem_x")
    assert isinstance(done[1], Purge)
    assert done[1].certificate == "cer_x"


def test_an_entry_that_nothing_does_again_is_not_passed_over(cloud: Cloud) -> None:
    replay_log.note_purge(TenantId("ten_a"))
    with pytest.raises(job.Unreplayable):
        job.handle({}, None, {})


def test_only_the_log_gives_logged_entries() -> None:
    with pytest.raises(TypeError, match="only the replay log"):
        Logged(Certified(certificate="c", jws="j"), object())
