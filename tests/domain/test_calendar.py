"""The laws of a calendar, whatever its hours, closures and time zone; and its own days."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kesher.domain.calendar import (
    DAY_AND_NIGHT,
    HORIZON_DAYS,
    BadWindow,
    Calendar,
    NeverOpen,
    Span,
    Window,
    parse_hour,
    parse_window,
    wall,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DAYS = 2
ISRAEL, NEW_YORK = ZoneInfo("Asia/Jerusalem"), ZoneInfo("America/New_York")
TURNS = {
    "Asia/Jerusalem": ["2026-03-27", "2026-10-25"],
    "America/New_York": ["2026-03-08", "2026-11-01"],
    "Africa/Cairo": ["2026-04-24", "2026-10-30"],  # at midnight
    "America/Havana": ["2026-03-08", "2026-11-01"],  # at midnight, and at one
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],  # by half an hour
    "Asia/Tehran": ["2026-03-21"],  # not since 2022
    "Pacific/Apia": ["2011-12-30"],  # a day that never was
    "America/St_Johns": ["2010-03-14", "2010-11-07"],  # at one minute past midnight
}
"""Zone to the days about which its clocks are turned."""

FULL_WEEK = (((9 * 60, 18 * 60),),) * 7


def local(text: str, zone: ZoneInfo = ISRAEL, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def week(hours: str, zone: ZoneInfo = ISRAEL, *closed: Span) -> Calendar:
    """The same hours every day."""
    return Calendar(zone, (tuple(map(parse_window, hours.split())),) * 7, lambda _: closed)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start = draw(st.integers(0, 95)) * 15
    return start, start + draw(st.integers(1, 96)) * 15


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Calendar, datetime, tuple[Span, ...]]:
    """A calendar that opens every week, an instant near the turn of its clocks, and its closures."""
    zone = draw(st.sampled_from(sorted(TURNS)))
    turn = datetime.fromisoformat(draw(st.sampled_from(TURNS[zone]))).replace(tzinfo=UTC)
    days = st.lists(windows(), max_size=3).map(tuple)
    weekly = draw(st.tuples(*[days] * 7).filter(any))
    near = st.integers(-3 * 24 * 60, 3 * 24 * 60).map(lambda minutes: turn + minutes * MINUTE)
    closed = draw(st.lists(st.tuples(near, near).map(lambda pair: Span(*sorted(pair))), max_size=4))
    shut = tuple(closed)
    return Calendar(ZoneInfo(zone), weekly, lambda _: shut), draw(near), shut


durations = st.timedeltas(timedelta(0), timedelta(hours=60))


@given(scenes(), durations, durations)
def test_time_elapsed_adds_up(
    scene: tuple[Calendar, datetime, tuple[Span, ...]], first: timedelta, second: timedelta
) -> None:
    calendar, a, _ = scene
    b, c = a + first, a + second
    assert calendar.elapsed(a, b) + calendar.elapsed(b, c) == calendar.elapsed(a, c)
    assert timedelta(0) <= calendar.elapsed(a, b) <= b - a
    assert calendar.elapsed(b, a) == -calendar.elapsed(a, b)


@given(scenes(), durations)
def test_what_was_added_has_elapsed(
    scene: tuple[Calendar, datetime, tuple[Span, ...]], open_time: timedelta
) -> None:
    calendar, start, _ = scene
    due = calendar.add(start, open_time)
    assert open_time == calendar.elapsed(start, due)
    if open_time:
        earlier = due - timedelta.resolution
        assert calendar.elapsed(start, earlier) < open_time, "due at the first such instant"


@given(scenes(), durations, durations, durations)
def test_more_time_is_never_due_earlier_nor_a_later_start(
    scene: tuple[Calendar, datetime, tuple[Span, ...]],
    one: timedelta,
    other: timedelta,
    later: timedelta,
) -> None:
    calendar, start, _ = scene
    less, more = sorted((one, other))
    assert calendar.add(start, less) <= calendar.add(start, more)
    assert calendar.add(start, one) <= calendar.add(start + later, one)


@given(scenes(), durations, st.timedeltas(-3 * DAY, 3 * DAY), durations)
def test_a_closure_makes_nothing_due_earlier(
    scene: tuple[Calendar, datetime, tuple[Span, ...]],
    open_time: timedelta,
    away: timedelta,
    lasting: timedelta,
) -> None:
    calendar, start, shut = scene
    more = (*shut, Span(start + away, start + away + lasting))
    stricter = replace(calendar, closed=lambda _: more)
    assert calendar.add(start, open_time) <= stricter.add(start, open_time)
    assert calendar.next_opening(start) <= stricter.next_opening(start)


@given(scenes())
def test_the_next_opening_is_open_and_nothing_before_it_is(
    scene: tuple[Calendar, datetime, tuple[Span, ...]],
) -> None:
    calendar, at, _ = scene
    opening = calendar.next_opening(at)
    assert calendar.is_open(opening)
    assert calendar.elapsed(at, opening) == timedelta(0)
    assert (opening == at) == calendar.is_open(at)


@given(scenes())
def test_an_opening_has_no_gap_until_its_closing(
    scene: tuple[Calendar, datetime, tuple[Span, ...]],
) -> None:
    calendar, at, _ = scene
    opening, closing = calendar.next_opening(at), calendar.closing(at)
    if closing is None:
        assert calendar.elapsed(opening, opening + HORIZON_DAYS * DAY) == HORIZON_DAYS * DAY
    else:
        assert closing - opening == calendar.elapsed(opening, closing)
        assert not calendar.is_open(closing)


@given(scenes())
@example((Calendar(ISRAEL), datetime(2026, 3, 27, tzinfo=UTC), ()))
def test_days_lie_side_by_side_and_their_spans_apart(
    scene: tuple[Calendar, datetime, tuple[Span, ...]],
) -> None:
    calendar, at, _ = scene
    today = at.date()
    first, second = calendar.day(today), calendar.day(today + DAY)
    assert all(each.start < each.end for each in first + second)
    assert all(before.end <= after.start for before, after in pairwise(first + second))
    assert all(before.end < after.start for before, after in pairwise(first))


class Naive:
    """The same calendar, slowly: for every minute, how far the clock on the wall has ever got."""

    def __init__(self, calendar: Calendar, shut: Iterable[Span], first: datetime, minutes: int):
        self.first = first
        warm_up = 6 * 60  # the clock may have been turned back just before
        furthest = datetime(1, 1, 1)  # noqa: DTZ001 (what a wall shows has no zone)
        self.open: list[bool] = []
        for n in range(-warm_up, minutes):
            instant = first + n * MINUTE
            furthest = max(furthest, instant.astimezone(calendar.zone).replace(tzinfo=None))
            if n >= 0:
                within = any(self._within(calendar, furthest, back) for back in (0, 1))
                closed = any(each.start <= instant < each.end for each in shut)
                self.open.append(within and not closed)

    @staticmethod
    def _within(calendar: Calendar, shown: datetime, days_back: int) -> bool:
        day = shown.date() - days_back * DAY
        minute = days_back * 24 * 60 + shown.hour * 60 + shown.minute
        return any(start <= minute < end for start, end in calendar.weekly[day.weekday()])

    def add(self, minutes: int) -> datetime | None:
        """None beyond the minutes that were looked at."""
        opened = [n for n, is_open in enumerate(self.open) if is_open]
        if minutes >= len(opened):
            return None
        return self.first + (opened[minutes - 1] + 1 if minutes else opened[0]) * MINUTE


@given(scenes(), st.integers(0, DAYS * 24 * 60), st.integers(0, 30 * 60))
def test_it_agrees_with_counting_minutes(
    scene: tuple[Calendar, datetime, tuple[Span, ...]], until: int, open_minutes: int
) -> None:
    calendar, at, shut = scene
    naive = Naive(calendar, shut, at, DAYS * 24 * 60)

    assert naive.open[::7] == [
        calendar.is_open(at + n * MINUTE) for n in range(0, DAYS * 24 * 60, 7)
    ]
    assert sum(naive.open[:until]) * MINUTE == calendar.elapsed(at, at + until * MINUTE)
    due = naive.add(open_minutes)
    assert due in (calendar.add(at, open_minutes * MINUTE), None)


def test_a_text_in_a_closed_hour_counts_from_the_opening() -> None:
    shop = week("09:00-18:00")
    assert local("2026-11-23T11:00") == shop.add(local("2026-11-22T20:00"), 2 * HOUR)
    assert local("2026-11-23T10:00") == shop.add(local("2026-11-22T17:00"), 2 * HOUR)
    assert local("2026-11-23T09:00") == shop.add(local("2026-11-22T20:00"), timedelta(0))
    assert local("2026-11-22T10:30") == shop.add(local("2026-11-22T10:30"), timedelta(0))


def test_a_whole_day_of_work_is_due_at_its_closing_and_not_the_next_morning() -> None:
    assert local("2026-11-22T18:00") == week("09:00-18:00").add(local("2026-11-22T09:00"), 9 * HOUR)


def test_an_opening_is_open_at_its_first_instant_and_not_at_its_last() -> None:
    shop = week("09:00-18:00")
    assert shop.is_open(local("2026-11-22T09:00"))
    assert not shop.is_open(local("2026-11-22T18:00"))
    assert local("2026-11-23T09:00") == shop.next_opening(local("2026-11-22T18:00"))


def test_several_windows_a_day_have_a_break_between() -> None:
    shop = week("09:00-13:00 16:00-20:00")
    assert local("2026-11-22T16:00") == shop.next_opening(local("2026-11-22T13:00"))
    assert local("2026-11-22T13:00") == shop.closing(local("2026-11-22T10:00"))
    assert shop.elapsed(local("2026-11-22T00:00"), local("2026-11-23T00:00")) == 8 * HOUR


def test_windows_that_touch_are_one_opening() -> None:
    shop = week("18:00-24:00 00:00-02:00")
    assert local("2026-11-23T02:00") == shop.closing(local("2026-11-22T19:00"))
    assert not shop.is_open(local("2026-11-23T02:00"))
    assert len(week("09:00-13:00 13:00-18:00").day(date(2026, 11, 22))) == 1


def test_a_closing_asked_of_a_shut_shop_is_that_of_its_next_opening() -> None:
    assert local("2026-11-23T18:00") == week("09:00-18:00").closing(local("2026-11-22T20:00"))


def test_hours_past_midnight_belong_to_the_day_they_begin_on() -> None:
    fridays: list[tuple[Window, ...]] = [()] * 7
    fridays[4] = (parse_window("20:00-02:00"),)
    bar = Calendar(ISRAEL, tuple(fridays))
    assert bar.is_open(local("2026-11-21T01:59"))
    assert not bar.is_open(local("2026-11-21T02:00"))
    assert not bar.is_open(local("2026-11-20T01:00"))
    assert local("2026-11-27T20:00") == bar.next_opening(local("2026-11-21T02:00"))


@pytest.mark.parametrize(
    ("zone", "night", "hours"),
    [
        (ISRAEL, "2026-03-26", 5),  # Friday 27th, 02:00 becomes 03:00
        (ISRAEL, "2026-10-24", 7),  # Sunday 25th, 02:00 becomes 01:00
        (NEW_YORK, "2026-03-07", 5),
        (NEW_YORK, "2026-10-31", 7),
        (ZoneInfo("Asia/Tehran"), "2026-03-20", 6),
        (ZoneInfo("Asia/Tehran"), "2026-09-21", 6),
    ],
)
def test_the_night_the_clock_is_turned_is_longer_or_shorter(
    zone: ZoneInfo, night: str, hours: int
) -> None:
    bar = week("21:00-03:00", zone)
    opening = local(f"{night}T21:00", zone)
    assert hours * HOUR == bar.elapsed(opening, opening + 12 * HOUR)
    assert opening + hours * HOUR == bar.closing(opening)


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        (ISRAEL, date(2026, 3, 27), 23),
        (ISRAEL, date(2026, 10, 25), 25),
        (NEW_YORK, date(2026, 3, 8), 23),
        (NEW_YORK, date(2026, 11, 1), 25),
        (ZoneInfo("Africa/Cairo"), date(2026, 4, 24), 23),
        (ZoneInfo("Pacific/Apia"), date(2011, 12, 30), 0),
    ],
)
def test_a_day_lasts_as_long_as_its_clock_says(zone: ZoneInfo, day: date, length: int) -> None:
    lengths = [each.end - each.start for each in Calendar(zone).day(day)]
    assert lengths == ([length * HOUR] if length else [])


def test_iran_does_not_turn_its_clocks() -> None:
    tehran = ZoneInfo("Asia/Tehran")
    offsets = {
        datetime(2026, month, 1, tzinfo=tehran).utcoffset() for month in range(1, 13)
    }  # until 2022: +04:30 in summer
    assert {timedelta(hours=3, minutes=30)} == offsets


def test_a_time_the_clock_jumps_over_is_where_it_jumps() -> None:
    assert local("2026-03-27T03:00") == wall(date(2026, 3, 27), 2 * 60 + 30, ISRAEL)
    assert local("2026-03-27T03:00") == wall(date(2026, 3, 27), 2 * 60, ISRAEL)
    assert local("2026-03-27T03:01") == wall(date(2026, 3, 27), 3 * 60 + 1, ISRAEL)


def test_a_time_the_clock_shows_twice_is_its_first() -> None:
    shop = week("09:00-01:30")
    assert local("2026-10-25T01:30", fold=0) == shop.closing(local("2026-10-24T20:00"))
    assert not shop.is_open(local("2026-10-25T01:15", fold=1))


def test_a_clock_turned_back_over_midnight_loses_no_time() -> None:
    """Newfoundland turned its clocks at one minute past midnight, and so was twice in Saturday."""
    newfoundland = ZoneInfo("America/St_Johns")
    always, midnight = Calendar(newfoundland), local("2010-11-07T00:00", newfoundland)
    for minutes in (0, 1, 30, 61, 62):
        assert always.is_open(midnight + minutes * MINUTE)
        assert minutes * MINUTE == always.elapsed(midnight, midnight + minutes * MINUTE)
    sundays = Calendar(newfoundland, ((),) * 6 + (DAY_AND_NIGHT,))
    assert midnight + 25 * HOUR == sundays.closing(midnight + 30 * MINUTE)


def test_closures_may_overlap_touch_and_be_empty() -> None:
    noon, two, four = (local(f"2026-11-22T{hour}:00") for hour in (12, 14, 16))
    shut = [Span(noon, two), Span(noon, two), Span(two, four), Span(four, four), Span(four, noon)]
    shop = week("09:00-18:00", ISRAEL, *shut)
    assert four == shop.next_opening(noon)
    assert shop.elapsed(local("2026-11-22T00:00"), local("2026-11-23T00:00")) == 5 * HOUR


def test_a_shop_open_day_and_night_never_closes() -> None:
    always = Calendar(ISRAEL)
    assert always.closing(local("2026-11-22T12:00")) is None
    assert local("2026-11-24T12:00") == always.add(local("2026-11-22T12:00"), 48 * HOUR)


def test_a_shop_that_closes_within_the_horizon_says_when_even_if_for_good() -> None:
    last = local("2027-03-01T12:00")
    ending = week("24h", ISRAEL, Span(last, datetime(9000, 1, 1, tzinfo=UTC)))
    assert last == ending.closing(local("2026-11-22T12:00"))
    with pytest.raises(NeverOpen):
        ending.next_opening(last)


def test_a_shop_that_never_opens_says_so_instead_of_searching_for_ever() -> None:
    never, noon = Calendar(ISRAEL, ((),) * 7), local("2026-11-22T12:00")
    assert not never.is_open(noon)
    assert timedelta(0) == never.elapsed(noon, noon + 1000 * DAY)
    for asked in (never.next_opening, never.closing, lambda at: never.add(at, HOUR)):
        with pytest.raises(NeverOpen):
            asked(noon)


def test_no_shop_works_backwards() -> None:
    with pytest.raises(ValueError, match="less than no time"):
        Calendar(ISRAEL).add(local("2026-11-22T12:00"), -MINUTE)


def test_answers_are_in_utc_whatever_the_question_was_in() -> None:
    shop, noon = week("09:00-18:00"), datetime(2026, 11, 22, 12, tzinfo=ISRAEL)
    for answer in (shop.next_opening(noon), shop.add(noon, HOUR), shop.closing(noon)):
        assert answer is not None
        assert answer.tzinfo is UTC


def test_only_the_days_that_are_needed_are_asked_for() -> None:
    asked: list[date] = []

    def closed(day: date) -> list[Span]:
        asked.append(day)
        return []

    Calendar(ISRAEL, FULL_WEEK, closed).add(local("2026-11-22T17:00"), 2 * HOUR)
    assert asked == [date(2026, 11, 22), date(2026, 11, 23)]


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("09:00-18:00", (540, 1080)),
        ("9:00-18:30", (540, 1110)),
        ("20:00-02:00", (1200, 1560)),
        ("22:00-00:00", (1320, 1440)),
        ("00:00-24:00", (0, 1440)),
        ("24h", DAY_AND_NIGHT[0]),
    ],
)
def test_a_window_is_read_in_minutes(text: str, window: Window) -> None:
    assert window == parse_window(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "closed", "9-18", "09:00", "09:00-", "09:00-18:60", "25:00-26:00", "09:00-24:01"),
        *("09:00-09:00", "24:00-02:00", "09:00 - 18:00", "09:00-18:00-19:00", "٠٩:٠٠-١٨:٠٠"),
    ],
)
def test_anything_else_is_no_window(text: str) -> None:
    with pytest.raises(BadWindow):
        parse_window(text)


@pytest.mark.parametrize(("text", "minutes"), [("00:00", 0), ("13:00", 780), ("24:00", 1440)])
def test_an_hour_is_read_in_minutes(text: str, minutes: int) -> None:
    assert minutes == parse_hour(text)
