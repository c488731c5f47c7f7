"""How a conversation may be closed: with what was agreed, which is proposed, and in which words the
customer is told."""

from itertools import product

from kesher import calendars, store, words
from kesher.desk import summary
from kesher.desk.conversations import customer_asked
from kesher.desk.pages.page import Page, View
from kesher.desk.pages.speech import Speech
from kesher.desk.route import Answered, Asked, Body, Route
from kesher.desk.summary import ProposedSummary
from kesher.domain import sms
from kesher.domain.agreed import Agreed, Link
from kesher.domain.attend import Case, Ending, last_words
from kesher.domain.scene import House
from kesher.errors import NotFound
from kesher.settings import settings

HIDDEN = "…"
"""In place of a token that is yet to be drawn."""


class LastWords(Body, frozen=True):
    """What the customer reads when the conversation is closed so."""

    farewell: bool
    summary: bool
    text: str
    parts: int
    """On SMS."""


class Endings(Body, frozen=True):
    may_be_told: bool
    was_unhappy: bool
    """They gave a low score in this conversation."""
    language: str
    items: list[LastWords]


def endings(asked: Asked) -> Answered:
    customer, _ = store.load_buyer(asked.shop.shop, customer_asked(asked), ())
    if customer is None or customer.conversation is None:
        raise NotFound("no such customer, or they have not written yet")
    voice = words.voice(asked.shop)
    case = Case(customer, asked.agent, House(voice, calendars.calendar(asked.shop)), asked.now)
    items = [_last_words(case, asked.drawn, *each) for each in product((True, False), repeat=2)]
    told = "conversational" not in customer.stopped
    unhappy = "low_rating" in customer.conversation.raised
    return Answered(Endings(told, unhappy, voice.language(customer.language), items))


def _last_words(case: Case, token: str, farewell: bool, summed_up: bool) -> LastWords:
    agreed = Agreed("", Link(settings().public_url, token)) if summed_up else None
    text = sms.plain(last_words(case, Ending(farewell, agreed=agreed)))
    parts = sms.plan(text).parts if text else 0
    return LastWords(farewell, summed_up, text.replace(token, HIDDEN), parts)


def ways(found: Endings, asked: Asked, speech: Speech) -> View:  # noqa: ARG001
    return View("closing.html", {"customer": asked.path["customer"], "endings": found})


def proposal(proposed: ProposedSummary, asked: Asked, speech: Speech) -> View:  # noqa: ARG001
    return View("proposal.html", {"text": proposed.text})


PAGES = (
    Page(
        Route(
            "GET",
            "/conversations/{customer}/close",
            "agent",
            "How it may be closed",
            endings,
            Endings,
            refuses=(NotFound,),
        ),
        ways,
    ),
    Page(summary.ROUTES[0], proposal),
)
