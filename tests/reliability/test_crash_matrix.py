"""The crash matrix of what customers and shops do. It is two files so that two processes share it."""

import pytest

from tests.reliability.crash_matrix import Point, holds, points
from tests.reliability.scenarios import OUTSIDE, PEOPLE, demo


@pytest.mark.parametrize("point", points(OUTSIDE), ids=str)
def test_whatever_breaks_once_every_promise_holds(point: Point) -> None:
    holds(point)


def test_every_room_of_the_template_is_in_the_matrix() -> None:
    with demo() as stage:
        rooms = {each.module.split(".")[1] for each in stage.machine.world.cloud.functions.values()}
    assert {point.room for point in points((*OUTSIDE, *PEOPLE))} == rooms
