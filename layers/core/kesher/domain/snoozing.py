"""Until when a conversation may sensibly be out of its agent's way, by the shop's calendar. The agent
may choose any other time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import dropwhile, takewhile
from typing import Literal

from kesher.domain.attend import LONGEST_SNOOZE
from kesher.domain.calendar import Calendar, wall
from kesher.domain.scene import House
from kesher.domain.shop import WEEK

OfferKind = Literal["hour", "tomorrow", "shabbat", "closed", "parcel", "week"]
Openings = dict[date, datetime | None]
"""Day to when its people come; None where they stay away."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = 9 * 60
"""Minutes after midnight: when people come where the shop is open all night."""
SATURDAY = WEEK.index("saturday")


@dataclass(frozen=True)
class Offer:
    kind: OfferKind
    until: datetime


def offers(house: House, now: datetime, expected_on: date | None = None) -> list[Offer]:
    """The earliest first, none twice. `expected_on` is when the customer's parcel should come."""
    named: dict[datetime, OfferKind] = {}
    for kind, until in _named(house, now, expected_on).items():
        if until and until <= now + LONGEST_SNOOZE:
            named.setdefault(until, kind)
    return [Offer(kind, until) for until, kind in sorted(named.items())]


def _named(
    house: House, now: datetime, expected_on: date | None
) -> dict[OfferKind, datetime | None]:
    today = now.astimezone(house.calendar.zone).date()
    ahead = [today + n * DAY for n in range(1, LONGEST_SNOOZE.days + 1)]
    openings = {day: opening(house.calendar, day) for day in ahead}
    rest = _days_off(openings)
    keeps_shabbat = house.voice.shop.calendar.shabbat is not None
    is_shabbat = keeps_shabbat and SATURDAY in {day.weekday() for day in rest}
    return {
        "hour": now.replace(second=0, microsecond=0) + HOUR,
        "tomorrow": openings[today + DAY],
        "shabbat" if is_shabbat else "closed": _after(rest[-1], openings) if rest else None,
        "parcel": _after(max(expected_on, today), openings) if expected_on else None,
        "week": _after(today + 6 * DAY, openings),
    }


def opening(calendar: Calendar, day: date) -> datetime | None:
    """When the shop's people come on a day; what is still open from the day before is not that."""
    midnight, morning = (wall(day, minutes, calendar.zone) for minutes in (0, MORNING))
    begins = [each.start for each in calendar.day(day) if each.start > midnight]
    if begins:
        return begins[0]
    return morning if calendar.is_open(morning) else None


def _days_off(openings: Openings) -> list[date]:
    """The next ones in a row."""
    from_the_first = dropwhile(lambda day: openings[day], openings)
    return list(takewhile(lambda day: not openings[day], from_the_first))


def _after(day: date, openings: Openings) -> datetime | None:
    return next((at for each, at in openings.items() if each > day and at), None)
