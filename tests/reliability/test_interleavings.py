"""Two rooms at work on one customer at once, in every order their calls can have."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import requests

from kesher import store
from kesher.desk import attend
from kesher.desk.attend import Snoozing, Written
from kesher.desk.route import Answered, Asked, NoQuery
from kesher.domain.customer import Customer
from kesher.domain.shop import Limits
from kesher.errors import Held
from local import push
from local.machine import Machine
from local.outside.answers import answer
from local.queue import Letter
from local.world import Host
from tests.reliability import promises
from tests.reliability.interleaver import Actor, Attendant, Meeting, Schedule, every, taken
from tests.reliability.promises import Rest
from tests.reliability.scenarios import Stage, demo
from tests.reliability.summary import counted

MOST = 300
REST = timedelta(hours=1)
Actors = tuple[Actor | Attendant, Actor | Attendant]
Handler = Callable[[Asked], Answered]


@dataclass(frozen=True)
class Ended:
    rest: Rest
    meeting: Meeting

    @property
    def stage(self) -> Stage:
        return self.rest.stage

    @property
    def customer(self) -> Customer:
        customer, _ = store.load_customer("demo", self.stage.customer)
        assert customer is not None
        return customer

    def after(self, first: tuple[str, str], then: tuple[str, str]) -> bool:
        """Whether one call succeeded after another had."""
        done = self.meeting.done
        return first in done and then in done[done.index(first) :]


@dataclass(frozen=True)
class Pair:
    """What is prepared, and what must come of it."""

    prepare: Callable[[Stage], Actors]
    check: Callable[[Ended], None]
    rest: timedelta = REST
    crossing: bool = False
    """A text may be on its way to the provider when its customer's STOP is committed."""

    def __str__(self) -> str:
        return self.prepare.__name__


def text(stage: Stage, name: str, words: str) -> Actor:
    stage.simulated(words)
    return Actor(name, "converse", "answer", *taken(stage.machine.world, "MessagesQueue"))


def order(stage: Stage, name: str, kind: str) -> Actor:
    stage.moves(kind)
    return Actor(name, "notify", "tell", *taken(stage.machine.world, "OrdersQueue"))


def queued_notice(stage: Stage) -> str:
    """The id of a notice whose announcement is still in the outbox queue."""
    stage.moves("confirmed")
    while not stage.machine.world.queues["OutboxQueue"].letters:
        assert stage.machine.world._deliver()
    return stage.ours()[0].id


def sending(stage: Stage, name: str) -> Actor:
    return Actor(name, "send", "send", *taken(stage.machine.world, "OutboxQueue"))


def receipt(stage: Stage, name: str, message: str, **form: str) -> Actor:
    path = f"/hooks/demo/channels/twilio/receipts/{message}"
    stage.machine.twilio._post(path, {"MessageSid": "SM0", "To": stage.phone, **form})
    queue, letter = taken(stage.machine.world, "ReceiptsQueue")
    return Actor(name, "receipt", "note", queue, letter)


def two_texts(stage: Stage) -> Actors:
    return text(stage, "first", "When are you open?"), text(stage, "second", "It came broken")


def one_conversation(ended: Ended) -> None:
    assert len({each.conversation for each in ended.rest.received}) == 1
    """Each is answered; and an hour later the promise of a person has been owned up to."""
    assert (len(ended.rest.received), len(ended.rest.told)) == (2, 3)
    assert ended.customer.automatic == 2


def one_text_twice(stage: Stage) -> Actors:
    first = text(stage, "first", "When are you open?")
    return first, Actor("again", first.room, first.function, first.queue, copy_of(first.letter))


def copy_of(letter: Letter) -> Letter:
    return replace(letter, id="")


def told_once(ended: Ended) -> None:
    assert len(ended.rest.told) == len(ended.rest.ours) == 1


def a_text_and_an_order_event(stage: Stage) -> Actors:
    return text(stage, "text", "When are you open?"), order(stage, "order", "confirmed")


def both_told(ended: Ended) -> None:
    assert len(ended.rest.received) == 1
    assert len(ended.rest.told) == 2
    _, orders = store.load_customer("demo", ended.stage.customer)
    assert len(orders) == 1
    assert ended.customer.channel == "simulator"


def one_order_event_twice(stage: Stage) -> Actors:
    first = order(stage, "first", "confirmed")
    return first, Actor("again", first.room, first.function, first.queue, copy_of(first.letter))


def two_events_of_one_order(stage: Stage) -> Actors:
    confirmed = order(stage, "confirmed", "confirmed")
    return confirmed, order(stage, "shipped", "shipped")


def shipping_told_once(ended: Ended) -> None:
    """Which of the two is told first rests on their queue, where an order is a group."""
    assert sum("is on its way" in each for each in ended.rest.told) == 1
    assert len(ended.rest.told) == len(set(ended.rest.told))


def stop_and_a_claim(stage: Stage) -> Actors:
    queued_notice(stage)
    claim = sending(stage, "claim")
    return text(stage, "stop", "STOP"), claim


def nothing_claimed_after_stop(ended: Ended) -> None:
    transaction = "TransactWriteItems"
    assert ended.customer.opted_out
    assert not ended.after(("stop", transaction), ("claim", transaction))
    claimed = ("claim", transaction) in ended.meeting.done
    assert [each.status for each in ended.rest.ours if each.message_class == "informational"] == [
        "delivered" if claimed else "suppressed"
    ]


def stop_and_an_order_event(stage: Stage) -> Actors:
    return text(stage, "stop", "STOP"), order(stage, "order", "confirmed")


def only_the_stop_confirmed(ended: Ended) -> None:
    assert ended.customer.opted_out
    assert sorted(each.status for each in ended.rest.ours) == ["delivered", "suppressed"]


def two_claims(stage: Stage) -> Actors:
    queued_notice(stage)
    first = sending(stage, "first")
    return first, Actor("second", first.room, first.function, first.queue, copy_of(first.letter))


def one_provider_call(ended: Ended) -> None:
    assert [operation for _, operation in ended.meeting.done].count("POST") == 1
    assert [each.status for each in ended.rest.ours] == ["delivered"]


def two_claims_of_the_last_part(stage: Stage) -> Actors:
    """Of two notices, whichever is claimed first uses up the shop's day."""
    for number in ("1001", "1002"):
        stage.moves("confirmed", number)
        queue, letter = taken(stage.machine.world, "OrdersQueue")
        Actor(number, "notify", "tell", queue, letter).work(stage.machine.world.clock.now())
    limits = Limits(parts_per_day=stage.ours()[0].parts)
    push.push(replace(stage.machine.shop, limits=limits))
    warm(stage)
    return sending(stage, "first"), sending(stage, "second")


def one_within_the_budget(ended: Ended) -> None:
    """The other has the next day's, which begins just before it is no longer worth telling."""
    assert [operation for _, operation in ended.meeting.done].count("POST") == 1
    assert [each.status for each in ended.rest.ours] == ["delivered", "delivered"]


def attending(stage: Stage, agent: str, deed: Handler, said: object = None) -> Attendant:
    """Dana's or another's request about the stage's customer."""
    person = stage.machine.shop.agent(agent)
    assert person is not None
    shop, now = stage.machine.shop, stage.machine.world.clock.now()
    asked = Asked(person, shop, now, {"customer": stage.customer}, NoQuery(), said, key=agent)
    return Attendant(agent, lambda: deed(asked))


def waiting(stage: Stage) -> None:
    """Whoever has been told by when a person answers."""
    stage.simulated("The bottle came broken")
    stage.run()


def two_agents_reply(stage: Stage) -> tuple[Attendant, Attendant]:
    waiting(stage)
    return (
        attending(stage, "dana", attend.reply_to_customer, Written("A new one is on its way")),
        attending(stage, "amir", attend.reply_to_customer, Written("We give you your money back")),
    )


def answered_by_one(ended: Ended) -> None:
    """The other is told who has the customer."""
    refused = [each for each in ended.meeting.actors if each.lost]
    (other,) = refused
    (holder,) = (each.name for each in ended.meeting.actors if not each.lost)
    assert isinstance(other.lost, Held)
    assert f"({holder})" in str(other.lost)
    assert [each.written_by for each in ended.rest.ours if each.written_by] == [holder]
    talk = ended.customer.conversation
    assert talk is not None
    assert (talk.state, talk.agent, talk.waiting_since) == ("assigned", holder, None)


def a_text_and_a_reply(stage: Stage) -> tuple[Actor, Attendant]:
    waiting(stage)
    writes = text(stage, "text", "Is anyone there?")
    return writes, attending(stage, "dana", attend.reply_to_customer, Written("Here I am"))


def both_heard(ended: Ended) -> None:
    """Whoever wrote after the reply waits for the next one; whoever wrote before has been answered."""
    transaction = "TransactWriteItems"
    talk = ended.customer.conversation
    assert talk is not None
    assert talk.agent == "dana"
    assert len(ended.rest.received) == 2
    assert sum(each.written_by == "dana" for each in ended.rest.ours) == 1
    after = ended.after(("dana", transaction), ("text", transaction))
    waits = talk.state == "waiting" or talk.waiting_since is not None
    assert waits == after


def a_text_and_a_snooze(stage: Stage) -> tuple[Actor, Attendant]:
    waiting(stage)
    attending(stage, "dana", attend.reply_to_customer, Written("Here I am")).act()
    stage.run()
    until = stage.machine.world.clock.now() + timedelta(days=1)
    writes = text(stage, "text", "Is anyone there?")
    return writes, attending(stage, "dana", attend.snooze_conversation, Snoozing(until))


def nobody_who_waits_is_hidden(ended: Ended) -> None:
    """Whoever comes first: the agent is refused, or the text ends the snooze."""
    talk = ended.customer.conversation
    assert talk is not None
    assert talk.waiting_since is not None
    assert talk.snoozed_until is None
    assert len(ended.rest.received) == 2


def a_receipt_and_the_recording(stage: Stage) -> Actors:
    message = queued_notice(stage)
    noted = receipt(stage, "receipt", message, MessageStatus="delivered")
    noted.may_start = lambda: bool(stage.got())
    return sending(stage, "send"), noted


def a_refusal_and_a_text(stage: Stage) -> Actors:
    """The provider knows of an opt-out that we have not heard of."""
    stage.twilio("When are you open?", "SM1")
    while not stage.machine.world.queues["OutboxQueue"].letters:
        assert stage.machine.world._deliver()
    stage.machine.world.hosts["twilio.localhost"] = refusing_once(stage.machine)
    refused = sending(stage, "refused")
    stage.twilio("It came broken", "SM2")
    queue, letter = taken(stage.machine.world, "MessagesQueue")
    return refused, Actor("text", "converse", "answer", queue, letter)


def an_opting_out_receipt_and_a_text(stage: Stage) -> Actors:
    message = queued_notice(stage)
    stage.run()
    opted_out = {"MessageStatus": "failed", "ErrorCode": "21610"}
    noted = receipt(stage, "receipt", message, **opted_out)
    return noted, text(stage, "text", "It came broken")


def opted_out_and_heard(ended: Ended) -> None:
    assert ended.customer.opted_out
    assert ended.customer.conversation is not None
    assert "It came broken" in {each.text for each in ended.rest.received}


PAIRS = (
    Pair(two_texts, one_conversation),
    Pair(one_text_twice, told_once),
    Pair(a_text_and_an_order_event, both_told),
    Pair(one_order_event_twice, told_once),
    Pair(two_events_of_one_order, shipping_told_once),
    Pair(stop_and_a_claim, nothing_claimed_after_stop, crossing=True),
    Pair(stop_and_an_order_event, only_the_stop_confirmed),
    Pair(two_claims, one_provider_call),
    Pair(two_claims_of_the_last_part, one_within_the_budget, rest=timedelta(hours=13)),
    Pair(two_agents_reply, answered_by_one),
    Pair(a_text_and_a_reply, both_heard),
    Pair(a_text_and_a_snooze, nobody_who_waits_is_hidden),
    Pair(a_receipt_and_the_recording, one_provider_call),
    Pair(a_refusal_and_a_text, opted_out_and_heard),
    Pair(an_opting_out_receipt_and_a_text, opted_out_and_heard),
)


def refusing_once(machine: Machine) -> Host:
    def refuse(_: requests.PreparedRequest) -> requests.Response:
        machine.world.hosts["twilio.localhost"] = machine.twilio
        return answer(400, {"code": 21610, "message": "unsubscribed recipient"})

    return refuse


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_however_two_rooms_meet_every_promise_holds(pair: Pair) -> None:
    def play(schedule: Schedule) -> None:
        counted("interleavings")
        with demo() as stage:
            warm(stage)
            meeting = Meeting(stage.machine.world, pair.prepare(stage), schedule)
            meeting.run()
            stage.machine.world.advance(pair.rest)
            if pair.crossing:
                stage.against_their_wish.clear()
            with explained(meeting):
                pair.check(Ended(promises.kept(stage), meeting))

    assert every(play, MOST) > 1


@contextmanager
def explained(meeting: Meeting) -> Iterator[None]:
    try:
        yield
    except AssertionError as error:
        error.add_note(f"calls: {meeting.done}")
        raise


def warm(stage: Stage) -> None:
    """The rooms have read their shop."""
    store.load_shop(stage.machine.shop.shop)
