"""What is promised of people: in numbers, for round times, and never beyond the target."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesher import calendars
from kesher.domain import service
from kesher.domain.duty import duty
from kesher.domain.shop import OpeningHours, Service, Shabbat, Shop
from tests.builders import KESHET, NOW

DAY = ["09:00-18:00"]
HOURS = OpeningHours(
    hours={
        **{"sunday": DAY, "monday": DAY, "tuesday": DAY, "wednesday": DAY, "thursday": DAY},
        "friday": ["09:00-13:00"],
    },
    shabbat=Shabbat(city="Tel Aviv"),
)
SHOP = replace(KESHET, calendar=HOURS, service=Service(answer_minutes=10, target_hours=12))


def promise(
    shop: Shop, now: datetime, ahead: int = 0, team: str | None = None, language: str = "he"
) -> datetime:
    there = duty(shop, calendars.calendar(shop), team, language)
    return service.promise(shop.service, there, ahead, now)


def test_who_waits_alone_is_answered_soon_and_at_a_round_time() -> None:
    assert promise(SHOP, NOW + timedelta(minutes=3)) == NOW + timedelta(minutes=15)


def test_each_who_waits_before_adds_to_it() -> None:
    waits = [promise(SHOP, NOW, ahead) - NOW for ahead in range(4)]

    assert waits == [timedelta(minutes=10 * n) for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 27, 11, 0, tzinfo=UTC),  # Friday, an hour after closing
        datetime(2026, 11, 28, 9, 0, tzinfo=UTC),  # Shabbat
        datetime(2026, 11, 28, 22, 0, tzinfo=UTC),  # midnight after it
    ],
)
def test_on_shabbat_sunday_morning_is_promised(now: datetime) -> None:
    assert promise(SHOP, now) == datetime(2026, 11, 29, 7, 10, tzinfo=UTC)


def test_the_target_is_the_longest_that_is_promised() -> None:
    """Twelve hours of opening: the rest of today, and then tomorrow."""
    assert promise(SHOP, NOW, ahead=500) == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(0, 200),
)
def test_a_promise_is_never_for_a_moment_when_nobody_is_there(now: datetime, ahead: int) -> None:
    calendar = calendars.calendar(SHOP)
    by = promise(SHOP, now, ahead)

    assert by > now
    assert calendar.elapsed(now, by) >= timedelta(minutes=5)
    assert calendar.is_open(by - service.STEP)
