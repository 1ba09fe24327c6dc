"""A person with a request: the mails, the links, and the buttons of the pages behind them."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.privacy.intake import id_of_mail
from infra.local.cloud import Cloud
from tests.conftest import Api
from tests.support.privacy_mail import mail

SentTo = Callable[[str], list[dict[str, Any]]]
_LINK = re.compile(r"^https?://\S+(/privacy/(?:confirm|copy|amend)/\S+)$", re.MULTILINE)


@dataclass
class Person:
    """Somebody who writes to us and presses what we offer."""

    cloud: Cloud
    drop: Callable[..., str]
    sent_to: SentTo
    address: str = field(default_factory=lambda: f"anna.{uuid.uuid4().hex[:10]}@people.example")

    def __post_init__(self) -> None:
        self.api, self.id = Api(self.cloud.url), ""

    def writes(self, body: str) -> str:
        """The first mail's link, as a path, after the letter was read."""
        self.id = id_of_mail(self.drop(mail(self.address, body)))
        self.cloud.drain()
        return self.link()

    def mails(self) -> list[str]:
        return [each["text"] for each in self.sent_to(self.address)]

    def link(self) -> str:
        """The path of the last mail's link."""
        return str(_LINK.findall(self.mails()[-1])[-1])

    def form(self, path: str) -> tuple[str, dict[str, str]]:
        """Where the page's first form goes, and its hidden values."""
        shown = self.api.get(path)
        assert shown.status_code == 200, shown.text
        form = re.search(r"<form[^>]*>.*?</form>", shown.text, re.DOTALL)
        assert form, shown.text
        action = re.search(r'action="([^"]+)"', form[0])
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[0])
        return (action[1] if action else path), dict(hidden)

    def presses(self, path: str, **more: str) -> Any:
        """The page's first button, with its hidden values, and the answer."""
        action, hidden = self.form(path)
        return self.sends(action, {**hidden, **more})

    def sends(self, path: str, fields: dict[str, str]) -> Any:
        """What a browser does with a form."""
        answer = self.api.post(path, data=fields, headers={"Content-Type": "application/x-www-form-urlencoded"})
        self.cloud.drain()
        return answer

    def copy(self, path: str) -> dict[str, Any]:
        """The copy as a file."""
        answer = self.presses(path, format="json")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found
