"""The list of those whom people have to do with: who is in it, in which order, what the clock finds."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kesher import store
from kesher.domain import conversation as talks
from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer
from kesher.domain.decision import Decision
from kesher.domain.message import ConversationDue
from kesher.store import load as loading
from tests.builders import KESHET, NOW, customer
from tests.store.engines import Table

MINUTE = timedelta(minutes=1)
UNTIL = NOW + talks.LEASE


def number(n: int) -> str:
    return f"+97250234567{n}"


def waiting(n: int, minutes: int) -> Customer:
    """A customer who has waited since so many minutes after NOW, and is looked at five later."""
    since = NOW + minutes * MINUTE
    talk = Conversation(f"c{n}", since, "waiting", since, waiting_since=since)
    talk = talks.promised(talk, since + 7 * MINUTE)
    return customer(number(n), conversation=talk)


def answered(n: int) -> Customer:
    known = waiting(n, 0)
    assert known.conversation
    talk = talks.replied(talks.taken(known.conversation, "dana", UNTIL))
    return replace(known, conversation=talk, name='"waits":true')


def keep(*records: Customer) -> None:
    for each in records:
        store.commit(Decision((each,)), KESHET)


@pytest.fixture
def _counted_anew() -> None:
    loading._waiting.clear()


def looked_at(now: datetime) -> list[ConversationDue]:
    return [each for each in store.due(now) if isinstance(each, ConversationDue)]


def test_who_has_waited_longest_comes_first(table: Table) -> None:
    keep(waiting(1, 30), waiting(2, 10), waiting(3, 20))

    assert [each.card.address for each in store.desk("keshet")] == [number(2), number(3), number(1)]
    assert [*store.desk("kikar")] == []


def test_the_list_goes_on_after_a_turn(table: Table) -> None:
    keep(*(waiting(n, n) for n in range(1, 5)))
    first, second, *_ = store.desk("keshet")
    rest = store.desk("keshet", store.Place(second.since, second.customer))

    assert [first.card.address, second.card.address] == [number(1), number(2)]
    assert [each.card.address for each in rest] == [number(3), number(4)]


def test_a_conversation_leaves_the_list_when_it_is_closed(table: Table) -> None:
    noa = waiting(1, 0)
    keep(noa)
    assert noa.conversation
    keep(replace(noa, conversation=talks.closed(noa.conversation, NOW), version=1))

    assert [*store.desk("keshet")] == []


@pytest.mark.usefixtures("_counted_anew")
def test_who_is_answered_keeps_nobody_waiting(table: Table) -> None:
    keep(waiting(1, 0), waiting(2, 1), answered(3), answered(4))

    assert len([*store.desk("keshet")]) == 4
    assert store.count_waiting("keshet") == 2


def test_the_clock_finds_whom_it_has_to_look_at_and_when(table: Table) -> None:
    store.save_shop(KESHET)
    keep(waiting(1, 0), waiting(2, 10), answered(3))

    assert looked_at(NOW + 4 * MINUTE) == []
    assert [each.customer for each in looked_at(NOW + 5 * MINUTE)] == [customer(number(1)).id]
    assert len(looked_at(NOW + 15 * MINUTE)) == 2
