"""The response rate, case by case."""

from dataclasses import replace

import pytest

from kesher.desk.rated import InvitedShown, invited
from kesher.domain.figures import Counted

ARRIVED = Counted("demo", "2026-11-23", "csat", "dana", None, "delivered", None, 0)


@pytest.mark.parametrize(
    ("asked", "delivered", "answered", "rate"),
    [(10, 8, 2, 0.25), (3, 3, 3, 1.0), (4, 4, 0, 0.0), (2, 0, 0, None), (2, 1, 2, None)],
)
def test_it_is_answered_of_delivered_and_nothing_where_receipts_are_missing(
    asked: int, delivered: int, answered: int, rate: float | None
) -> None:
    counts = [
        replace(ARRIVED, measure="asked", n=asked),
        replace(ARRIVED, n=delivered),
        replace(ARRIVED, measure="answered", n=answered),
    ]

    assert invited(counts) == InvitedShown(asked, delivered, answered, rate)
