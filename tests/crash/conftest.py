"""The crash harness: run a job once to count its calls, then kill it before and after call 1, 2, 3 …, and run it again."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from chalicelib.core import clock
from infra.local.cloud import Cloud
from infra.simulators.simulator import Simulator
from tests.support.cloud_reset import forget_all
from tests.support.network_guard import EXIT, GUARD

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
CRASHED = 137
ALL = os.environ.get("IKO_CRASH_ALL") == "1"
KILLS = 2  # of each job, for time


@dataclass
class Crasher:
    """Runs `module:function` with JSON arguments in a process of its own."""

    process: "subprocess.Popen[str]"

    def run(
        self,
        job: str,
        arguments: list[Any],
        kill: int = 0,
        when: str = "before",
        constants: Mapping[str, float] | None = None,
    ) -> dict[str, Any]:
        """Exit code and number of calls; `kill` 0 lets it live. `constants`: `module:NAME` -> value there."""
        order = {
            "job": job,
            "arguments": arguments,
            "kill": kill,
            "when": when,
            "constants": dict(constants or {}),
            "offset": clock._offset.total_seconds(),
            "ports": sorted(GUARD.ports),
        }
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        assert answer["code"] != EXIT, "the job dialled what nothing of the tests opened"
        return answer

    def kill(
        self, job: str, arguments: list[Any], call: int, when: str, constants: Mapping[str, float] | None = None
    ) -> bool:
        """Return whether the job was killed there; else it came to its end with fewer calls, as one whose calls hang on the
        clock may, and is to be looked at all the same."""
        answer = self.run(job, arguments, call, when, constants)
        assert answer["code"] == CRASHED or (answer["code"] == 0 and answer["calls"] < call), (call, when, answer)
        return bool(answer["code"] == CRASHED)


@pytest.fixture(scope="session")
def crasher(cloud: Cloud) -> Iterator[Crasher]:
    """The warm child, in the environment of the running cloud."""
    environment = {**os.environ, "IKO_CLOCK_OFFSET_SECONDS": "0"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.server"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield Crasher(process)
    process.kill()
    process.wait()


def points(calls: int, shift: int, kills: int = KILLS) -> list[tuple[int, str]]:
    """The points to kill at: `kills` of them, at least one, evenly spread over the calls, before and after in turn.

    `shift` moves them by that many calls, for jobs alike to be killed at others. With IKO_CRASH_ALL=1: before and after each.
    """
    kills = 2 * calls if ALL else min(kills, 2 * calls)
    moved = shift % max(1, calls // kills)
    return [(1 + moved + n * calls // kills, ("before", "after")[(n + shift) % 2]) for n in range(kills)]


@dataclass
class Killing:
    """Kills a job at each of some points, always on what `begin` makes ready anew; whatever happens by itself then happens, and
    `check` looks at the end."""

    crasher: Crasher
    settle: Callable[[], None]
    say: Callable[[str, int, int], None]
    forget: Callable[[], None]

    def __call__(
        self,
        name: str,
        alive: dict[str, Any],
        where: list[tuple[int, str]],
        begin: Callable[[], T],
        job: Callable[[T], tuple[str, list[Any]]],
        check: Callable[[T], None],
        constants: Mapping[str, float] | None = None,
        *,
        alone: bool = True,
    ) -> None:
        """`alive`: what the run that lived answered; `job`: what is to be run, for what is ready. `alone`: `begin` needs nothing
        that stood before, so all of it goes first, for time: what each kill left would come due with what the next one left."""
        kills = 0
        for call, when in where:
            if alone:
                self.forget()
            ready = begin()
            kills += self.crasher.kill(*job(ready), call, when, constants)
            self.settle()
            check(ready)
        self.say(name, alive["calls"], kills)
        assert kills


@pytest.fixture
def killing(
    cloud: Cloud, crasher: Crasher, settle: Callable[[], None], say: Callable[[str, int, int], None]
) -> Killing:
    """The loop of most crash tests."""
    return Killing(crasher, settle, say, lambda: forget_all(cloud))


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Callable[[str, int, int], None]:
    """Told at the end of the run, also by pytest's worker processes: see pytest_terminal_summary in tests/conftest.py."""

    def tell(job: str, calls: int, kills: int) -> None:
        record_property("crash", (job, calls, kills))

    return tell


@pytest.fixture
def settle(cloud: Cloud) -> Callable[[], None]:
    """What happens by itself after a crash: leases end, due rows come up, messages are delivered again."""

    def run() -> None:
        for _ in range(3):
            cloud.advance(400)
            cloud.drain()

    return run


def given(simulator: Simulator, since: int) -> bool:
    """Whether a provider gave a token to a request that came after so many."""
    return any(each["status"] == 200 and each["path"].endswith("/token") for each in simulator.log[since:])
