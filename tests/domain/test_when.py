from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from kesher.domain.when import Day, WhenKind, ahead, when

ISRAEL = ZoneInfo("Asia/Jerusalem")
SUNDAY_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ISRAEL)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ISRAEL).astimezone(UTC)


@pytest.mark.parametrize(
    ("instant", "kind"),
    [
        ("2026-11-22T14:30", "today"),
        ("2026-11-22T09:00", "today"),
        ("2026-11-22T23:59", "today"),
        ("2026-11-23T00:00", "tomorrow"),
        ("2026-11-24T09:00", "weekday"),
        ("2026-11-28T23:59", "weekday"),
        ("2026-11-29T00:00", "date"),
        ("2026-12-24T09:00", "date"),
        ("2026-11-21T23:59", "date"),
    ],
)
def test_days_are_counted_by_midnights_of_the_shop(instant: str, kind: WhenKind) -> None:
    assert kind == when(at(instant), SUNDAY_NOON, ISRAEL).kind


def test_it_tells_the_local_day_and_time() -> None:
    seen = when(datetime(2026, 11, 23, 22, 30, tzinfo=UTC), SUNDAY_NOON, ISRAEL)
    assert (seen.weekday, seen.date, seen.time) == (1, date(2026, 11, 24), time(0, 30))


def test_what_is_today_in_one_zone_is_tomorrow_in_another() -> None:
    evening = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    assert when(evening, SUNDAY_NOON, ISRAEL).kind == "today"
    assert when(evening, SUNDAY_NOON, ZoneInfo("Australia/Sydney")).kind == "tomorrow"


def test_a_begun_minute_is_promised_whole() -> None:
    late = at("2026-11-22T23:59:00.000001")
    seen = when(late, SUNDAY_NOON, ISRAEL)
    assert (seen.kind, seen.time) == ("tomorrow", time(0, 0))
    assert when(at("2026-11-22T23:59"), SUNDAY_NOON, ISRAEL).time == time(23, 59)


def test_the_day_the_clock_is_turned_back_is_one_day() -> None:
    before = datetime(2026, 10, 24, 23, 30, tzinfo=ISRAEL)
    assert when(datetime(2026, 10, 25, 21, 30, tzinfo=UTC), before, ISRAEL).kind == "tomorrow"


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 11, 21), None),
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 23), "tomorrow"),
        (date(2026, 11, 24), "weekday"),
        (date(2026, 11, 28), "weekday"),
        (date(2026, 11, 29), "date"),
        (date(2027, 11, 21), "date"),
        (date(2027, 11, 22), None),
        (date.min, None),
        (date.max, None),
    ],
)
def test_a_day_is_ahead_until_it_is_over_and_within_a_year(
    day: date, kind: WhenKind | None
) -> None:
    seen = ahead(day, SUNDAY_NOON, ISRAEL)

    assert seen == (Day(kind, day.weekday(), day) if kind else None)


def test_a_day_is_over_at_midnight_of_the_shop() -> None:
    sunday = date(2026, 11, 22)
    before, after = at("2026-11-22T23:59"), at("2026-11-23T00:00")

    assert ahead(sunday, before, ISRAEL) == Day("today", 6, sunday)
    assert ahead(sunday, after, ISRAEL) is None
    assert ahead(sunday, after, ZoneInfo("America/New_York")) == Day("today", 6, sunday)
