"""`make demo`: letters of persons in five languages, one for each right, and what becomes of each, step by step.

Uses the backend of `make run` where one is up in this checkout, else starts one for as long as it takes. The letters are the
synthetic ones of tests/data/privacy_letters; each is delivered as a raw mail, as SES would.
"""

import contextlib
import json
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import Any

import requests

from infra.local.deliver import deliver

LANGUAGES = ("en", "fr", "de", "es", "it")
RIGHTS = [
    "erasure",
    "access",
    "source",
    "rectification",
    "objection",
    "restriction",
    "portability",
    "consent_withdrawn",
    "automated_decisions",
]
_STATE = Path(".local/cloud.json")
_LETTERS = Path(__file__).resolve().parents[2] / "tests" / "data" / "privacy_letters"
_PATIENCE_S = 180
_TIMEOUT_S = 60
_LINK = re.compile(r"^(http\S+/privacy/confirm/\S+)$", re.MULTILINE)
_CERTIFICATE = re.compile(r"^(http\S+/certificates/\S+)$", re.MULTILINE)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@dataclass
class Letter:
    """A letter, who writes it here, and what was mailed to that person."""

    right: str
    language: str
    subject: str
    body: str
    address: str = field(default_factory=lambda: f"person-{uuid.uuid4().hex[:10]}@people.example")
    mails: list[dict[str, Any]] = field(default_factory=list)

    @property
    def raw(self) -> bytes:
        made = EmailMessage()
        made["From"], made["To"], made["Subject"] = self.address, "privacy@iko.example", self.subject or "-"
        made["Message-ID"] = f"<{uuid.uuid4().hex}@people.example>"
        made.set_content(self.body or self.subject)
        return made.as_bytes()

    @property
    def link(self) -> str:
        """The link by which the person confirms; empty where the mail has none."""
        found = _LINK.search(self.mails[0]["text"]) if self.mails else None
        return found[1] if found else ""

    def say(self, text: str) -> None:
        print(f"  {self.right}, {self.language}: {text}", flush=True)


def letters() -> list[Letter]:
    """The first letter of each right in each language, of those that rules may be written by."""
    found: dict[tuple[str, str], Letter] = {}
    for language in LANGUAGES:
        for line in (_LETTERS / f"{language}.jsonl").read_text("utf-8").splitlines():
            told = json.loads(line)
            plain = told["half"] == "tune" and told["kind"] == "request" and told["about"] == "writer"
            if plain and told["intent"] in RIGHTS:
                made = Letter(told["intent"], language, told["subject"], told["body"])
                found.setdefault((told["intent"], language), made)
    return sorted(found.values(), key=lambda each: (RIGHTS.index(each.right), each.language))


@contextlib.contextmanager
def backend() -> Iterator[dict[str, Any]]:
    """The backend that is up in this checkout, as cloud.json describes it, or one of our own."""
    if _STATE.exists():
        yield json.loads(_STATE.read_text())
        return
    print("starting a backend of its own", flush=True)
    command = [sys.executable, "-m", "infra.local"]
    environment = {"PORT": "0", "SEED": "0"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**_environ(), **environment}) as process:  # noqa: S603
        try:
            _until(lambda: _STATE.exists() or process.poll() is not None, "the backend did not start")
            yield json.loads(_STATE.read_text())
        finally:
            process.send_signal(signal.SIGINT)


def _environ() -> dict[str, str]:
    import os

    return dict(os.environ)


def _until(done: Callable[[], bool], otherwise: str) -> None:
    """Wait until it is so; a sentence where it takes too long."""
    end = time.monotonic() + _PATIENCE_S
    while not done():
        if time.monotonic() > end:
            print(f"  {otherwise} within {_PATIENCE_S} s", flush=True)
            return
        time.sleep(0.5)


def _mailed(cloud: dict[str, Any], asked: list[Letter], number: int) -> None:
    """Wait until each of these persons has so many mails."""

    def there() -> bool:
        sent = requests.get(cloud["sent_mail"], timeout=_TIMEOUT_S).json()
        for letter in asked:
            letter.mails = [each for each in sent if letter.address in each["to"]]
        return all(len(letter.mails) >= number for letter in asked)

    _until(there, "not every person was answered")


def _confirm(letter: Letter) -> None:
    """Press the button of the page behind the link, as a browser would: with the values of its form."""
    page = requests.get(letter.link, timeout=_TIMEOUT_S).text
    sent = {
        name: unescape(value) for name, value in _HIDDEN.findall(page.partition("<form")[2].partition("</form>")[0])
    }
    done = requests.post(letter.link, data=sent, timeout=_TIMEOUT_S)
    letter.say(f"the person presses the button behind the link: {done.status_code}")


def _decide(cloud: dict[str, Any], asked: dict[str, Letter]) -> None:
    """What the officer does: read what waits, and answer it."""
    client, base = requests.Session(), f"{cloud['api']}/officer/requests"
    client.headers["Authorization"] = f"Bearer {cloud['officer']['token']}"
    cursor: str | None = ""
    waiting: list[str] = []
    while cursor is not None:
        page = client.get(f"{base}?waits_for=officer&limit=100{cursor}", timeout=_TIMEOUT_S).json()
        waiting += [each["id"] for each in page["items"]]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    for ident in waiting:
        opened = client.post(f"{base}/{ident}/open", json={"reason": "decide"}, timeout=_TIMEOUT_S).json()
        letter = asked.get(opened["address"])
        if letter is None:
            continue  # somebody else's, of the backend that was up
        answer = {"text": f"[{letter.language}] This is where our officer's own words stand."}
        done = client.post(f"{base}/{ident}/answer", json=answer, timeout=_TIMEOUT_S)
        rights = ", ".join(each["right"] for each in opened["standing"]["rights"])
        letter.say(f"the officer opens it (read as: {rights}) and answers: {done.status_code}")


def _tell_first(letter: Letter) -> None:
    if not letter.mails:
        letter.say("no mail yet")
        return
    understood = [line.removeprefix("– ") for line in letter.mails[0]["text"].splitlines() if line.startswith("– ")]
    what = f" (understood: {'; '.join(understood)})" if understood else ""
    letter.say(f"mailed at once: {letter.mails[0]['subject']}{what}")


def _tell_last(letter: Letter) -> None:
    if len(letter.mails) > 1:
        certificate = _CERTIFICATE.search(letter.mails[-1]["text"])
        letter.say(f"mailed at last: {letter.mails[-1]['subject']}" + (f" {certificate[1]}" if certificate else ""))
    else:
        letter.say("nothing more was mailed yet")


def main() -> int:
    """Show it; 0 where every letter was answered to its end, else 1."""
    asked = letters()
    with backend() as cloud:
        print(f"{len(asked)} letters are delivered to {cloud['privacy_address']}", flush=True)
        for letter in asked:
            deliver(cloud, letter.raw)
        _mailed(cloud, asked, 1)
        print("what the persons are mailed at once", flush=True)
        for letter in asked:
            _tell_first(letter)
        print("what the persons do, and the officer", flush=True)
        for letter in asked:
            if letter.link:
                _confirm(letter)
        _decide(cloud, {letter.address: letter for letter in asked})
        _mailed(cloud, asked, 2)
        print("how it ends", flush=True)
        for letter in asked:
            _tell_last(letter)
        print(f"all mails: {cloud['sent_mail']}  the desk: {cloud['api']}/officer", flush=True)
    return 0 if all(len(letter.mails) > 1 for letter in asked) else 1


if __name__ == "__main__":
    sys.exit(main())
