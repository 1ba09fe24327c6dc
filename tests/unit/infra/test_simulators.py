"""What all simulators share: faults on demand, the log, control routes, the end of a connection."""

from collections.abc import Iterator
from threading import Thread

import pytest
import requests
from flask import Response

from infra.simulators.replies import reply
from infra.simulators.simulator import Simulator, sent


class Counter(Simulator):
    """A provider that counts."""

    kinds = {**Simulator.kinds, "tired": {"times": 1, "status": 429}}

    def __init__(self) -> None:
        super().__init__(largest=1000)
        self.count = 0
        self.app.add_url_rule("/count", "count", self._count, methods=["POST"])
        self.app.add_url_rule("/broken", "broken", lambda: reply(200, {"count": 1 // 0}))
        self.add_control("POST /_count", lambda: self._set(**sent()))
        self.at_once = {"forgotten": lambda _: self._set(0)}

    def error(self, status: int) -> Response:
        return reply(status, {"said": status})

    def _count(self) -> Response:
        self.count += 1
        return reply(200, {"count": self.count})

    def _set(self, to: int) -> None:
        self.count = to


@pytest.fixture
def counter() -> Iterator[Counter]:
    made = Counter()
    yield made
    made.stop()


def count(counter: Counter) -> tuple[int, int]:
    """The status, and how far it is."""
    return requests.post(f"{counter.url}/count", data={"token": "secret"}, timeout=10).status_code, counter.count


def test_a_fault_is_met_as_often_as_it_says_and_on_what_it_names(counter: Counter) -> None:
    counter.fault("status", status=503, times=2, on="/count")
    counter.fault("status", status=500, on="/elsewhere")
    counter.fault("tired")
    assert [count(counter), count(counter), count(counter), count(counter)] == [(503, 0), (503, 0), (429, 0), (200, 1)]
    assert counter.pending() == 1, "nobody went elsewhere"
    counter.heal()
    counter.fault("status", on="count", times=1)  # an operation's name
    assert [count(counter), count(counter)] == [(503, 1), (200, 2)]


def test_an_answer_may_be_lost_when_all_is_done(counter: Counter) -> None:
    counter.fault("status", status=502, after=True, times=1)
    assert [count(counter), count(counter)] == [(502, 1), (200, 2)]
    assert [entry["status"] for entry in counter.log] == [502, 200]


def test_who_waits_for_a_slow_answer_gets_it_when_all_is_well_again(counter: Counter) -> None:
    counter.fault("slow", seconds=600)
    waiting = Thread(target=count, args=(counter,))
    waiting.start()
    assert counter.holds()
    assert requests.delete(f"{counter.url}/_faults", timeout=10).status_code == 200
    waiting.join(10)
    assert (waiting.is_alive(), counter.count) == (False, 1)


def test_what_is_down_or_breaks_closes_the_connection(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    counter.fault("down", times=1)
    for path in ("/count", "/broken?name=Marta"):
        with pytest.raises(requests.ConnectionError):
            requests.get(counter.url + path, timeout=10)
    assert counter.log[0]["status"] == 0
    assert "local_server_failed" in caplog.text
    assert "Marta" not in caplog.text


def test_the_log_keeps_no_secret_and_control_is_not_in_it(counter: Counter) -> None:
    assert requests.post(f"{counter.url}/_count", json={"to": 41}, timeout=10).json() == {}
    assert count(counter) == (200, 42)
    counter.fault("forgotten")
    assert counter.count == 0
    assert requests.get(f"{counter.url}/nothing?a=1", timeout=10).json() == {"said": 404}
    seen = requests.get(f"{counter.url}/_log", timeout=10).json()
    assert [(entry["path"], entry["query"], entry["form"]) for entry in seen] == [
        ("/count", {}, {"token": "…"}),
        ("/nothing", {"a": "1"}, {}),
    ]


@pytest.mark.parametrize(
    ("path", "body"), [("_count", b"{"), ("_count", b'{"from": 1}'), ("_faults", b'{"kind": "x"}'), ("_faults", b"[]")]
)
def test_control_says_what_it_cannot_read(counter: Counter, path: str, body: bytes) -> None:
    assert requests.post(f"{counter.url}/{path}", data=body, timeout=10).status_code == 400
