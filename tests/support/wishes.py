"""A person who objects, restricts or withdraws: asks on the form, and confirms by the mailed link."""

import re
import uuid
from typing import Any

from infra.local.cloud import Cloud
from tests.conftest import Api
from tests.support.privacy_mail import link_in

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def somebody() -> str:
    """An address that nobody else has."""
    return f"ada.{uuid.uuid4().hex[:10]}@people.example"


def mails(cloud: Cloud, address: str) -> list[dict[str, Any]]:
    """What was sent to the address, oldest first."""
    return [mail for mail in cloud.sent_mail() if address in mail["to"]]


def post(api: Api, path: str, body: str) -> Any:
    """The answer to a form that was sent."""
    return api.post(path, data=body.encode(), headers=FORM)


def ask(cloud: Cloud, address: str, right: str, language: str = "en") -> str:
    """Ask for the right on the form; the path of the link that was mailed."""
    asked = post(Api(cloud.url), f"/privacy?lang={language}", f"email={address.replace('+', '%2B')}&right={right}")
    assert asked.status_code == 200, asked.text
    cloud.drain()
    return link_in(mails(cloud, address)[-1]["text"]).removeprefix(cloud.url)


def exercise(cloud: Cloud, address: str, right: str, language: str = "en") -> dict[str, Any]:
    """Ask for the right and confirm it; the mail that answers."""
    path = ask(cloud, address, right, language)
    assert Api(cloud.url).press(path).status_code == 200
    cloud.drain()
    return mails(cloud, address)[-1]


def lift_path(cloud: Cloud, mail: dict[str, Any]) -> str:
    """The path that an answer gives to take the wish back."""
    found = [line for line in mail["text"].splitlines() if re.fullmatch(r"https?://\S+/privacy/lift/\S+", line)]
    assert len(found) == 1, mail["text"]
    return str(found[0]).removeprefix(cloud.url)
