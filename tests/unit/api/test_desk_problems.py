"""What our officer reads where something did not work."""

from collections.abc import Iterator

import pytest

from chalicelib.api.desk.frame import problem
from chalicelib.api.http import Call, Endpoint
from chalicelib.core import settings
from chalicelib.core.errors import IkoError, Unavailable, VersionConflict
from tests.unit.core.test_settings import NEEDED

CALL = Call(Endpoint("POST", "/x", "x", "X."), "req_1", {}, {}, {}, b"", "")


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    settings.current.cache_clear()
    yield
    settings.current.cache_clear()


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [(VersionConflict(), 409, "Somebody else is changing"), (Unavailable(), 503, "failed on our side")],
)
def test_who_is_overtaken_is_told_so_and_not_that_we_failed(error: IkoError, status: int, said: str) -> None:
    shown = problem(CALL, error, None)
    assert shown.status == status
    assert said in str(shown.body)
