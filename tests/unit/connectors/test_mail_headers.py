"""What Gmail's messages are to us, where they are not as they should be."""

from typing import Any

import pytest

from chalicelib.connectors.google import mail_headers


def message(date: str = "", **more: Any) -> dict[str, Any]:
    headers = [{"name": "From", "value": "Ana <ana@x.example>"}, {"name": "Date", "value": date}]
    return {"id": "m1", "payload": {"headers": headers}, **more}


@pytest.mark.parametrize(
    "told",
    [
        {"internalDate": "99999999999999999"},
        {"internalDate": "9" * 400},
        {"internalDate": "\u00b2"},
        {"date": "Fri, 31 Dec 9999 23:59:59 -1200"},
        {"date": "yesterday"},
    ],
)
def test_a_message_of_no_possible_time_is_left_out_and_stops_nobody(told: dict[str, str]) -> None:
    right = message(internalDate="1790000000000")
    assert [header.at.year for header in mail_headers.read([message(**told), right])] == [2026]
