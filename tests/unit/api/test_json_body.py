"""JSON that is refused, and where the first mistake is said to be."""

import json
import time

import pytest

from chalicelib.api import json_body
from chalicelib.core.errors import BadRequest

JSON = "application/json"


@pytest.mark.parametrize(
    ("raw", "place", "expected"),
    [
        (b"", (1, 1), "a value was expected"),
        (b"{", (1, 2), "a name in double quotes"),
        (b'{"a": 1,\n "b" 2}', (2, 6), '":"'),
        (b'{"a": 1\n  "b": 2}', (2, 3), '","'),
        (b"{'a': 1}", (1, 2), "a name in double quotes"),
        (b'{"a": tru}', (1, 7), "a value was expected"),
        (b'{"a": "x}', (1, 7), "no closing quote"),
        (b'{"a": "x\ny"}', (1, 9), "control character"),
        (b'{"a": "\\x"}', (1, 8), "escape"),
        (b'{"a": "\\u12"}', (1, 9), "hexadecimal"),
        (b"[1]\n\n x", (3, 2), "the end was expected"),
        (b'{"a": 1, "b": 2,\n"a": 3}', (2, 1), "twice"),
        (b'{"a": {"x": 1, "\\u0078": 2}}', (1, 16), "twice"),
        (b'[{"a": 1}, {"a": 1, "a": 1}]', (1, 21), "twice"),
        (b'{"a": NaN}', (1, 7), "NaN"),
        (b'{"a": -Infinity}', (1, 7), "NaN and Infinity"),
        (b'{"a": 9007199254740992}', (1, 7), "beyond 9007199254740991"),
        (b'{"a": ' + b"9" * 5_000 + b"}", (1, 7), "beyond"),
        (b'{"a": 1e999}', (1, 7), "too large"),
        (b'{"a": "\\ud800"}', (1, 7), "surrogate"),
        (b"[" * 21 + b"]" * 21, (1, 21), "deeper than 20"),
        (b'{"a":' * 30 + b"1" + b"}" * 30, (1, 101), "deeper than 20"),
    ],
)
def test_the_place_of_the_first_mistake(raw: bytes, place: tuple[int, int], expected: str) -> None:
    with pytest.raises(BadRequest) as refused:
        json_body.parse(raw, JSON)
    assert refused.value.code == "invalid_json"
    assert f"line {place[0]}, column {place[1]}, " in refused.value.detail
    assert expected in refused.value.detail


@pytest.mark.parametrize(
    "value",
    [
        {"a": {"a": {"a": 1}}, "b": [{"a": 1}, {"a": 2}]},
        {"[": "]", "{": '"', "a": ":", ",": "\\", "NaN": "Infinity"},
        [9007199254740991, -9007199254740991, 1.5, 1e300, True, None, "𝒜 é \ud83d\ude00"],
        "x",
        0,
    ],
)
def test_what_is_right_is_read_as_it_is(value: object) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=3)):
        assert json_body.parse(text.encode(), f"{JSON}; charset=utf-8") == json.loads(text)
    assert json_body.parse(b"\xef\xbb\xbf" + json.dumps(value).encode(), JSON) == json.loads(json.dumps(value))


def test_bytes_that_are_no_utf8_are_named() -> None:
    with pytest.raises(BadRequest, match="invalid_json") as refused:
        json_body.parse(b'{"a": "\xff"}', JSON)
    assert "position 7" in refused.value.detail


@pytest.mark.parametrize("piece", [b'{"a":', b"[", b'"\\u0041",', b"1,", b'"a' * 2, b"\\", b"-", b'[{"":0},', b"1e"])
def test_the_check_is_linear(piece: bytes) -> None:
    raw = piece * (json_body.MAX_JSON // len(piece))
    began = time.process_time()
    with pytest.raises(BadRequest):
        json_body.parse(raw, JSON)
    assert time.process_time() - began < 3
