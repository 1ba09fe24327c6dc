"""The calendar of a request, and the one door to an erasure."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.privacy.deadlines import months_after
from chalicelib.domain.privacy.intake import id_of_mail
from chalicelib.domain.privacy.verification import VerifiedRequest
from infra.local.cloud import Cloud


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ((2026, 1, 15), (2026, 2, 15)),
        ((2026, 1, 31), (2026, 2, 28)),
        ((2028, 1, 31), (2028, 2, 29)),
        ((2026, 12, 31), (2027, 1, 31)),
    ],
)
def test_due_is_one_calendar_month_after_receipt(received: tuple[int, int, int], due: tuple[int, int, int]) -> None:
    assert months_after(datetime(*received, 9, 30, tzinfo=UTC)) == datetime(*due, 9, 30, tzinfo=UTC)


def test_nobody_else_makes_a_verified_request() -> None:
    with pytest.raises(TypeError):
        VerifiedRequest("req_x", ("anna@people.example",), object())


def test_one_mail_opens_one_request_and_another_mail_another(cloud: Cloud) -> None:
    assert id_of_mail("a") == id_of_mail("a") != id_of_mail("b")
