"""What an agent does with a customer: one POST each. Whoever has the conversation is named where
another is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated

from msgspec import Meta

from kesher import calendars, queues, store, words
from kesher.desk.conversations import Holder, Team, Version, customer_asked
from kesher.desk.route import Answered, Asked, Body, Given, Route, etag
from kesher.domain import attend, outbox, watch
from kesher.domain.agreed import Agreed, Link
from kesher.domain.attend import Case, Ending, HeldByAnother, NotHere, NotThen, WantsNoTexts
from kesher.domain.conversation import NotNow, State
from kesher.domain.customer import Customer
from kesher.domain.decision import Decision
from kesher.domain.escalation import Escalation, NotPossible, WonBack
from kesher.domain.scene import House
from kesher.domain.text import clean
from kesher.errors import Changed, Conflict, Held, NotFound, OptedOut, Refusal, Unreadable
from kesher.settings import settings

SOMETHING_TO_READ = "[^\\s\\x00-\\x20\\x7f-\\xa0\\ufffe\\uffff]"
LONGEST_REPLY = 1000
"""Characters: 7 parts of an SMS in English, 15 in Hebrew."""


LONGEST_SUMMARY = 2000
SummaryText = Annotated[
    str, Meta(min_length=1, max_length=LONGEST_SUMMARY, pattern=SOMETHING_TO_READ)
]


class Written(Given, frozen=True):
    """What the agent writes. Their name and role are put under the first text they write."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_REPLY, pattern=SOMETHING_TO_READ)]


class Snoozing(Given, frozen=True):
    until: Annotated[
        datetime, Meta(tz=True, description="An instant ahead of us, at most 30 days away.")
    ]


class PassedOn(Given, frozen=True):
    """To whom: a team, an agent, or an agent in another team."""

    team: str | None = None
    agent: str | None = None


class Closing(Given, frozen=True):
    farewell: Annotated[
        bool, Meta(description="Whether the customer gets thanks and an invitation to come back.")
    ]
    rate: Annotated[
        bool, Meta(description="Whether they may be asked how it was; not for spam, say.")
    ] = True
    summary: Annotated[
        SummaryText | None, Meta(description="What was agreed: the customer gets a link to it.")
    ] = None
    won_back: Annotated[
        WonBack | None,
        Meta(description="Of one who gave a low score: whether they are content now, if known."),
    ] = None


class Attended(Body, frozen=True):
    """How the conversation is now."""

    customer: str
    etag: Version
    conversation: str
    state: State
    team: Team
    agent: Holder
    message: Annotated[str | None, Meta(description="The id of the text that leaves.")] = None


Deed = Callable[[Case], Decision]


def take_conversation(asked: Asked) -> Answered:
    return _done(asked, attend.take)


def reply_to_customer(asked: Asked) -> Answered:
    written: Written = asked.said
    text = clean(written.text).strip()
    cause = f"desk/{asked.agent.id}/{asked.key}/{text}"
    return _done(asked, partial(attend.reply, text=text, cause=cause), cause)


def snooze_conversation(asked: Asked) -> Answered:
    snoozing: Snoozing = asked.said
    return _done(asked, partial(attend.snooze, until=snoozing.until))


def give_conversation_back(asked: Asked) -> Answered:
    ahead = store.count_waiting(asked.shop.shop)
    return _done(asked, partial(attend.give_back, ahead=ahead))


def transfer_conversation(asked: Asked) -> Answered:
    to: PassedOn = asked.said
    if not to.team and not to.agent:
        raise Unreadable("the body: name a team, an agent, or both")
    ahead = store.count_waiting(asked.shop.shop)
    return _done(asked, partial(attend.transfer, team=to.team, agent=to.agent, ahead=ahead))


def close_conversation(asked: Asked) -> Answered:
    closing: Closing = asked.said
    cause = f"desk/{asked.agent.id}/{asked.key}/farewell"
    agreed = _agreed(asked, closing.summary) if closing.summary else None
    ending = Ending(closing.farewell, closing.rate, agreed)
    deed = partial(attend.close, cause=cause, ending=ending)
    return _done(asked, deed, cause if closing.farewell or agreed else None, closing.won_back)


def _agreed(asked: Asked, text: str) -> Agreed:
    _, orders = store.load_customer(asked.shop.shop, customer_asked(asked))
    return Agreed(clean(text).strip(), Link(settings().public_url, asked.drawn), orders)


def reopen_conversation(asked: Asked) -> Answered:
    return _done(asked, attend.reopen)


@store.retried
def _done(
    asked: Asked, deed: Deed, cause: str | None = None, won_back: WonBack | None = None
) -> Answered:
    """Decided on what is stored now, and on what is stored then, if that lost a race. A text that is
    there was written by this same request, and may not have been announced: what the agent says next
    must not overtake it."""
    id, shop = customer_asked(asked), asked.shop
    message = outbox.text_id(id, cause) if cause else None
    customer, said = store.load_buyer(shop.shop, id, (message,) if message else ())
    if customer is None:
        raise NotFound("no such customer")
    if said:
        queues.announce_again(said)
        return Answered(_attended(customer, message))
    house = House(words.voice(shop), calendars.calendar(shop))
    case = Case(customer, asked.agent, house, asked.now)
    decided = _decided(deed, case)
    matters = store.load_matters(shop.shop, watch.touched(customer, decided))
    timed = watch.timed(decided, house, asked.now)
    decision = _settling(timed, matters, case, won_back)
    if decision.records:
        asked.must_have_seen(etag(customer.version))
    store.commit(decision, shop)
    queues.announce(decision)
    return Answered(_attended(_as_stored(customer, decision), message))


def _decided(deed: Deed, case: Case) -> Decision:
    try:
        return deed(case)
    except HeldByAnother as error:
        raise Held(error.holder) from error
    except WantsNoTexts as error:
        raise OptedOut(str(error)) from error
    except NotThen as error:
        raise Unreadable(f"the body: {error}") from error
    except (NotNow, NotHere) as error:
        raise Conflict(str(error)) from error


def _settling(
    decision: Decision, matters: tuple[Escalation, ...], case: Case, won_back: WonBack | None
) -> Decision:
    try:
        return watch.attended(decision, matters, case, won_back)
    except NotPossible as error:
        raise Conflict(str(error)) from error


def _as_stored(customer: Customer, decision: Decision) -> Customer:
    changed = [each for each in decision.records if isinstance(each, Customer)]
    return replace(changed[0], version=customer.version + 1) if changed else customer


def _attended(customer: Customer, message: str | None) -> Attended:
    talk = customer.conversation
    if talk is None:
        raise NotFound("this customer has not written yet")
    return Attended(
        customer=customer.id,
        etag=etag(customer.version),
        conversation=talk.id,
        state=talk.state,
        team=talk.team,
        agent=talk.agent,
        message=message,
    )


def _route(
    deed: str,
    does: str,
    handler: Callable[[Asked], Answered],
    takes: type[Given] | None = None,
    refuses: tuple[type[Refusal], ...] = (Conflict, Held),
) -> Route:
    return Route(
        "POST",
        f"/conversations/{{customer}}/{deed}",
        "agent",
        does,
        handler,
        Attended,
        takes=takes,
        refuses=(NotFound, Changed, *refuses),
        versioned=True,
    )


ROUTES = (
    _route("take", "I answer this customer from now on", take_conversation),
    _route(
        "reply",
        "A text to the customer",
        reply_to_customer,
        Written,
        (Conflict, Held, OptedOut),
    ),
    _route("snooze", "Out of my way, until it is time", snooze_conversation, Snoozing),
    _route("give-back", "Back to the queue", give_conversation_back),
    _route("transfer", "To another team or agent", transfer_conversation, PassedOn),
    _route(
        "close",
        "It has come to its end",
        close_conversation,
        Closing,
        (Conflict, Held, OptedOut),
    ),
    _route("reopen", "It goes on, with me", reopen_conversation, refuses=(Conflict,)),
)
