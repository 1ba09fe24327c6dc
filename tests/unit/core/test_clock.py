"""Times have one precision, wherever they are told."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from chalicelib.core import clock
from chalicelib.core.models import Model, Time

WHOLE = datetime(2026, 1, 31, 9, tzinfo=UTC)


class Told(Model):
    at: Time


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (WHOLE, "2026-01-31T09:00:00.000Z"),
        (WHOLE + timedelta(microseconds=123_456), "2026-01-31T09:00:00.123Z"),
        (WHOLE.astimezone(timezone(timedelta(hours=2))), "2026-01-31T09:00:00.000Z"),
    ],
)
def test_times_have_milliseconds(moment: datetime, text: str) -> None:
    assert clock.rfc3339(moment) == text


def test_answers_have_times_of_one_precision() -> None:
    for micros in (0, 1, 500_000, 999_999):
        told = Told(at=WHOLE + timedelta(microseconds=micros)).model_dump_json()
        assert told == f'{{"at":"2026-01-31T09:00:00.{micros // 1000:03}Z"}}'
