"""How far away an instant or a day is, as people count it: in days of the shop's calendar, not in
hours."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

WhenKind = Literal["today", "tomorrow", "weekday", "date"]
A_YEAR = 365
"""Days. A date is told without its year, so none is told that is so far ahead."""


@dataclass(frozen=True)
class Day:
    """A local day. The words are the language's."""

    kind: WhenKind
    weekday: int
    """Monday is 0, as `date.weekday` has it."""
    date: date


@dataclass(frozen=True)
class When(Day):
    """And a time of it, to the minute."""

    time: time


def when(at: datetime, now: datetime, zone: ZoneInfo) -> When:
    """Seen from now, in the shop's time zone. Within a week a weekday says it; the same weekday a
    week on needs its date, and so does what is past. A begun minute counts as whole, so that nothing
    is promised for earlier than it is."""
    begun = timedelta(seconds=at.second, microseconds=at.microsecond)
    minute = at.astimezone(UTC) - begun + (timedelta(minutes=1) if begun else timedelta(0))
    there = minute.astimezone(zone)
    days = _days(there.date(), now, zone)
    return When(_kind(days), there.weekday(), there.date(), there.time())


def ahead(on: date, now: datetime, zone: ZoneInfo) -> Day | None:
    """The day as it is said now; None where it is past, or a year ahead."""
    days = _days(on, now, zone)
    return Day(_kind(days), on.weekday(), on) if 0 <= days < A_YEAR else None


def _days(on: date, now: datetime, zone: ZoneInfo) -> int:
    return (on - now.astimezone(zone).date()).days


def _kind(days: int) -> WhenKind:
    if days in (0, 1):
        return "tomorrow" if days else "today"
    return "weekday" if 1 < days < 7 else "date"
