"""The pages of the portal: what was typed stays, the language is the reader's, and a request tells what has happened to it."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.texts import render
from infra.local.cloud import Cloud
from tests.conftest import Api
from tests.support.privacy_mail import SECOND_PASS_S, link_in, mail


def test_what_was_typed_stays_in_the_form(api: Api) -> None:
    typed = {"email": "nobody", "right": "restriction", "details": "Only <two> of them"}
    again = api.post("/privacy?lang=hr", data=typed).text
    assert 'value="nobody"' in again
    assert 'aria-invalid="true" aria-describedby="error"' in again
    assert '<option value="restriction" selected>' in again
    assert "Only &lt;two&gt; of them</textarea>" in again


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        ("fi, da;q=0.5, hr;q=0.9", "hr"),
        ("de-AT,de;q=0.9", "de"),
        ("fi", "en"),
        ("fr;q=0, it;q=0.1", "it"),
        ("el;q=x", "el"),
    ],
)
def test_a_page_is_in_the_language_that_the_browser_wants_most(api: Api, wanted: str, spoken: str) -> None:
    assert f'<html lang="{spoken}">' in api.get("/privacy", headers={"Accept-Language": wanted}).text
    assert '<html lang="sv">' in api.get("/privacy?lang=sv", headers={"Accept-Language": wanted}).text


def test_the_page_of_a_request_tells_what_has_happened_and_what_the_certificate_says(
    api: Api, cloud: Cloud, drop_mail: Callable[..., str], sent_to: Callable[[str], list[dict[str, Any]]]
) -> None:
    address = f"anna.{uuid.uuid4().hex[:10]}@people.example"
    drop_mail(mail(address, "Please delete all my personal data.\r\n"))
    cloud.drain()
    link = link_in(sent_to(address)[-1]["text"]).removeprefix(cloud.url)
    path = link.replace("/confirm/", "/requests/")
    page, today = api.get(path).text, render.day(clock.now(), "en")
    assert re.search(r"<dt>We answer by</dt><dd>\d+ \w+ \d{4} \((in 28|in 29|in 30|in 31) days\)</dd>", page)
    assert f'<li><span>We received your request.</span> <span class="hint">{today}</span></li>' in page
    assert '<li class="ahead"><span>Waiting for your confirmation</span></li>' in page
    assert api.press(link).status_code == 200
    assert f'<li><span>You confirmed it.</span> <span class="hint">{today}</span></li>' in api.get(path).text
    for _ in range(3):
        cloud.drain()
        cloud.advance(SECOND_PASS_S)
    cloud.drain()
    done = api.get(path).text
    assert 'class="ahead"' not in done
    assert done.count("<li><span>") == 4
    assert "<dt>Deleted</dt><dd>nothing was found for your address</dd>" in done
    assert re.search(r"<dt>Live data deleted on</dt><dd>\d+ \w+ \d{4}</dd>", done)
    assert 'href="/verify?lang=en"' in done
    assert " days)" not in done, "nothing is left to wait for"
