"""How a page speaks to the person it is shown to: its words, and the shop's times and people in them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kesher import words as texts
from kesher.desk import words
from kesher.domain.figures import HOUR, MINUTE
from kesher.domain.language import RIGHT_TO_LEFT, primary
from kesher.domain.scale import SCALES, ScaleName
from kesher.domain.shop import Agent, Shop
from kesher.domain.when import Day, When, WhenKind

THUMBS = ("👎", "👍")
EXACT_HOURS = 10
"""Of so many, minutes are no matter."""


@dataclass(frozen=True)
class Tongue:
    """A language of the pages."""

    language: str

    @property
    def direction(self) -> str:
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def say(self, word: str, **values: str) -> str:
        return words.say(self.language, word, **values)

    def number(self, number: int) -> str:
        return texts.digits(str(number), self.language)

    def knows(self, word: str) -> bool:
        return word in words.words(self.language)

    def score(self, scale: str, score: int) -> str:
        return THUMBS[score] if scale == "thumbs" else self.number(score)

    def rating(self, scale: ScaleName, score: int) -> str:
        """A score with the best one there is."""
        told = self.score(scale, score)
        if scale == "thumbs":
            return told
        return self.say("score_of", score=told, top=self.number(SCALES[scale].top))

    def share(self, part: int, whole: int) -> str:
        """In whole percent, so that 100 are all of them; of nothing, nothing."""
        return self.number(100 * part // whole) + self.say("percent") if whole else "–"

    def lasting(self, seconds: float | None) -> str:
        """As exactly as people say it; the hours of days are added up, since days of opening hours
        are of many lengths."""
        if seconds is None:
            return "–"
        if seconds < MINUTE:
            return self.say("seconds", n=self.number(round(seconds)))
        hours, minutes = divmod(round(seconds / MINUTE), 60)
        if not hours:
            return self.say("minutes", n=self.number(minutes))
        if hours >= EXACT_HOURS or not minutes:
            return self.say("hours", n=self.number(round(seconds / HOUR)))
        return self.say("hours_minutes", hours=self.number(hours), minutes=self.number(minutes))

    def language_name(self, code: str) -> str:
        return self.say(f"language_{code}") if self.knows(f"language_{code}") else code


@dataclass(frozen=True)
class Speech(Tongue):
    shop: Shop
    now: datetime

    def time(self, at: datetime) -> str:
        return self._told(at, "today")["time"]

    def moment(self, at: datetime) -> str:
        """The time, and the day where it is not today's."""
        is_today = self._day(at) == self._day(self.now)
        if is_today:
            return self.time(at)
        return self.say("day_and_time", day=self.day(at), time=self.time(at))

    def day(self, at: datetime) -> str:
        return self.local_day(self._day(at))

    def local_day(self, day: date) -> str:
        ago = self._day(self.now) - day
        if ago in _NAMED:
            return self.say(_NAMED[ago])
        weekday = texts.date_of(Day("weekday", day.weekday(), day), self.language)["weekday"]
        return self.say("weekday_and_date", weekday=weekday, date=self.date_of(day))

    def date_of(self, day: date) -> str:
        """Without its weekday and its year."""
        return texts.date_of(Day("date", day.weekday(), day), self.language)["date"]

    def days(self, first: date, last: date) -> str:
        if first == last:
            return self.local_day(first)
        return self.say("from_to", first=self.date_of(first), last=self.date_of(last))

    def day_id(self, at: datetime) -> str:
        return self._day(at).isoformat()

    def person(self, id: str) -> str:
        found = self.shop.agent(id)
        return found.name if found else id

    def team(self, id: str) -> str:
        return next((each.name for each in self.shop.teams if each.id == id), id)

    def _day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.shop.timezone)).date()

    def _told(self, at: datetime, kind: WhenKind) -> dict[str, str]:
        there = at.astimezone(ZoneInfo(self.shop.timezone))
        return texts.moment(When(kind, there.weekday(), there.date(), there.time()), self.language)


_NAMED = {
    timedelta(days=0): "today",
    timedelta(days=1): "yesterday",
    timedelta(days=-1): "tomorrow",
}


def chosen(*wanted: str | None) -> str:
    """The first of these languages that the pages have; English, where they have none."""
    codes = (primary(each) for each in wanted)
    return next((code for code in codes if code in words.LANGUAGES), words.LANGUAGES[0])


def of_agent(agent: Agent, shop: Shop, asked_for: str | None) -> str:
    """What they have switched to; else the first of their own, or of the shop's, that there is."""
    return chosen(asked_for, *agent.languages, *shop.languages)
