"""The `calendar` of a shop file and the hours of its people, complained about."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

from kesher import calendars
from kesher.cities import CITIES
from kesher.domain.calendar import (
    DAY_MINUTES,
    BadWindow,
    NeverOpen,
    parse_hour,
    parse_window,
    weekly,
)
from kesher.domain.shop import WEEK, Agent, Holidays, OpeningHours, Shabbat, Shop, Weekday
from local.fault import Fault, Path_

HOUR = 'Write an hour in quotes, such as "13:00".'
WINDOW = 'Write "09:00-18:00", "20:00-02:00" past midnight, or "24h".'
MOST_MINUTES = 12 * 60
FAR_NORTH, FARTHEST_NORTH = 58, 65
"""Beyond the first, three stars are not out in midsummer; beyond the second the sun may not set."""
HOUR_DEGREES = 15
_WEEK_MINUTES = 7 * DAY_MINUTES


class _Placed(NamedTuple):
    """A window in minutes after the week's beginning."""

    start: int
    end: int
    where: Path_
    says: str


def faults(shop: Shop) -> list[Fault]:
    """Of a shop whose time zone is one."""
    described = shop.calendar
    found = [
        *hours_faults(("calendar", "hours"), described.hours),
        *_shabbat_faults(described.shabbat, ZoneInfo(shop.timezone)),
        *(f for n, each in enumerate(described.holidays) for f in _holidays_faults(n, each)),
        *_hour_faults(("calendar", "eves_close_at"), described.eves_close_at),
        *_closed_faults(described),
        *(
            f
            for n, each in enumerate(shop.agents)
            for f in hours_faults(("agents", n, "hours"), each.hours)
        ),
    ]
    return found or _never_open_faults(shop) or _never_there_faults(shop)


def hours_faults(where_: Path_, hours: dict[Weekday, list[str]] | None) -> Iterator[Fault]:
    placed: list[_Placed] = []
    for day, windows in (hours or {}).items():
        midnight = WEEK.index(day) * DAY_MINUTES
        for n, text in enumerate(windows):
            where = (*where_, day, n)
            try:
                start, end = parse_window(text)
            except BadWindow:
                yield Fault(where, f"{text!r} is no time of day", WINDOW)
            else:
                placed.append(_Placed(midnight + start, midnight + end, where, f"{day} {text}"))
    placed.sort()
    week_after = [each._replace(start=each.start + _WEEK_MINUTES) for each in placed[:1]]
    for before, after in pairwise([*placed, *week_after]):
        if before.end > after.start:
            mend = "Make one window of the two, or move them apart."
            yield Fault(after.where, f"{after.says} overlaps {before.says}", mend)


def _shabbat_faults(shabbat: Shabbat | None, zone: ZoneInfo) -> Iterator[Fault]:
    if shabbat is None:
        return
    where: Path_ = ("calendar", "shabbat")
    coordinates = (shabbat.latitude, shabbat.longitude)
    if shabbat.city is not None and coordinates != (None, None):
        yield Fault(where, "is at two places", "Give a city, or latitude and longitude.")
    elif shabbat.city is not None:
        if shabbat.city not in CITIES:
            mend = _nearest(shabbat.city, CITIES) or "Give latitude and longitude in its place."
            yield Fault((*where, "city"), f"no city {shabbat.city!r}", mend)
    elif shabbat.latitude is None or shabbat.longitude is None:
        yield Fault(where, "has no place", "Give a city, or both latitude and longitude.")
    else:
        yield from _place_faults(shabbat, shabbat.latitude, shabbat.longitude, zone)
    for name in ("candle_minutes", "havdalah_minutes", "before_minutes", "after_minutes"):
        if not 0 <= (getattr(shabbat, name) or 0) <= MOST_MINUTES:
            mend = f"Give minutes from 0 to {MOST_MINUTES}."
            yield Fault((*where, name), f"{getattr(shabbat, name)} is too much or too little", mend)


def _place_faults(
    shabbat: Shabbat, latitude: float, longitude: float, zone: ZoneInfo
) -> Iterator[Fault]:
    where: Path_ = ("calendar", "shabbat")
    offset = datetime(2026, 1, 1, tzinfo=zone).utcoffset() or timedelta(0)
    noon = offset / timedelta(hours=1) * HOUR_DEGREES
    if abs(longitude - noon) > 4 * HOUR_DEGREES:
        mend = "Is it west, which is negative, or exchanged with the latitude?"
        yield Fault((*where, "longitude"), f"{longitude} is far from {zone.key}", mend)
    if abs(latitude) > FARTHEST_NORTH:
        mend = "Where the sun may not set, write the closed hours as windows of `hours`."
        yield Fault((*where, "latitude"), f"{latitude} has days without sunset", mend)
    elif abs(latitude) > FAR_NORTH and shabbat.havdalah_minutes is None:
        mend = "Give havdalah_minutes: in midsummer no stars are out there."
        yield Fault((*where, "latitude"), f"{latitude} has nights without stars", mend)


def _holidays_faults(n: int, described: Holidays) -> Iterator[Fault]:
    where: Path_ = ("calendar", "holidays", n)
    regions = holidays.list_supported_countries().get(described.country)
    if regions is None:
        mend = "Give an ISO 3166 code in capitals, such as IL."
        yield Fault((*where, "country"), f"no holidays of {described.country!r} are known", mend)
        return
    if described.region is not None and described.region not in regions:
        mend = f"Choose from {', '.join(regions)}." if regions else "Remove it: it has no parts."
        what = f"{described.country} has no part {described.region!r}"
        yield Fault((*where, "region"), what, mend)
        return
    known = _names(described)
    if described.only and described.without:
        yield Fault((*where, "without"), "is there beside `only`", "Remove one of the two.")
    for key, names in (("without", described.without), ("only", described.only)):
        for m, name in enumerate(names):
            if name not in known:
                mend = _nearest(name, known) or f"The names are {', '.join(sorted(known))}."
                yield Fault((*where, key, m), f"no holiday {name!r}", mend)
    yield from _hour_faults((*where, "close_at"), described.close_at)


def _names(described: Holidays) -> set[str]:
    """Of two years about now: some holidays are not in every one."""
    first = date(datetime.now(UTC).year, 1, 1)
    days = (first + timedelta(days=n) for n in range(2 * 366))
    return set().union(*(calendars.named(described.country, described.region, d) for d in days))


def _closed_faults(described: OpeningHours) -> Iterator[Fault]:
    for n, each in enumerate(described.closed):
        where: Path_ = ("calendar", "closed", n)
        if each.last is not None and each.last < each.first:
            yield Fault((*where, "last"), f"{each.last} is before {each.first}", "Exchange them.")
        try:
            parse_window(each.hours or "24h")
        except BadWindow:
            yield Fault((*where, "hours"), f"{each.hours!r} is no time of day", WINDOW)


def _hour_faults(where: Path_, hour: str | None) -> Iterator[Fault]:
    try:
        parse_hour(hour or "00:00")
    except BadWindow:
        yield Fault(where, f"{hour!r} is no hour", HOUR)


def _never_open_faults(shop: Shop) -> list[Fault]:
    try:
        calendars.calendar(shop).next_opening(datetime.now(UTC))
    except NeverOpen:
        mend = "Name at least one window in `hours` that nothing else closes."
        return [Fault(("calendar",), "the shop never opens", mend)]
    return []


def _never_there_faults(shop: Shop) -> list[Fault]:
    return [
        Fault(
            ("agents", n, "hours"),
            "are never hours in which the shop is open",
            "Give at least one window within `calendar`, or remove the key.",
        )
        for n, agent in enumerate(shop.agents)
        if not _is_ever_there(shop, agent)
    ]


def _is_ever_there(shop: Shop, agent: Agent) -> bool:
    opening = calendars.calendar(shop)
    own = replace(opening, weekly=weekly(agent.hours), closed=lambda _: ())
    try:
        opening.within(own).next_opening(datetime.now(UTC))
    except NeverOpen:
        return False
    return True


def _nearest(given: str, known: Iterable[str]) -> str:
    folded = {each.casefold(): each for each in known}
    near = [folded[each] for each in get_close_matches(given.casefold(), folded, 3)]
    return f"Did you mean {' or '.join(near)}?" if near else ""
