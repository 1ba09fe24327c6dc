"""The local gateway refuses, limits and passes on as API Gateway does."""

import base64
import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import waitress

from chalicelib.core import clock
from infra.local.gateway import Gateway
from tests.support import stub_app

MB = 1024 * 1024


@dataclass
class Served:
    url: str
    app: Any

    def __call__(self, method: str, path: str, **more: Any) -> requests.Response:
        return requests.request(method, self.url + path, timeout=30, **more)

    def raw(self, sent: bytes) -> bytes:
        host, port = self.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            answer = b""
            with contextlib.suppress(OSError):  # the server may hang up on what it refuses before all is sent or read
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                while part := connection.recv(65536):
                    answer += part
            return answer


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    app = stub_app.app()
    gateway = Gateway(app, timeout_s=2)
    server = waitress.create_server(gateway, host="127.0.0.1", port=0, threads=4, max_request_body_size=256 * MB)
    threading.Thread(target=server.run, daemon=True).start()
    yield Served(f"http://127.0.0.1:{server.effective_port}", app)
    app.release.set()
    server.close()
    gateway.close()


def problem(answer: requests.Response, status: int, code: str) -> None:
    """The gateway's own answers: problem+json, readable by a browser, with the request's id."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Request-Id"]
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"https://iko.example/problems/{code}"


def signed(token: str) -> dict[str, dict[str, str]]:
    return {"headers": {"Authorization": token}}


@pytest.mark.parametrize(
    "path", ["/nowhere", "/things/", "/things//", "/things/a/b", "//things/a", "/%00", "/things/a%2Fb/c"]
)
def test_an_unknown_path_is_404(served: Served, path: str) -> None:
    problem(served("GET", path), 404, "not_found")
    problem(served("GET", path, **signed("Bearer ok")), 404, "not_found")


def test_a_method_that_is_not_offered_is_405_and_says_which_are(served: Served) -> None:
    answer = served("DELETE", "/things/a")
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, PUT, OPTIONS"
    assert served("HEAD", "/things/a").status_code == 405


def test_a_path_variable_arrives_as_it_was_sent(served: Served) -> None:
    assert served("GET", "/things/a%2Fb%20c?q=x%20y").json() == {"id": "a%2Fb%20c", "q": {"q": "x y"}}
    assert served("GET", "/things/a;b=c").json()["id"] == "a;b=c"
    assert served("GET", "/things/special").json() == {"id": "the special one"}


def test_without_a_good_token_nobody_comes_in(served: Served) -> None:
    for more in ({}, signed("Bearer no"), signed("Basic b2s6b2s="), signed("x" * 5000)):
        answer = served("GET", "/me", **more)
        problem(answer, 401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    problem(served("GET", "/me", **signed("Bearer deny")), 403, "forbidden")


def test_an_authorizer_that_fails_says_nothing_of_why(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    answer = served("GET", "/me", **signed("Bearer crash"))
    problem(answer, 500, "internal_error")
    assert "canary-8211" not in answer.text + str(answer.headers)
    written = capfd.readouterr()
    assert "canary-8211" not in written.out + written.err


def test_header_names_have_no_case(served: Served) -> None:
    for name in ("authorization", "AUTHORIZATION", "AuThOrIzAtIoN"):
        assert served("GET", "/me", headers={name: "Bearer ok"}).status_code == 200


def test_what_the_authorizer_allowed_is_kept_for_its_time_and_what_it_refused_is_not(served: Served) -> None:
    def asked(token: str) -> int:
        before = len(served.app.asked)
        for _ in range(3):
            served("GET", "/me", **signed(token))
        return len(served.app.asked) - before

    assert asked("Bearer ok-kept") == 1
    assert asked("Bearer refused") == 3
    clock.advance(61)
    assert asked("Bearer ok-kept") == 1


def test_the_function_knows_who_asks_and_from_where(served: Served) -> None:
    answer = served("GET", "/me", **signed("Bearer ok")).json()
    assert answer["who"] == {"subject": "ada", "principalId": "ada"}
    assert answer["ip"] == "127.0.0.1"
    assert len(answer["id"]) == 36


def test_a_binary_body_arrives_byte_for_byte_whatever_its_parameters(served: Served) -> None:
    sent = "\ufeffName;Zoë".encode("utf-16")
    for kind in ("text/csv", "text/csv; charset=utf-16", "application/octet-stream"):
        answer = served("POST", "/files", data=sent, headers={"Content-Type": kind})
        assert base64.b64decode(answer.json()["body"]) == sent


@pytest.mark.parametrize(
    ("kind", "path", "size", "status"),
    [
        ("text/csv", "/files", 4 * MB, 200),
        ("text/csv", "/files", 5 * MB, 413),  # 6.7 MB in base64
        ("text/plain", "/texts", 5 * MB, 200),
        ("text/plain", "/texts", 6 * MB, 413),
        ("text/plain", "/texts", 11 * MB, 413),
        ("text/csv", "/files", 30 * MB, 413),
    ],
)
def test_bodies_have_a_limit(served: Served, kind: str, path: str, size: int, status: int) -> None:
    answer = served("POST", path, data=b"x" * size, headers={"Content-Type": kind})
    assert answer.status_code == status
    if status == 413:
        problem(answer, 413, "too_large")


def test_an_answer_that_is_too_large_is_502(served: Served) -> None:
    problem(served("GET", "/large"), 502, "internal_error")


def test_a_function_that_takes_too_long_is_504(served: Served) -> None:
    problem(served("GET", "/slow"), 504, "timeout")


def test_a_browser_may_ask_first(served: Served) -> None:
    answer = served("OPTIONS", "/things/a")
    assert answer.status_code == 200
    assert set(answer.headers["Access-Control-Allow-Methods"].split(",")) == {"GET", "PUT", "OPTIONS"}
    problem(served("OPTIONS", "/nowhere"), 404, "not_found")


@pytest.mark.parametrize(
    "sent",
    [
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://[::1/things HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /things/\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST /files HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /files HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"GET /me HTTP/1.1\r\nHost: x\r\nAuthorization: \xc3\xa9\x00\r\nConnection: close\r\n\r\n",
        b"GET /" + b"x" * 300_000 + b" HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
    ],
)
def test_a_malformed_request_ends_nothing_but_itself(served: Served, sent: bytes) -> None:
    try:
        answer = served.raw(sent + b"\r\n\r\n")
    except ConnectionError:
        answer = b""
    assert not answer or answer.startswith(b"HTTP/1."), answer[:80]
    assert b"Traceback" not in answer
    assert served("GET", "/things/special").status_code == 200


def test_the_absolute_form_of_a_proxy_is_understood(served: Served) -> None:
    answer = served.raw(b"GET http://api.example/things/a%20b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["id"] == "a%20b"
