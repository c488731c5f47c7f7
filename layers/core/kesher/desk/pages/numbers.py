"""The manager's view: now, and a span of days; each number leads to the conversations it counts."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from kesher.desk import behind, figures
from kesher.desk.figures import Figures, today
from kesher.desk.pages.page import Page, View
from kesher.desk.pages.speech import Speech
from kesher.desk.route import Asked
from kesher.domain.figures import BANDS
from kesher.domain.scale import SCALES, ScaleName

SPANS = (1, 7, 28)
DAY = timedelta(days=1)
(ROUTE,) = figures.ROUTES


@dataclass(frozen=True)
class Links:
    """Addresses of the desk's places."""

    first: date
    last: date

    def behind(self, name: str, **only: object) -> str:
        """What a number of these days counts; `name` as the API has it."""
        days = {"first": self.first.isoformat(), "day": self.last.isoformat()}
        return _address(name.replace(" ", "-"), days | only)

    def of_day(self, day: date) -> "Links":
        return Links(day, day)

    def now(self, name: str, **only: object) -> str:
        return _address(name, only)

    def figures(self, days: int, last: date | None = None) -> str:
        return _address("figures", {"days": days, **({"last": last.isoformat()} if last else {})})

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def earlier(self) -> str:
        return self.figures(self.days, self.first - DAY)

    def later(self, today: date) -> str | None:
        last = min(self.last + self.days * DAY, today)
        return self.figures(self.days, last) if self.last < today else None


def numbers(shown: Figures, asked: Asked, speech: Speech) -> View:
    links, is_now = Links(shown.first, shown.last), shown.last == today(asked)
    measured = {each.figure: each for each in shown.figures}
    values = {
        "shown": shown,
        "links": links,
        "spans": SPANS,
        "no_team": behind.NO_TEAM,
        "is_now": is_now,
        "later": links.later(today(asked)),
        "over": _ended_over(shown, is_now=is_now),
        "bands": [band_said(each, speech) for each in range(len(shown.figures[0].bands))],
        "answers": (measured["first response"], measured["next response"]),
        "scores": {each.scale: _scores(each.scale) for each in shown.ratings},
    }
    return View("figures.html", values)


def _ended_over(shown: Figures, *, is_now: bool) -> int:
    """Those whose wait has ended."""
    return shown.target.over - (shown.waiting.over_target if is_now else 0)


def _scores(scale: ScaleName) -> list[int]:
    """From the best to the worst."""
    return list(range(SCALES[scale].top, SCALES[scale].low - 1, -1))


def band_said(band: int, speech: Speech) -> str:
    ends = [None, *BANDS, None]
    start, end = ends[band], ends[band + 1]
    if start is None:
        return speech.say("band_first", end=speech.lasting(end))
    if end is None:
        return speech.say("band_last", start=speech.lasting(start))
    return speech.say("band", start=speech.lasting(start), end=speech.lasting(end))


def _address(place: str, query: dict[str, object]) -> str:
    return f"/desk/{place}?{urlencode(query)}" if query else f"/desk/{place}"


PAGES = (Page(ROUTE, numbers),)
