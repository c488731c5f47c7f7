"""The conversations behind a number of the manager's view, the newest first."""

from datetime import date

from kesher.desk import behind
from kesher.desk.behind import FactsWanted, ListedFacts
from kesher.desk.figures import today
from kesher.desk.pages.numbers import Links, band_said
from kesher.desk.pages.page import Page, View
from kesher.desk.pages.speech import Speech
from kesher.desk.route import Asked

(ROUTE,) = behind.ROUTES


def listed(facts: ListedFacts, asked: Asked, speech: Speech) -> View:
    name, wanted = asked.path["figure"], asked.query
    last = wanted.day or today(asked)
    links = Links(wanted.first or last, last)
    values = {
        "items": facts.items,
        "name": name.replace("-", "_"),
        "span": None if name in behind.NOW else speech.days(links.first, links.last),
        "only": _only(name, wanted, speech),
        "is_rating": name in behind.RATED,
        "is_outcome": name == behind.RECOVERED,
        "back": links.figures(links.days, last if last < today(asked) else None),
        "next": _next(links, name, wanted, facts.next),
    }
    return View("behind.html", values)


def _next(links: Links, name: str, wanted: FactsWanted, day: date | None) -> str | None:
    return Links(links.first, day).behind(name, **_filters(wanted)) if day else None


def _filters(wanted: FactsWanted) -> dict[str, object]:
    only = ("agent", "team", "in_target", "band", "score", "won_back")
    return {each: getattr(wanted, each) for each in only if getattr(wanted, each) not in {"", None}}


def _only(name: str, wanted: FactsWanted, speech: Speech) -> list[str]:
    """What the list is narrowed to, in words."""
    kept = "satisfied" if name in behind.RATED else "in_target"
    said = {
        "agent": lambda: speech.person(wanted.agent),
        "team": lambda: (
            speech.say("no_team") if wanted.team == behind.NO_TEAM else speech.team(wanted.team)
        ),
        "in_target": lambda: speech.say(kept if wanted.in_target == "true" else f"not_{kept}"),
        "band": lambda: band_said(wanted.band or 0, speech),
        "won_back": lambda: speech.say(f"won_back_{wanted.won_back}"),
        "score": lambda: speech.say("score_is", score=speech.score(name, wanted.score or 0)),
    }
    return [said[each]() for each in _filters(wanted)]


PAGES = (Page(ROUTE, listed),)
