"""What a job counts."""

from chalicelib.domain.work.model import REJECTIONS_KEPT, JobState, Tally


def test_tallies_add_up_without_changing() -> None:
    one, two = Tally(created=2, merged=1), Tally(created=1, unchanged=4)
    one.reject(3, "too_long")
    two.reject(9, "too_long")
    two.reject(8, "no_identity")
    total = one.plus(two)
    assert (total.created, total.unchanged, total.merged, total.rejected_total) == (3, 4, 1, 3)
    assert total.rejected == {"too_long": [3, 9], "no_identity": [8]}
    assert total.rows == 11
    assert one.rejected == {"too_long": [3]}


def test_rejections_without_room_still_count() -> None:
    full, more = Tally(), Tally()
    for row in range(REJECTIONS_KEPT):
        full.reject(row, "no_identity")
    for row in range(5):
        more.reject(row, "too_long")
    total = full.plus(more).plus(more)
    assert total.rejected_total == REJECTIONS_KEPT + 10
    assert sum(map(len, total.rejected.values())) == REJECTIONS_KEPT
    assert total.plus(total).rejected_total == 2 * total.rejected_total


def test_final_states() -> None:
    assert {state for state in JobState if not state.final} == {JobState.QUEUED, JobState.RUNNING}
