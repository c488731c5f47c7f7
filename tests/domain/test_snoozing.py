"""Until when a conversation is offered to be out of the way: when the shop's people come."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kesher import calendars
from kesher.domain.scene import House
from kesher.domain.shop import OpeningHours, Shabbat
from kesher.domain.snoozing import offers
from tests.builders import voice

WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday")
HOURS: Any = {day: ["09:00-18:00"] for day in WEEKDAYS} | {"friday": ["08:30-13:00"]}
KEEPING = OpeningHours(hours=HOURS, shabbat=Shabbat(city="Tel Aviv"))


def told(calendar: OpeningHours, day: int, hour: int, expected: date | None = None) -> list[str]:
    """Of November 2026, in the shop's time, two hours ahead of UTC."""
    spoken = voice(calendar=calendar, timezone="Asia/Jerusalem")
    house = House(spoken, calendars.calendar(spoken.shop))
    now = datetime(2026, 11, day, hour - 2, 7, 30, tzinfo=UTC)
    return [
        f"{each.kind} {each.until + timedelta(hours=2):%a %-d %H:%M}"
        for each in offers(house, now, expected)
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (23, ["hour Mon 23 13:07", "tomorrow Tue 24 09:00", "shabbat Sun 29 09:00"]),
        (26, ["hour Thu 26 13:07", "tomorrow Fri 27 08:30", "shabbat Sun 29 09:00"]),
        (27, ["hour Fri 27 13:07", "shabbat Sun 29 09:00"]),
        (28, ["hour Sat 28 13:07", "tomorrow Sun 29 09:00"]),
    ],
)
def test_an_hour_tomorrow_and_after_shabbat_are_when_people_come(
    day: int, expected: list[str]
) -> None:
    assert told(KEEPING, day, 12)[: len(expected)] == expected


def test_a_week_on_is_the_next_day_on_which_people_come() -> None:
    assert told(KEEPING, 23, 12)[-1] == "week Mon 30 09:00"
    assert told(KEEPING, 21, 12)[-1] == "shabbat Sun 29 09:00", "which is a week on as well"


def test_days_off_of_a_shop_that_keeps_no_shabbat_are_days_off() -> None:
    assert "closed Sun 29 09:00" in told(OpeningHours(hours=HOURS), 23, 12)


def test_a_parcel_is_asked_after_on_the_morning_after_it_should_have_come() -> None:
    assert "parcel Wed 25 09:00" in told(KEEPING, 23, 12, date(2026, 11, 24))
    assert "shabbat Sun 29 09:00" in told(KEEPING, 23, 12, date(2026, 11, 27))
    late = told(KEEPING, 23, 12, date(2026, 11, 3))
    assert not any(each.startswith("parcel") for each in late), "it is tomorrow's already"


def test_in_a_shop_that_never_closes_the_morning_is_at_nine() -> None:
    assert told(OpeningHours(), 23, 12) == [
        "hour Mon 23 13:07",
        "tomorrow Tue 24 09:00",
        "week Mon 30 09:00",
    ]


def test_what_is_open_past_midnight_is_no_opening_of_the_day_after() -> None:
    night: Any = {"monday": ["20:00-02:00"], "wednesday": ["20:00-02:00"]}
    assert told(OpeningHours(hours=night), 23, 12) == [
        "hour Mon 23 13:07",
        "closed Wed 25 20:00",
        "week Mon 30 20:00",
    ]


def test_a_shop_that_never_opens_has_an_hour() -> None:
    assert told(OpeningHours(hours={}), 23, 12) == ["hour Mon 23 13:07"]
