"""A member who connects an account: the request, the provider's page as a browser sends its form, and the way back."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import requests

from infra.local.cloud import Cloud
from tests.conftest import Api, Member


def begin(member: Member, provider: str, **asked: Any) -> str:
    """The address of the provider's page."""
    answer = member.api.post(f"/v1/providers/{provider}/authorize", asked)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"])


def answered(url: str, answer: str = "allow", account: int | str = 0, refused: str = "") -> str:
    """What the provider sends the browser back to, once its form was sent with that account, or the one of that number, and
    without the scope whose name ends with `refused`."""
    page = requests.get(url, timeout=10)
    assert page.status_code == 200, page.text
    action = re.search(r'<form method="post" action="([^"]*)"', page.text)
    assert action, page.text
    accounts = [unescape(each) for each in re.findall(r'name="account" value="([^"]*)"', page.text)]
    scopes = [unescape(each) for each in re.findall(r'name="scope" value="([^"]*)"', page.text)]
    scopes = [each for each in scopes if not refused or not each.endswith(refused)]
    chosen = account if isinstance(account, str) else accounts[account] if accounts else ""
    form = {"answer": answer, "scope": scopes, "account": chosen}
    sent = requests.post(urljoin(url, unescape(action[1])), data=form, allow_redirects=False, timeout=10)
    assert sent.status_code in (302, 303), sent.text
    return str(sent.headers["Location"])


def returned(cloud: Cloud, back: str) -> requests.Response:
    """What our callback answers the browser."""
    assert back.startswith(cloud.url)
    return Api(cloud.url).get(back.removeprefix(cloud.url))


def connect(
    cloud: Cloud, member: Member, provider: str, account: int | str = 0, refused: str = "", **asked: Any
) -> dict[str, Any]:
    """The connection as its member sees it."""
    before = {each["id"]: each for each in listed(member)}
    page = returned(cloud, answered(begin(member, provider, **asked), account=account, refused=refused))
    assert page.status_code == 200, page.text
    changed = [each for each in listed(member) if each != before.get(each["id"])]
    assert len(changed) == 1, changed
    return changed[0]


def listed(member: Member) -> list[dict[str, Any]]:
    """The member's connections."""
    items: list[dict[str, Any]] = member.api.get("/v1/connections").json()["items"]
    return [{key: value for key, value in item.items() if key != "health"} for item in items]


def query_of(url: str) -> dict[str, list[str]]:
    """The fields of an address's query."""
    return parse_qs(urlsplit(url).query)
