"""When a shop is open, and how much of a time it was. What is closed for reasons of its own (Shabbat,
holidays) is asked of a function, a day at a time, so that nothing is computed that is not needed.

Everything is a span [start, end) in UTC. Local times mean what the clock on the shop's wall shows: an
hour it shows twice counts when it is first shown, and one it skips is where it jumps.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kesher.domain.shop import WEEK, Weekday

Window = tuple[int, int]
"""Minutes after a day's local midnight; an end past midnight is over 1440."""

DAY_MINUTES = 24 * 60
DAY_AND_NIGHT: tuple[Window, ...] = ((0, DAY_MINUTES),)
HORIZON_DAYS = 400
"""Shut for so many days is shut for ever, and open for so many is open for ever."""

_DAY = timedelta(days=1)
_HOUR = re.compile(r"(\d?\d):([0-5]\d)", re.ASCII)


class NeverOpen(Exception):
    """The calendar does not open within HORIZON_DAYS."""


class BadWindow(ValueError):
    """Not a time of day from when to when."""


class Span(NamedTuple):
    """From the start on, up to but without the end; both in UTC."""

    start: datetime
    end: datetime


Closures = Callable[[date], Iterable[Span]]
"""Every closed span that touches the local day. They may overlap and reach out of it."""


@dataclass(frozen=True, eq=False)
class Calendar:
    zone: ZoneInfo
    weekly: tuple[tuple[Window, ...], ...] = (DAY_AND_NIGHT,) * 7
    """Windows by the weekday they begin on, Monday first."""
    closed: Closures = lambda _: ()

    def is_open(self, at: datetime) -> bool:
        first = next(self._spans(at), None)
        return first is not None and first.start == at

    def next_opening(self, at: datetime) -> datetime:
        """The same instant where the shop is open; raises NeverOpen."""
        return self._first(self._spans(at)).start

    def closing(self, at: datetime) -> datetime | None:
        """When this opening ends, or the next one where the shop is shut; None if it does not end
        within HORIZON_DAYS. Raises NeverOpen."""
        spans = self._spans(at)
        start, end = self._first(spans)
        for span in spans:
            if span.start > end:
                return end
            if end - start > HORIZON_DAYS * _DAY:
                return None
            end = span.end
        return end

    def add(self, start: datetime, open_time: timedelta) -> datetime:
        """The instant at which so much open time has passed, which may be a closing. No time at all
        has passed at the next opening. Raises NeverOpen, and ValueError where time runs backwards."""
        if open_time < timedelta(0):
            raise ValueError(f"{open_time} is less than no time")
        for span in self._spans(start):
            if open_time <= span.end - span.start:
                return span.start + open_time
            open_time -= span.end - span.start
        raise NeverOpen

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Open time between the two; less than nothing where the end comes first."""
        if end < start:
            return -self.elapsed(end, start)
        day, passed = start.astimezone(self.zone).date(), timedelta(0)
        while wall(day, 0, self.zone) < end:
            for span in self.day(day):
                passed += max(min(span.end, end) - max(span.start, start), timedelta(0))
            day += _DAY
        return passed

    def within(self, other: "Calendar") -> "Calendar":
        """Open when both are."""
        return replace(self, closed=lambda day: [*self.closed(day), *other.shut(day)])

    def shut(self, day: date) -> list[Span]:
        """What is not open between this local midnight and the next."""
        midnight, next_midnight = wall(day, 0, self.zone), wall(day, DAY_MINUTES, self.zone)
        return _without([Span(midnight, next_midnight)], self.day(day))

    def day(self, day: date) -> list[Span]:
        """What is open between this local midnight and the next: in order, with gaps between."""
        midnight, next_midnight = wall(day, 0, self.zone), wall(day, DAY_MINUTES, self.zone)
        late = (each for each in self._windows(day - _DAY) if each[1] > DAY_MINUTES)
        spans = [
            *(span(day - _DAY, window, self.zone) for window in late),
            *(span(day, window, self.zone) for window in self._windows(day)),
        ]
        inside = [Span(max(each.start, midnight), min(each.end, next_midnight)) for each in spans]
        return _merged(_without(inside, self.closed(day)))

    def _windows(self, day: date) -> tuple[Window, ...]:
        return self.weekly[day.weekday()]

    def _spans(self, after: datetime) -> Iterator[Span]:
        """Open time from then on, cut at local midnights. It ends when the shop opens no more."""
        after = after.astimezone(UTC)
        day, shut = after.astimezone(self.zone).date(), 0
        while shut <= HORIZON_DAYS:
            found = [Span(max(e.start, after), e.end) for e in self.day(day) if e.end > after]
            yield from found
            day, shut = day + _DAY, 0 if found else shut + 1

    @staticmethod
    def _first(spans: Iterator[Span]) -> Span:
        first = next(spans, None)
        if first is None:
            raise NeverOpen
        return first


def parse_hour(text: str) -> int:
    """Minutes after midnight of `09:00`, up to `24:00`; raises BadWindow."""
    match = _HOUR.fullmatch(text)
    minutes = int(match[1]) * 60 + int(match[2]) if match else DAY_MINUTES + 1
    if minutes > DAY_MINUTES:
        raise BadWindow(text)
    return minutes


def parse_window(text: str) -> Window:
    """`09:00-18:00`, `20:00-02:00` past midnight, or `24h`; raises BadWindow."""
    if text == "24h":
        return DAY_AND_NIGHT[0]
    start, end = map(parse_hour, text.split("-") if text.count("-") == 1 else [text, text])
    if start in (end, DAY_MINUTES):
        raise BadWindow(text)
    return start, end if end > start else end + DAY_MINUTES


def weekly(hours: Mapping[Weekday, Sequence[str]] | None) -> tuple[tuple[Window, ...], ...]:
    """Windows by weekday, Monday first, of what a shop file writes; raises BadWindow."""
    if hours is None:
        return (DAY_AND_NIGHT,) * len(WEEK)
    return tuple(tuple(map(parse_window, hours.get(day, ()))) for day in WEEK)


def wall(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The first instant at which the clock on the wall shows so many minutes after that day's
    midnight, or more where it jumps over them."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minutes)
    first = shown.replace(tzinfo=zone).astimezone(UTC)
    second = shown.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if second >= first:
        return first
    # PEP 495: where the clock jumps over a time, fold=1 reads it with the offset after the jump,
    # which is an instant before it; fold=0 with the one before, which is an instant after it.
    jumps_after = bisect_left(
        range(int((first - second).total_seconds())),
        True,
        key=lambda s: (second + timedelta(seconds=s)).astimezone(zone).replace(tzinfo=None) > shown,
    )
    return second + timedelta(seconds=jumps_after)


def span(day: date, window: Window, zone: ZoneInfo) -> Span:
    return Span(wall(day, window[0], zone), wall(day, window[1], zone))


def _without(spans: list[Span], closures: Iterable[Span]) -> list[Span]:
    for shut in closures:
        spans = [
            piece
            for each in spans
            for piece in (
                Span(each.start, min(each.end, shut.start)),
                Span(max(each.start, shut.end), each.end),
            )
            if piece.start < piece.end
        ]
    return spans


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for each in sorted(spans):
        if each.start >= each.end:
            continue
        if merged and each.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, each.end))
        else:
            merged.append(each)
    return merged
