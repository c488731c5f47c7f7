"""Shabbat and festivals. Dates have a second opinion, pyluach's; the times of 2026-11-20 and
2026-09-11 in Tel Aviv are those that the rules of the project are written with."""

import importlib.util
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pyluach.dates import GregorianDate

from kesher import calendars
from kesher.cities import CITIES
from kesher.domain.calendar import Calendar
from kesher.domain.shop import Closed, OpeningHours, Shabbat
from tests.builders import KESHET

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
ISRAEL = ZoneInfo("Asia/Jerusalem")


def local(text: str, zone: ZoneInfo = ISRAEL) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def kept(zone: str = "Asia/Jerusalem", eves: str | None = None, **shabbat: Any) -> Calendar:
    """A shop open day and night but on Shabbat and festivals."""
    hours = OpeningHours(shabbat=replace(Shabbat(), **shabbat), eves_close_at=eves)
    return calendars.calendar(replace(KESHET, timezone=zone, calendar=hours))


TEL_AVIV = kept(city="Tel Aviv")


def test_twelve_hours_from_friday_afternoon_are_over_in_the_night_to_sunday() -> None:
    """1 h 22 before candle lighting, 10 h 38 after nightfall."""
    assert local("2026-11-22T03:56") == TEL_AVIV.add(local("2026-11-20T15:00"), 12 * HOUR)


def test_twelve_hours_from_the_eve_of_rosh_hashana_are_over_on_monday() -> None:
    """1 h 37 before candle lighting, 10 h 23 after nightfall of the second day."""
    assert local("2026-09-14T05:52") == TEL_AVIV.add(local("2026-09-11T17:00"), 12 * HOUR)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-20T16:19", True),
        ("2026-11-20T16:21", True),
        ("2026-11-20T16:22", False),
        ("2026-11-20T16:45", False),
        ("2026-11-21T12:00", False),
        ("2026-11-21T17:17", False),
        ("2026-11-21T17:18", True),
        ("2026-11-21T17:30", True),
    ],
)
def test_a_shop_rests_from_candle_lighting_to_nightfall(at: str, is_open: bool) -> None:
    assert is_open == TEL_AVIV.is_open(local(at))


def test_shabbat_and_rosh_hashana_5787_are_one_closure_without_a_gap() -> None:
    candles, nightfall = local("2026-09-11T18:37"), local("2026-09-13T19:29")
    assert candles == TEL_AVIV.closing(local("2026-09-11T10:00"))
    assert nightfall == TEL_AVIV.next_opening(candles)
    assert TEL_AVIV.elapsed(candles, nightfall) == timedelta(0)
    assert not TEL_AVIV.is_open(local("2026-09-12T19:30")), "the second day's candle time"


@pytest.mark.parametrize("diaspora", [False, True])
def test_the_days_of_rest_are_those_of_another_calendar(diaspora: bool) -> None:
    shop = kept(city="Tel Aviv", diaspora=diaspora)
    first = date(2026, 1, 1)
    for n in range(12 * 365):
        day = first + timedelta(days=n)
        jewish = GregorianDate.from_pydate(day)
        holy = jewish.weekday() == 7 or jewish.festival(not diaspora, include_working_days=False)
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=ISRAEL)
        assert bool(holy) == (not shop.is_open(noon)), day


def test_abroad_festivals_have_a_second_day() -> None:
    second_of_passover = "2026-04-03T12:00"
    new_york = ZoneInfo("America/New_York")
    assert not kept("America/New_York", city="New York").is_open(
        local(second_of_passover, new_york)
    )
    assert TEL_AVIV.is_open(local(second_of_passover))
    assert not kept(city="Tel Aviv", diaspora=True).is_open(local(second_of_passover))


def test_a_working_day_of_a_festival_is_a_working_day() -> None:
    assert TEL_AVIV.is_open(local("2026-09-28T12:00")), "Chol HaMoed Sukkot"
    assert TEL_AVIV.is_open(local("2026-12-07T12:00")), "Hanukkah"


@pytest.mark.parametrize(("city", "minutes"), [("Jerusalem", 40), ("Haifa", 30), ("Holon", 18)])
def test_candles_are_lit_by_the_citys_custom(city: str, minutes: int) -> None:
    custom = kept(city=city).closing(local("2026-11-20T10:00"))
    sunset = kept(city=city, candle_minutes=0).closing(local("2026-11-20T10:00"))
    assert custom is not None
    assert sunset is not None
    assert minutes * MINUTE == sunset - custom


def test_a_shops_own_minutes_close_it_earlier_and_open_it_later() -> None:
    shop = kept(city="Tel Aviv", before_minutes=60, after_minutes=90)
    assert local("2026-11-20T15:22") == shop.closing(local("2026-11-20T10:00"))
    assert local("2026-11-21T18:48") == shop.next_opening(local("2026-11-21T10:00"))


def test_a_margin_past_midnight_still_closes() -> None:
    shop = kept(city="Tel Aviv", after_minutes=480)
    assert local("2026-11-22T01:18") == shop.next_opening(local("2026-11-21T10:00"))


def test_the_day_may_end_at_fixed_minutes_after_sunset() -> None:
    sunset = kept(city="Tel Aviv", havdalah_minutes=0).next_opening(local("2026-11-21T10:00"))
    fixed = kept(city="Tel Aviv", havdalah_minutes=72).next_opening(local("2026-11-21T10:00"))
    assert fixed - sunset == 72 * MINUTE


def test_coordinates_stand_in_for_a_city() -> None:
    here = kept(latitude=32.085, longitude=34.782)
    friday = local("2026-11-20T10:00")
    assert TEL_AVIV.closing(friday) == here.closing(friday)
    assert here.is_open(local("2026-04-03T12:00")), "not the diaspora, unless it says so"


@pytest.mark.parametrize(("name", "city"), CITIES.items())
def test_every_city_closes_once_a_week_for_about_a_day(name: str, city: tuple[float, ...]) -> None:
    """In UTC, whose Friday is not the city's: the sunset must be that of the right day all the same."""
    shop = kept("UTC", city=name)
    noon = timedelta(hours=city[1] / 15)
    for week in range(0, 52, 3):
        friday = datetime(2026, 11, 20, 12, tzinfo=UTC) + week * 7 * DAY - noon
        closing = shop.closing(friday)
        if not shop.is_open(friday) or closing is None:
            continue  # a festival
        assert friday < closing < friday + 10 * HOUR
        opening = shop.next_opening(closing)
        assert 24 * HOUR < opening - closing < 76 * HOUR
    assert not shop.is_open(datetime(2026, 11, 21, 12, tzinfo=UTC) - noon)


def test_nightfall_after_midnight_belongs_to_the_day_before() -> None:
    """In Saint Petersburg's June the sun sets at 22:20."""
    shop = kept("Europe/Moscow", latitude=59.9, longitude=30.3, havdalah_minutes=120)
    zone = ZoneInfo("Europe/Moscow")
    assert not shop.is_open(local("2026-06-21T00:05", zone))
    opening = shop.next_opening(local("2026-06-20T12:00", zone))
    assert local("2026-06-21T00:10", zone) < opening < local("2026-06-21T00:40", zone)


def test_a_year_has_no_minute_between_days_of_rest_that_follow_each_other() -> None:
    shop = kept("America/New_York", city="New York")
    rest = [
        day
        for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(3 * 365))
        if not shop.is_open(datetime(day.year, day.month, day.day, 12, tzinfo=shop.zone))
    ]
    in_a_row = [(a, b) for a, b in pairwise(rest) if b - a == DAY]
    assert len(in_a_row) > 12
    for first, second in in_a_row:
        noons = [datetime(d.year, d.month, d.day, 12, tzinfo=shop.zone) for d in (first, second)]
        assert shop.elapsed(*noons) == timedelta(0)


def test_the_eve_of_a_festival_may_be_short() -> None:
    shop = kept(city="Tel Aviv", eves="13:00")
    eve_of_kippur = local("2026-09-20T10:00")
    assert local("2026-09-20T13:00") == shop.closing(eve_of_kippur)
    assert local("2026-11-20T16:22") == shop.closing(local("2026-11-20T10:00")), "a plain Friday"


def test_two_closures_of_different_kinds_are_one() -> None:
    hours = OpeningHours(
        shabbat=Shabbat(city="Tel Aviv"), closed=[Closed(date(2026, 11, 21), date(2026, 11, 22))]
    )
    shop = calendars.calendar(replace(KESHET, calendar=hours))
    assert local("2026-11-23T00:00") == shop.next_opening(local("2026-11-20T16:22"))


def test_what_the_layer_has_not_is_not_here_either() -> None:
    """hdate takes its sun from astral where that is installed, and its times are then others by up to
    three minutes: the same shop must not close at another time on another machine."""
    assert importlib.util.find_spec("astral") is None
