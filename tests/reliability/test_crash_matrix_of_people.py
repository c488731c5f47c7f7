"""The crash matrix of what the shop's people do. It is two files so that two processes share it."""

import pytest

from tests.reliability.crash_matrix import Point, holds, points
from tests.reliability.scenarios import PEOPLE


@pytest.mark.parametrize("point", points(PEOPLE), ids=str)
def test_whatever_breaks_once_every_promise_holds(point: Point) -> None:
    holds(point)
