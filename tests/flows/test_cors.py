"""Every web client that the settings name may read our answers, errors too; no other may."""

from collections.abc import Iterator

import pytest

from chalicelib.core import settings
from tests.conftest import Api, Member

FIRST, SECOND, OTHER = "https://app.iko.example", "https://admin.iko.example", "https://evil.example"


@pytest.fixture
def two_clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("IKO_CORS_ORIGINS", f"{FIRST}, {SECOND}")
    settings.current.cache_clear()
    yield
    monkeypatch.undo()
    settings.current.cache_clear()


@pytest.mark.usefixtures("two_clients")
@pytest.mark.parametrize("origin", [FIRST, SECOND])
def test_each_named_origin_is_answered_with_its_own_name(member: Member, origin: str) -> None:
    answers = {
        200: member.api.get("/v1/contacts", headers={"Origin": origin}),
        404: member.api.get("/v1/contacts/con_0", headers={"Origin": origin}),
        422: member.api.post("/v1/companies", {"name": 1}, headers={"Origin": origin}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert (answer.headers["Access-Control-Allow-Origin"], answer.headers["Vary"]) == (origin, "Origin")
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.usefixtures("two_clients")
@pytest.mark.parametrize("headers", [{"Origin": OTHER}, {"Origin": f"{FIRST}.evil.example"}, {"Origin": "null"}, {}])
def test_no_other_origin_is_named(member: Member, api: Api, headers: dict[str, str]) -> None:
    for answer in (
        member.api.get("/v1/contacts", headers=headers),
        api("OPTIONS", "/v1/contacts", headers=headers),
    ):
        assert answer.status_code in (200, 204)
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Vary"] == "Origin"


@pytest.mark.usefixtures("two_clients")
@pytest.mark.parametrize("origin", [FIRST, SECOND])
def test_a_browser_may_ask_first(api: Api, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "PATCH"}
    answer = api("OPTIONS", "/v1/contacts/con_0", headers=asked)
    assert (answer.status_code, answer.text) == (204, "")
    assert (answer.headers["Access-Control-Allow-Origin"], answer.headers["Vary"]) == (origin, "Origin")
    assert set(answer.headers["Access-Control-Allow-Methods"].split(",")) == {"GET", "PATCH", "DELETE", "OPTIONS"}
    assert {"Authorization", "If-Match"} <= set(answer.headers["Access-Control-Allow-Headers"].split(","))


def test_any_origin_may_where_none_is_named(member: Member) -> None:
    answer = member.api.get("/v1/contacts", headers={"Origin": OTHER})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Vary" not in answer.headers
