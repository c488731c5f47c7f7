"""A shop's calendar: its file, and what the sun, the moon and governments close. Two libraries know
those, `hdate` and `holidays`; a shop that closes for neither never imports them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kesher.cities import CITIES
from kesher.domain.calendar import (
    DAY_MINUTES,
    Calendar,
    Closures,
    Span,
    parse_hour,
    parse_window,
    span,
    weekly,
)
from kesher.domain.shop import Closed, Holidays, OpeningHours, Shabbat, Shop

if TYPE_CHECKING:
    from holidays import HolidayBase

IsDay = Callable[[date], bool]

CANDLE_MINUTES = 18
SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """Where the sun sets, and how Shabbat is kept there."""

    latitude: float
    longitude: float
    diaspora: bool
    candles: timedelta
    """From the shop's closing to sunset."""
    havdalah: timedelta | None
    """From sunset to the day's end, where that is not when three stars are out."""
    after: timedelta
    """From the day's end to the shop's opening."""


@lru_cache(maxsize=64)
def calendar(shop: Shop) -> Calendar:
    """When this shop is open, by its own file, which is a good one."""
    zone = ZoneInfo(shop.timezone)
    return Calendar(zone, weekly(shop.calendar.hours), _closures(shop.calendar, zone))


def place(shabbat: Shabbat) -> Place:
    """Of a good shop file: a city of CITIES, or both coordinates."""
    custom, diaspora = CANDLE_MINUTES, False
    latitude, longitude = shabbat.latitude or 0.0, shabbat.longitude or 0.0
    if shabbat.city:
        latitude, longitude, custom, diaspora = CITIES[shabbat.city]
    candles = custom if shabbat.candle_minutes is None else shabbat.candle_minutes
    havdalah = shabbat.havdalah_minutes
    return Place(
        latitude,
        longitude,
        diaspora if shabbat.diaspora is None else shabbat.diaspora,
        candles=timedelta(minutes=candles + shabbat.before_minutes),
        havdalah=None if havdalah is None else timedelta(minutes=havdalah),
        after=timedelta(minutes=shabbat.after_minutes),
    )


def named(country: str, region: str | None, day: date) -> set[str]:
    """Public holidays of a day, and what else `only` may name, in the country's own language."""
    return {name for table in _tables(country, region) for name in table.get_list(day)}


def _closures(described: OpeningHours, zone: ZoneInfo) -> Closures:
    sources = [_own(described.closed, zone)]
    eves_of: list[IsDay] = []
    if described.shabbat:
        rest = place(described.shabbat)
        sources.append(lambda day: _rest_around(rest, day))
        eves_of.append(lambda day: _is_festival(rest, day))
    for each in described.holidays:
        is_holiday = _is_holiday(each)
        sources.append(_closed_from(each.close_at or "00:00", is_holiday, zone))
        eves_of += [] if each.close_at else [is_holiday]
    if described.eves_close_at:
        is_eve: IsDay = lambda day: any(each(day + _DAY) for each in eves_of)  # noqa: E731
        sources.append(_closed_from(described.eves_close_at, is_eve, zone))
    return lambda day: chain.from_iterable(source(day) for source in sources)


def _own(closed: list[Closed], zone: ZoneInfo) -> Closures:
    periods = [(e.first, e.last or e.first, parse_window(e.hours or "24h")) for e in closed]

    def spans(day: date) -> Iterator[Span]:
        for first, last, window in periods:
            for begins in (day - _DAY, day):  # hours may run past midnight
                if first <= begins <= last:
                    yield span(begins, window, zone)

    return spans


def _closed_from(hour: str, is_closed: IsDay, zone: ZoneInfo) -> Closures:
    window = (parse_hour(hour), DAY_MINUTES)
    return lambda day: [span(day, window, zone)] if is_closed(day) else []


def _is_holiday(described: Holidays) -> IsDay:
    listed, _ = _tables(described.country, described.region)

    def is_holiday(day: date) -> bool:
        if described.only:
            return not named(described.country, described.region, day).isdisjoint(described.only)
        return bool(set(listed.get_list(day)) - set(described.without))

    return is_holiday


@lru_cache(maxsize=64)
def _tables(country: str, region: str | None) -> tuple["HolidayBase", "HolidayBase"]:
    """Public holidays, and the days of the library's other categories; filled by the year as asked
    for. The language is given, or it would be the environment's, which on AWS is another."""
    from holidays import country_holidays  # noqa: PLC0415 (90 ms that few shops need)

    known = country_holidays(country, subdiv=region)
    language = known.default_language
    others = tuple(each for each in known.supported_categories if each != "public")
    return (
        country_holidays(country, subdiv=region, language=language),
        country_holidays(
            country, subdiv=region, language=language, categories=others or ("public",)
        ),
    )


def _rest_around(place: Place, day: date) -> list[Span]:
    """The days of rest that may touch this one: each begins the evening before, and far north, or
    with the shop's own minutes, ends after midnight. Two in a row overlap, since the one ends after
    sunset and the other begins before it: no gap opens between a festival and Shabbat."""
    near = (_rest(place, each) for each in (day - _DAY, day, day + _DAY))
    return [each for each in near if each]


@lru_cache(maxsize=4096)
def _rest(place: Place, day: date) -> Span | None:
    if day.weekday() != SATURDAY and not _is_festival(place, day):
        return None
    start = _sun(place, day - _DAY)[0] - place.candles
    sunset, stars = _sun(place, day)
    end = stars if place.havdalah is None else sunset + place.havdalah
    return Span(start, end + place.after)


@lru_cache(maxsize=4096)
def _is_festival(place: Place, day: date) -> bool:
    from hdate.holidays import is_yom_tov  # noqa: PLC0415 (40 ms that few shops need)

    return is_yom_tov(day, place.diaspora)


def _sun(place: Place, day: date) -> tuple[datetime, datetime]:
    """Sunset, and when three stars are out, to the minute and 3 minutes right or wrong. Where the sun
    does not sink so far, hdate answers with the day before: shop files must not name such places."""
    from hdate import Location, Zmanim  # noqa: PLC0415 (as above)

    where = Location("", place.latitude, place.longitude, "UTC", 0, place.diaspora)
    sun = Zmanim(day, where).zmanim
    return sun["shkia"].utc, sun["tset_hakohavim_shabbat"].utc
