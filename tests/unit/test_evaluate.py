"""`make evaluate`: what it counts, and that it says of a part why there are no figures."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.evaluate import __main__ as command
from tests.evaluate.contenders import measure as measure_set
from tests.evaluate.letters import Letter, judge
from tests.evaluate.messages import DAY, FREQUENCY, OURS, RECENCY, generated, measured, read
from tests.evaluate.parts import MISSING, NOT_BUILT, measure
from tests.evaluate.tally import Tally, wilson

VARYING = ("records_per_second", "peak_mb")


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (10, 10, 0.7225, 1.0),
        (0, 10, 0.0, 0.2775),
        (50, 100, 0.4038, 0.5962),
        (89, 130, 0.6004, 0.7582),
    ],
)
def test_the_interval_is_wilsons(right: int, n: int, low: float, high: float) -> None:
    assert wilson(right, n) == pytest.approx((low, high), abs=0.0001)


def letter(intent: str, body: str, *, whole: bool = True) -> Letter:
    return Letter("l1", "en", intent, "Request", body, whole)


@pytest.mark.parametrize(
    ("judged", "what", "right", "wrong"),
    [
        (letter("erasure", "Please delete my data."), "erasure: link", 1, 0),
        (letter("erasure", "Good morning to you."), "erasure: link", 0, 0),
        (letter("erasure", "Please delete my data.", whole=False), "erasure: of a part or another, no link", 0, 1),
        (letter("access", "Please delete my data."), "access", 0, 1),
        (letter("access", "Please send me a copy of all data about me."), "access", 1, 0),
        (letter("none", "Please delete my data."), "ordinary: no link", 0, 1),
    ],
)
def test_a_link_is_right_only_where_everything_is_to_go(judged: Letter, what: str, right: int, wrong: int) -> None:
    tally = Tally()
    judge(judged, tally)
    assert [(f.n, f.right, f.wrong) for f in tally.figures() if f.what == what and f.language == "en"] == [
        (1, right, wrong)
    ]
    assert bool(right) is all(row["what"] != what for row in tally.misread)


def test_outside_the_fourteen_it_is_enough_that_the_wish_is_read() -> None:
    tally = Tally()
    judge(replace(letter("erasure", "Please delete the phone number that you have of me."), language="fi"), tally)
    assert [(f.what, f.right) for f in tally.figures()][::2] == [("erasure: link (form only)", 1), ("language", 0)]


def test_each_half_of_our_own_letters_stands_apart(tmp_path: Path) -> None:
    row = {"id": "1", "lang": "en", "intent": "erasure", "subject": "", "body": "Delete my data.", "half": "tune"}
    rows = [row, row | {"id": "2", "half": "held_out", "body": "Good morning to you."}]
    (tmp_path / "en.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    told = measure(tmp_path / "nothing", tmp_path)
    shares = {name: part.figures()[0].share for name, part in told.items() if isinstance(part, Tally)}
    assert shares == {"privacy_letters tune": 1.0, "privacy_letters held_out": 0.0}


def test_what_has_no_figures_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "received_mail").mkdir()
    monkeypatch.chdir(tmp_path)
    assert command.main([str(tmp_path)]) == 0
    told = json.loads((tmp_path / ".local" / "evaluate.json").read_text())
    assert told["privacy_requests"] == {"status": MISSING}
    assert told["received_mail"] == {"status": NOT_BUILT}
    assert told["names"] == MISSING
    assert told["messages"] == {"status": MISSING}
    assert command.main([str(tmp_path / "no folder")]) == 2


def test_strength_tells_better_than_recency_or_frequency_who_will_write() -> None:
    for seed in (1, 2026):
        found = measured(generated(seed, people=60, days=240)).areas
        assert found[OURS] > max(found[FREQUENCY], found[RECENCY]) + 0.03


def test_a_message_to_many_counts_once_for_each_and_less(tmp_path: Path) -> None:
    """Ann and Bea write to each other; Carl writes to all, and all to him, at once."""
    lines = ["from,to,time"]
    for day in range(60):
        lines += [f"ann,bea,{day * DAY}", f"bea,ann,{day * DAY + 60}"]
        lines += [f"carl,{to},{day * DAY + 90}" for to in ("ann", "bea", "dan", "eve")]
    lines += ["ann,ann,5"]
    (tmp_path / "small.csv").write_text("\n".join(lines) + "\n")
    messages = read(tmp_path / "small.csv")
    assert len(messages) == 360, "nobody writes to himself"
    found = measured(messages)
    assert (found.pairs, found.right, found.areas[OURS]) == (15, 3, 1.0)


def test_lists_of_persons_are_linked_the_same_each_time(tmp_path: Path) -> None:
    (tmp_path / "records.csv").write_text(
        "id,source,first_name,last_name,email,phone,company,street,city,postcode,state\n"
        "1,a,Michaela,Neumann,,,,8 Stanley Street,Winston Hills,4223,nsw\n"
        "2,b,Mihaela,Neumann,,,,8 Stanly Street,Winston Hills,4223,nsw\n"
        "3,b,Peter,Kern,,,,1 Other Road,Dapto,4566,nsw\n"
    )
    (tmp_path / "links.csv").write_text("left,right\n1,2\n")
    once, *others = (
        {k: v for k, v in measure_set("ours", "persons", tmp_path).items() if k not in VARYING} for _ in range(5)
    )
    assert (once["f1"], once["automatic_precision"]) == (1.0, 1.0)
    assert all(each == once for each in others)
