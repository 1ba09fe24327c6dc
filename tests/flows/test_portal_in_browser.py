"""The pages as Chromium shows them: axe-core finds nothing, nothing is wider than a phone, nothing is fetched; and a certificate
is checked by the browser alone."""

import json
import os
import re
import subprocess
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import languages
from infra import node
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support import shown_pages
from tests.support.privacy_mail import SECOND_PASS_S, link_in, mail

# Else each document at one width, and the pages in four languages, for time: long words, another script, long sentences, accents.
EVERY = os.environ.get("IKO_EVERY_PAGE") == "1"
LANGUAGES = languages.OF_PERSONS if EVERY else ("de", "el", "fr", "pl")
NEEDED = os.environ.get("IKO_NODE") == "needed"  # in CI nothing is left out
pytestmark = [
    pytest.mark.skipif(not node.ready() and not NEEDED, reason=node.LEFT_OUT),
    pytest.mark.skipif(node.browser() is None, reason=node.NO_BROWSER),  # CI installs it
]


def shown(asked: dict[str, Any]) -> dict[str, Any]:
    """What tests/emulators/portal.mjs says."""
    command = [*(node.command() or ["node"]), str(node.PACKAGES / "portal.mjs")]
    sent = json.dumps({"chromium": node.browser(), **asked})
    ran = subprocess.run(command, input=sent, capture_output=True, text=True, check=False, timeout=600)
    assert ran.returncode == 0, ran.stderr
    made: dict[str, Any] = json.loads(ran.stdout)
    return made


def test_every_page_is_for_everybody_and_a_browser_checks_a_certificate(
    api: Api,
    cloud: Cloud,
    member: Member,
    drop_mail: Callable[..., str],
    sent_to: Callable[[str], list[dict[str, Any]]],
) -> None:
    documents = shown_pages.every(cloud, api, member, drop_mail, sent_to)
    address, ready, asked = _erased_and_waiting(api, cloud, drop_mail, sent_to)
    done, progress = (link.replace("/confirm/", "/requests/") for link in (ready, asked))
    closing = sent_to(address)[-1]["text"]
    pages = [
        f"{cloud.url}{path}" for path in ("/privacy", "/verify", "/invitations/none", "/subscription/return", "/docs")
    ]
    pages += [asked, ready, done, progress, f"{asked}x"]
    told = shown(
        {
            "pages": [*pages, *(f"{url}?lang=el" for url in (f"{cloud.url}/privacy", f"{cloud.url}/verify", done))],
            "documents": documents,
            "once": not EVERY,
            "pictures": os.environ.get("IKO_PICTURES"),  # a folder, for whoever wants to look
            "narrow": [f"{url}?lang={each}" for each in LANGUAGES for url in (pages[0], pages[1], asked, done)],
            "verify": {"url": pages[1], "tries": _tries(api, closing, address)},
        }
    )
    assert told["found"] == []
    assert {url.split("/")[2] for url in told["asks"]} == {cloud.url.split("/")[2]}
    assert {url for url in told["asks"] if url.endswith((".js", ".css", ".ico", ".png"))} == set()
    assert told["unscripted"] is False, "without scripts the page says how to do it by hand"
    valid, other, changed, nothing = told["said"]
    assert valid[:2] == ["valid", "mine"]
    assert len(valid) == 7
    assert valid[6] == "nothing was found for your address"
    assert other[:2] == ["valid", "not_mine"]
    assert (changed, nothing) == (["invalid"], ["malformed"])


def _erased_and_waiting(
    api: Api, cloud: Cloud, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> tuple[str, str, str]:
    """The address of somebody who was erased, and the links of its first mail and of somebody's who has not pressed yet."""
    address, waiting = (f"anna.{uuid.uuid4().hex[:10]}@people.example" for _ in range(2))
    for each in (address, waiting):
        drop_mail(mail(each, "Please delete all my personal data.\r\n"))
    cloud.drain()
    ready, asked = (link_in(sent_to(each)[-1]["text"]) for each in (address, waiting))
    assert api.press(ready.removeprefix(cloud.url)).status_code == 200
    for _ in range(3):
        cloud.drain()
        cloud.advance(SECOND_PASS_S)
    cloud.drain()
    return address, ready, asked


def _tries(api: Api, closing: str, address: str) -> list[dict[str, str]]:
    link = re.search(r"^https?://[^/]+(/certificates/\S+)$", closing, re.MULTILINE)
    assert link
    compact = api.get(link[1]).text
    salt = next(line for line in closing.splitlines() if re.fullmatch(r"[0-9a-z]{26}", line))
    head, body, signature = compact.split(".")
    good = {"certificate": compact, "address": f" {address.upper()} ".strip(), "salt": salt}
    swapped = f"{head}.{body}.{signature[:-8]}{signature[-4:]}{signature[-8:-4]}"
    return [
        good,
        {**good, "address": "else@people.example"},
        {**good, "certificate": swapped},
        {**good, "certificate": "x.y"},
    ]
