"""The desk as a browser without scripts drives it: by links and forms, with the cookies that it was given."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import requests

from infra.local.cloud import Cloud
from infra.local.environment import OFFICER_ADDRESS
from tests.support import described

_ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')


@dataclass
class Form:
    """A form of a page: where it goes, and the fields that it sends as it stands."""

    action: str
    html: str

    @property
    def hidden(self) -> dict[str, str]:
        found = (dict(_ATTRIBUTE.findall(tag)) for tag in re.findall(r"<input ([^>]*)>", self.html))
        return {each["name"]: unescape(each["value"]) for each in found if each.get("type") == "hidden"}


@dataclass
class Page:
    """A page that was answered."""

    answer: requests.Response

    @property
    def text(self) -> str:
        return str(self.answer.text)

    @property
    def status(self) -> int:
        return int(self.answer.status_code)

    @property
    def words(self) -> str:
        """What is read, without the marks."""
        body = re.sub(r"<(style|svg).*?</\1>", " ", self.text, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    def forms(self) -> list[Form]:
        found = re.findall(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', self.text, re.DOTALL)
        return [Form(unescape(action), inner) for action, inner in found]

    def form(self, ending: str, holds: str = "") -> Form:
        """The form whose address ends so, and that holds these words."""
        return next(each for each in self.forms() if each.action.endswith(ending) and holds in each.html)


@dataclass
class Browser:
    """Keeps cookies for the desk, as a browser does on its own site; `cross` leaves out those that are SameSite=Strict."""

    cloud: Cloud
    cookies: dict[str, str] = field(default_factory=dict)
    strict: set[str] = field(default_factory=set)

    def go(self, method: str, url: str, *, cross: bool = False, **more: Any) -> Page:
        full = url if url.startswith("http") else self.cloud.url + url
        ours = full.startswith(self.cloud.url)
        sent = {name: value for name, value in self.cookies.items() if not (cross and name in self.strict)}
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in sent.items())} if ours and sent else {}
        answer = requests.request(method, full, headers=headers, timeout=60, allow_redirects=False, **more)
        if ours:
            described.check(method, urlsplit(full).path, answer)
        for cookie in answer.raw.headers.getlist("Set-Cookie"):
            self._keep(cookie)
        return Page(answer)

    def get(self, url: str, *, cross: bool = False) -> Page:
        """The page of a link, wherever it leads."""
        page = self.go("GET", url, cross=cross)
        while page.status in (302, 303):
            page = self.go("GET", page.answer.headers["Location"], cross=cross)
        return page

    def send(self, form: Form, **filled: Any) -> Page:
        """The page after a form was filled and sent."""
        page = self.go("POST", form.action, data={**form.hidden, **filled})
        return self.get(page.answer.headers["Location"]) if page.status in (302, 303) else page

    def sign_in(self, email: str = OFFICER_ADDRESS) -> Page:
        """Through the identity provider; the desk, or what was said instead."""
        there = self.get("/officer/login")
        asked = there.forms()[0]
        back = self.go("POST", self.cloud.issuer.url + asked.action, data={"answer": "allow", "account": email})
        page = self.go("GET", back.answer.headers["Location"], cross=True)
        return self.get("/officer") if page.status == 200 else page

    def _keep(self, cookie: str) -> None:
        name, _, rest = cookie.partition("=")
        value, _, rules = rest.partition(";")
        if "Max-Age=0" in rules:
            self.cookies.pop(name, None)
            return
        assert {"Path=/", "Secure", "HttpOnly"} <= {each.strip() for each in rules.split(";")}, cookie
        self.cookies[name] = value
        (self.strict.add if "SameSite=Strict" in rules else self.strict.discard)(name)
