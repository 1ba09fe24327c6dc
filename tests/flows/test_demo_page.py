"""/demo/prospects of the local cloud, as Chromium shows it: the ranking with its reasons as bars, the first one's paths, and what
would move it up."""

import re
import subprocess
from pathlib import Path

import pytest
import requests

from infra import node
from infra.local.cloud import Cloud
from infra.local.demo_page import PATH
from tests.conftest import Member
from tests.support.relations import Knows

needs_browser = pytest.mark.skipif(node.browser() is None, reason=node.NO_BROWSER)


def shown(url: str, folder: Path) -> str:
    """The document once its scripts have run."""
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
    command = [node.browser() or "chromium", *options, f"--user-data-dir={folder}", "--virtual-time-budget=20000"]
    ran = subprocess.run([*command, "--dump-dom", url], capture_output=True, text=True, check=True, timeout=120)
    return ran.stdout


@needs_browser
def test_the_page_shows_the_ranking_its_reasons_paths_and_moves(cloud: Cloud, member: Member, tmp_path: Path) -> None:
    for number in range(6):
        member.api.post("/v1/companies", {"name": f"Client {number}", "industry": "software", "tag": "client"})
        member.api.post("/v1/companies", {"name": f"Other {number}", "industry": "food"})
    near = {"name": "Near <b>", "domain": "near.example", "industry": "software", "tag": "prospect"}
    member.api.post("/v1/companies", near)
    member.api.post("/v1/companies", {"name": "Far", "industry": "food", "tag": "prospect"})
    knows = Knows(member)
    knows.contact("ada@near.example")
    knows.writes("ada@near.example", sent=3, received=3)
    page = shown(f"{cloud.url}{PATH}?email={member.email}", tmp_path)
    assert "Ready</p>" in page
    assert re.findall(r"<h3>(\d\. [^<]+)<", page) == ["1. Near &lt;b&gt;", "2. Far"]
    assert "Industry software: like Client 0 and Client 1, your clients" in page
    assert 'class="bar"' in page
    assert "you: Ada Hopper" in page
    assert re.search(r"<li>\+\d+\.\d: ", page)
    assert member.email in page
    assert set(re.findall(r"(?:src|href)=", page)) == set(), "nothing is fetched but the interface"


def test_the_page_says_what_it_may_fetch_and_stands_in_no_other_way(cloud: Cloud) -> None:
    answer = requests.get(f"{cloud.url}{PATH}", timeout=30)
    assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
    assert requests.post(f"{cloud.url}{PATH}", timeout=30).status_code != 200
    assert requests.get(f"{cloud.url}{PATH}/x", timeout=30).status_code == 404
