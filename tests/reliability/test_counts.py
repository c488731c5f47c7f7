"""The line at the end of a run says what was tried, and a whole run may not try less than before."""

from collections import Counter

import pytest

from tests.reliability import summary


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "FLOORS", {"crash points": 2, "bad inputs": 0})
    monkeypatch.setattr(summary, "_counts", Counter())
    monkeypatch.setattr(summary, "_notes", {})
    monkeypatch.setattr(summary, "_harms", Counter())


def test_a_run_that_counted_nothing_says_nothing() -> None:
    assert summary.line() == ""


def test_the_line_names_what_was_tried_in_the_order_of_the_floors_and_what_broke() -> None:
    summary.counted("interleavings", 1204)
    summary.counted("crash points", 412, note="7 rooms")
    summary.harmed("doubled")
    assert summary.line() == (
        "reliability: crash points 412 (7 rooms) | interleavings 1,204"
        " | 0 lost, 1 doubled, 0 broken promises"
    )


def test_a_count_below_its_floor_is_named() -> None:
    summary.counted("crash points")
    assert summary.below_floor() == ["crash points: 1, the floor is 2"]
    summary.counted("crash points")
    assert summary.below_floor() == []
