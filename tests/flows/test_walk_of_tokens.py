"""Every page behind a mailed link: a token of another page, of another kind, or changed, gets what an unknown one gets."""

from collections.abc import Callable

import requests

from chalicelib.api.http import ENDPOINTS
from infra.local.cloud import Cloud
from tests.conftest import Api, Member
from tests.support.directory import Person as Profiled
from tests.support.directory import put_feed
from tests.support.invitations import somebody as invited
from tests.support.persons import Person, SentTo
from tests.support.wishes import exercise, lift_path, somebody

REQUESTS = ("amend", "confirm", "copy", "requests")  # pages of one token


def tokens(cloud: Cloud, member: Member, drop_mail: Callable[..., str], sent_to: SentTo) -> dict[str, str]:
    """A good token of each kind, by the page that it is of."""
    asked = Person(cloud, drop_mail, sent_to).writes("Please delete all my personal data.\r\n")
    profiled, guest = Profiled(cloud), invited(cloud)
    put_feed(cloud, f"{profiled.name}.jsonl", [profiled.line()])
    cloud.advance(300)
    cloud.drain()
    member.api.token = cloud.issuer.token(member.email)
    assert member.api.post("/v1/members", {"email": guest.email}).status_code == 201
    paths = {
        "confirm": asked,
        "directory": profiled.button(),
        "lift": lift_path(cloud, exercise(cloud, somebody(), "objection")),
        "invitations": f"/invitations/{guest.code()}",
    }
    return {page: path.rpartition("/")[2].partition("?")[0] for page, path in paths.items()}


def shown(answer: requests.Response, token: str) -> tuple[int, str]:
    return answer.status_code, answer.text.replace(token, "*")


def test_a_token_of_another_page_or_a_changed_one_is_an_unknown_one(
    cloud: Cloud, api: Api, member: Member, drop_mail: Callable[..., str], sent_to: SentTo
) -> None:
    good = tokens(cloud, member, drop_mail, sent_to)
    routes = sorted({(e.method, e.path) for e in ENDPOINTS if e.path.endswith("/{token}")})
    assert len(routes) >= 11
    for method, route in routes:
        cloud.advance(3_600)  # wrong guesses of an address are limited
        page = route.split("/")[-2]
        own = good["confirm" if page in REQUESTS else page]
        changed = [own[:-1] + ("0" if own[-1] != "0" else "1"), own[: len(own) // 2], f"{own}0"]
        foreign = [token for token in good.values() if token != own]
        data = {"confirm": "yes", "show": "yes", "send": "yes"} if method == "POST" else None
        answers = [
            shown(api(method, route.replace("{token}", token), data=data), token)
            for token in (*changed, *foreign, "nobodys0token")
        ]
        assert len(set(answers)) == 1, (method, route, [status for status, _ in answers])
        assert answers[0][0] in (404, 410), (method, route)
