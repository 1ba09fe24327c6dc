"""docs/architecture.md is true: the modules that it names are there, and each flow enters those that it lists, in that order."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.google_connection import join
from tests.support.pass_time import settle
from tests.support.privacy_mail import SECOND_PASS_S, link_in, mail
from tests.support.tracing import Trace, import_all, traced

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "architecture.md"
_STEP = re.compile(r"^\d+\. `([\w/]+)\.py`", re.MULTILINE)


def listed(flow: str) -> list[str]:
    """The modules that the document lists for a flow."""
    section = DOCUMENT.read_text().partition(f"\n### {flow}\n")[2].partition("\n#")[0]
    return [f"chalicelib.{path.replace('/', '.')}" for path in _STEP.findall(section)]


def holds(flow: str, trace: Trace) -> None:
    """The flow enters what the document lists, in that order."""
    wanted, entered = listed(flow), list(trace.entered)
    assert wanted, f"docs/architecture.md has no flow called {flow!r}"
    missed = [name for name in wanted if name not in trace.entered]
    assert not missed, f"{flow}: the flow does not enter {missed}. It enters:\n" + "\n".join(entered)
    order = [name for name in entered if name in wanted]
    assert wanted == order, f"{flow}: list the modules in the order in which they are entered:\n" + "\n".join(order)


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    import_all()


@pytest.fixture
def run(cloud: Cloud) -> Iterator[tuple[Trace, Api]]:
    """A trace, and a client of the API that is traced."""
    with traced() as (trace, url):
        yield trace, Api(url)


def test_an_imported_row(cloud: Cloud, member: Member, run: tuple[Trace, Api]) -> None:
    trace, api = run
    body = "First Name,Last Name,Email\r\nAnn,Lind,ann@architecture.example\r\n"
    answer = api.post("/v1/imports", data=body, headers={"Content-Type": "text/csv"}, token=member.token)
    assert answer.status_code == 202, answer.text
    cloud.drain()
    assert len(api.get("/v1/contacts", token=member.token).json()["items"]) == 1
    holds("An imported row", trace)


def test_a_synced_person(cloud: Cloud, member: Member, run: tuple[Trace, Api]) -> None:
    trace, api = run
    join(cloud, member, "contacts").person("Ida")
    trace.entered.clear()
    cloud.drain()
    assert api.get("/v1/contacts", token=member.token).json()["items"]
    holds("A synced person", trace)


def test_a_privacy_mail(
    cloud: Cloud,
    member: Member,
    run: tuple[Trace, Api],
    drop_mail: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
) -> None:
    trace, api = run
    address = "eva@architecture.example"
    made = member.api.post("/v1/contacts", {"first_name": "Eva", "emails": [address]})
    assert made.status_code == 201
    trace.entered.clear()
    drop_mail(mail(address, "Please delete all my personal data.\r\n"))
    cloud.drain()
    assert api.press(link_in(sent_to(address)[-1]["text"]).removeprefix(cloud.url)).status_code == 200
    for _ in range(5):
        cloud.drain()
        cloud.advance(SECOND_PASS_S)
    cloud.drain()
    assert "/certificates/" in sent_to(address)[-1]["text"]
    holds("A privacy mail", trace)


def test_a_request_for_contacts(member: Member, run: tuple[Trace, Api]) -> None:
    trace, api = run
    member.api.post("/v1/contacts", {"first_name": "Joe"})
    trace.entered.clear()
    assert len(api.get("/v1/contacts", token=member.token).json()["items"]) == 1
    holds("A request for contacts", trace)


def test_a_purge(cloud: Cloud, new_workspace: Callable[..., Member], run: tuple[Trace, Api]) -> None:
    trace, api = run
    owner = new_workspace()
    owner.api.post("/v1/contacts", {"first_name": "Zoe"})
    trace.entered.clear()
    token = cloud.issuer.token(owner.email)
    assert api.post("/v1/subscription/cancel", {}, token=token).status_code == 200
    settle(cloud)
    assert any("/certificates/" in each["text"] for each in cloud.sent_mail() if owner.email in each["to"])
    holds("A purge", trace)
