"""What a customer seems to have answered, with a number among other words: confirmed by a person, or
dismissed."""

from typing import Annotated

from msgspec import Meta

from kesher import calendars, queues, store, words
from kesher.desk.conversations import customer_asked
from kesher.desk.route import Answered, Asked, Body, Given, Route, etag
from kesher.domain import guessing
from kesher.domain.decision import Decision
from kesher.domain.guessing import Doubt, NotAGuess, OwnRating
from kesher.domain.scene import House
from kesher.domain.survey import Verdict
from kesher.errors import Changed, Conflict, Forbidden, NotFound


class Judged(Given, frozen=True):
    verdict: Verdict


class GuessJudged(Body, frozen=True):
    customer: str
    message: Annotated[str, Meta(description="The id of the text in the thread.")]
    verdict: Verdict


@store.retried
def judge_guess(asked: Asked) -> Answered:
    """A repetition finds its own work done."""
    judged: Judged = asked.said
    doubt = _doubt(asked)
    decision = _decided(asked, doubt, judged.verdict)
    if decision.records:
        asked.must_have_seen(etag(doubt.customer.version))
    store.commit(decision, asked.shop)
    queues.announce(decision)
    return Answered(GuessJudged(doubt.customer.id, doubt.rating.message, judged.verdict))


def _doubt(asked: Asked) -> Doubt:
    opened = store.load_opened(asked.shop.shop, customer_asked(asked))
    if opened is None:
        raise NotFound("no such customer")
    id = asked.path["message"]
    found = [each for each in opened.ratings if each.message == id and each.guess is not None]
    if not found:
        raise NotFound("nothing was guessed from such a text")
    text = next((each.text for each in opened.texts if each.id == id), "")
    return Doubt(found[0], text, opened.customer, opened.ratings, opened.matters)


def _decided(asked: Asked, doubt: Doubt, verdict: Verdict) -> Decision:
    house = House(words.voice(asked.shop), calendars.calendar(asked.shop))
    try:
        return guessing.judged(doubt, verdict, asked.agent, house, asked.now)
    except OwnRating as error:
        raise Forbidden(str(error)) from error
    except NotAGuess as error:
        raise Conflict(str(error)) from error


ROUTES = (
    Route(
        "POST",
        "/conversations/{customer}/guesses/{message}/judge",
        "agent",
        "What a text seems to rate us with is right, or is no score",
        judge_guess,
        GuessJudged,
        takes=Judged,
        refuses=(NotFound, Conflict, Changed),
        versioned=True,
    ),
)
