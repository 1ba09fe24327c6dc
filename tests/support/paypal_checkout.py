"""What an owner and a payer do: check out, and answer PayPal's page with its own forms."""

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

from chalicelib.core import clock
from chalicelib.store import rows
from chalicelib.store.due import SK, Due, DueRecord
from infra.local.cloud import Cloud
from infra.simulators.paypal.simulator import PayPal
from tests.conftest import Member

_FORM = re.compile(r'<form method="post" action="([^"]*)">(.*?)</form>', re.DOTALL)
_FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


def planned(kind: str, ident: str) -> datetime | None:
    """Return when the work of that id is due; None where nothing is planned."""
    row = rows.get(DueRecord, Due(kind, ident).pk, SK)
    return clock.parse_rfc3339(row.due_at) if row and row.due_at else None


def moment(text: str) -> datetime:
    """Return the time that an answer says."""
    return datetime.fromisoformat(text)


@dataclass
class Paying:
    """The steps of a subscription, each through the interface that a person has."""

    cloud: Cloud

    @property
    def paypal(self) -> PayPal:
        return self.cloud.paypal

    def checkout(self, owner: Member, **body: str) -> str:
        """The address where it is approved."""
        answer = owner.api.post("/v1/subscription/checkout", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["approval_url"])

    def answer(self, approval_url: str, button: str = "Approve") -> str:
        """Press a button on PayPal's page; the address that the browser is sent to."""
        page = requests.get(approval_url, timeout=10)
        assert page.status_code == 200, page.text
        action, fields = next((a, f) for a, f in _FORM.findall(page.text) if f">{button}</button>" in f)
        data = {unescape(name): unescape(value) for name, value in _FIELD.findall(fields)}
        sent = requests.post(urljoin(approval_url, action), data=data, timeout=10, allow_redirects=False)
        assert sent.status_code == 303, sent.text
        return str(sent.headers["Location"])

    def subscribe(self, owner: Member) -> str:
        """From nothing to active; PayPal's id of it."""
        back = self.answer(self.checkout(owner))
        self.paypal.deliver()
        assert self.shown(owner)["state"] == "active"
        return dict(parse_qsl(urlsplit(back).query))["subscription_id"]

    def shown(self, member: Member) -> dict[str, Any]:
        answer = member.api.get("/v1/subscription")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def webhook(self, body: bytes, **headers: str) -> requests.Response:
        """Post something to our webhook: signed as PayPal does, but for the headers given (empty: left out)."""
        signed = {**self.paypal.webhooks.headers(body), **{k.replace("_", "-"): v for k, v in headers.items()}}
        kept = {name: value for name, value in signed.items() if value}
        return requests.post(f"{self.cloud.url}/webhooks/paypal", data=body, headers=kept, timeout=60)

    def calls(self, operation: str) -> int:
        return sum(entry["operation"] == operation for entry in self.paypal.log)
