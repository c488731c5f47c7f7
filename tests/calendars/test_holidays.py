"""Public holidays, the shop's own closures, and shops that know neither."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kesher import calendars
from kesher.domain.calendar import Calendar
from kesher.domain.shop import Closed, Holidays, OpeningHours, Weekday
from local import shopfile
from local.machine import DEMO_SHOP
from tests.builders import KESHET

HOUR = timedelta(hours=1)
WEEK: list[Weekday] = ["saturday", "sunday", "monday", "tuesday", "wednesday"]


def local(text: str, zone: str = "Asia/Jerusalem") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def shop(hours: OpeningHours, zone: str = "Asia/Jerusalem") -> Calendar:
    return calendars.calendar(replace(KESHET, timezone=zone, calendar=hours))


TEHRAN = shop(
    OpeningHours(
        hours={**{day: ["09:00-17:00"] for day in WEEK}, "thursday": ["09:00-13:00"]},
        holidays=[Holidays("IR")],
    ),
    "Asia/Tehran",
)


@pytest.mark.parametrize("day", ["2026-03-21", "2026-03-22", "2026-03-23", "2026-03-24"])
def test_nowruz_is_closed(day: str) -> None:
    assert not TEHRAN.is_open(local(f"{day}T10:00", "Asia/Tehran"))


def test_a_persian_week_ends_on_friday() -> None:
    thursday = local("2026-11-19T10:00", "Asia/Tehran")
    assert local("2026-11-19T13:00", "Asia/Tehran") == TEHRAN.closing(thursday)
    after = TEHRAN.next_opening(local("2026-11-20T10:00", "Asia/Tehran"))
    assert local("2026-11-21T09:00", "Asia/Tehran") == after


def test_a_question_before_nowruz_is_answered_after_it() -> None:
    """Friday the 20th, and the 21st to the 24th; Iran turns no clock on the way."""
    asked = local("2026-03-19T12:00", "Asia/Tehran")
    assert local("2026-03-25T12:00", "Asia/Tehran") == TEHRAN.add(asked, 4 * HOUR)


def test_a_holiday_is_closed_from_midnight_to_midnight_of_the_shop() -> None:
    new_york = shop(OpeningHours(holidays=[Holidays("US")]), "America/New_York")
    thanksgiving = local("2026-11-26T00:00", "America/New_York")
    assert thanksgiving == new_york.closing(thanksgiving - HOUR)
    assert thanksgiving + 24 * HOUR == new_york.next_opening(thanksgiving)


def test_a_holiday_may_be_kept_open() -> None:
    independence = local("2026-04-22T12:00")
    assert not shop(OpeningHours(holidays=[Holidays("IL")])).is_open(independence)
    without = Holidays("IL", without=["יום העצמאות"])
    assert shop(OpeningHours(holidays=[without])).is_open(independence)


def test_a_day_with_two_names_is_closed_while_one_of_them_is_kept() -> None:
    both = local("2026-03-21T12:00", "Asia/Tehran")
    one = Holidays("IR", without=["جشن نوروز"])
    neither = Holidays("IR", without=["جشن نوروز", "عید سعید فطر"])
    assert not shop(OpeningHours(holidays=[one]), "Asia/Tehran").is_open(both)
    assert shop(OpeningHours(holidays=[neither]), "Asia/Tehran").is_open(both)


def test_days_that_are_no_public_holidays_may_be_named_and_be_half() -> None:
    half = Holidays("IL", only=["חול המועד סוכות"], close_at="13:00")
    hours = shop(OpeningHours(holidays=[half], eves_close_at="12:00"))
    assert local("2026-09-28T13:00") == hours.closing(local("2026-09-28T10:00"))
    assert hours.is_open(local("2026-04-22T12:00")), "no other holiday"
    assert hours.is_open(local("2026-09-26T12:30")), "a half day has no eve"


def test_the_eve_of_a_holiday_may_be_short() -> None:
    shorter = shop(OpeningHours(holidays=[Holidays("IL")], eves_close_at="13:00"))
    assert local("2026-04-21T13:00") == shorter.closing(local("2026-04-21T10:00"))


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    day = local("2026-04-20T12:00", "America/New_York")
    assert shop(OpeningHours(holidays=[Holidays("US")]), "America/New_York").is_open(day)
    maine = OpeningHours(holidays=[Holidays("US", region="ME")])
    assert not shop(maine, "America/New_York").is_open(day), "Patriots' Day"


def test_names_are_the_countrys_own_whatever_the_environment_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """AWS sets LANG to English, and the library would follow it."""
    monkeypatch.setenv("LANGUAGE", "en_US")
    calendars._tables.cache_clear()
    assert calendars.named("IL", None, date(2026, 4, 22)) == {"יום העצמאות"}
    calendars._tables.cache_clear()


def test_a_shop_closes_on_days_of_its_own() -> None:
    closed = [
        Closed(date(2026, 12, 30), date(2027, 1, 2), label="stocktaking"),
        Closed(date(2026, 11, 24), hours="13:00-15:00"),
        Closed(date(2026, 11, 26), hours="22:00-06:00"),
    ]
    own = shop(OpeningHours(closed=closed))
    assert local("2027-01-03T00:00") == own.next_opening(local("2026-12-30T00:00"))
    assert local("2026-11-24T15:00") == own.next_opening(local("2026-11-24T13:00"))
    assert local("2026-11-27T06:00") == own.next_opening(local("2026-11-26T22:00"))
    assert own.is_open(local("2026-11-26T05:00"))


def test_the_demo_shop_is_open_when_its_answer_says() -> None:
    demo = calendars.calendar(shopfile.read(DEMO_SHOP))
    sunday_to_friday = [
        [(each.start, each.end) for each in demo.day(date(2026, 11, 22 + n))] for n in range(7)
    ]
    whole = [[(local(f"2026-11-{d}T09:00"), local(f"2026-11-{d}T18:00"))] for d in range(22, 27)]
    friday = [[(local("2026-11-27T09:00"), local("2026-11-27T13:00"))]]
    assert sunday_to_friday == [*whole, *friday, []]


def test_a_shop_that_says_nothing_is_open_day_and_night() -> None:
    assert calendars.calendar(KESHET).closing(local("2026-11-20T12:00")) is None


def test_a_shop_has_one_calendar() -> None:
    assert calendars.calendar(KESHET) is calendars.calendar(KESHET)


def test_who_closes_for_neither_sun_nor_government_imports_no_library() -> None:
    """In a process of its own, as a cold start is."""
    code = """
import sys
from datetime import UTC, datetime
from kesher import calendars
from kesher.domain.shop import Channel, OpeningHours, Shop
hours = OpeningHours(hours={"monday": ["09:00-18:00"]}, eves_close_at="13:00")
shop = Shop("s", "S", ["en"], "IL", "Asia/Jerusalem", [Channel("x", "y")], calendar=hours)
calendars.calendar(shop).next_opening(datetime(2026, 11, 22, tzinfo=UTC))
print(sorted({"hdate", "holidays", "babel", "persiantools"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
