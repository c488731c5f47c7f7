"""The ways to the desk's places, and how much there is to be done at each."""

from kesher import store
from kesher.desk.pages.page import Page, View
from kesher.desk.pages.speech import Speech
from kesher.desk.route import Answered, Asked, Body, Route

UNTAKEN = frozenset({"open", "nobody"})


class Places(Body, frozen=True):
    escalations: int
    """Those that nobody has."""
    unknown: int
    """At most 100."""


def places(asked: Asked) -> Answered:
    matters = store.escalations(asked.shop.shop)
    unknown = store.unknown(asked.shop.shop)
    return Answered(Places(sum(e.card.state in UNTAKEN for e in matters), len(unknown.texts)))


def shown(counts: Places, asked: Asked, speech: Speech) -> View:  # noqa: ARG001
    return View("places.html", {"counts": counts, "leads": asked.agent.may("lead")})


ROUTE = Route("GET", "/places", "agent", "How much there is at each place", places, Places)
PAGES = (Page(ROUTE, shown),)
