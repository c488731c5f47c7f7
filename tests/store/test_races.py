"""Real races on DynamoDB Local: eight threads at once, each a Lambda's invocation."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from kesher import store
from kesher.domain import attend, consent, converse, outbox
from kesher.domain.attend import Case, HeldByAnother
from kesher.domain.consent import Proof
from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer
from kesher.domain.decision import Decision, Record
from kesher.domain.message import Inbound, Outbound
from kesher.domain.outbox import Say
from kesher.domain.shop import Agent
from kesher.domain.spending import Purse
from kesher.errors import LostRace
from kesher.store.table import connection
from tests.builders import HOUSE, KESHET, NOW, customer, house, received, voice
from tests.store.engines import Table

pytestmark = pytest.mark.usefixtures("racing")

THREADS = 8
OUR_ID = customer().id
T = TypeVar("T")


def at_once(act: Callable[[int], T], threads: int = THREADS) -> list[T]:
    start = threading.Barrier(threads)

    def run(number: int) -> T:
        start.wait()
        return act(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def delivered(act: Callable[[], T]) -> T:
    """As a queue would: again until it is done."""
    for _ in range(50):
        try:
            return act()
        except LostRace:
            continue
    raise AssertionError("never done")


def keep(*records: Record) -> None:
    store.commit(Decision(records), KESHET)


def outbound(cause: str = "r1") -> Outbound:
    say = Say(cause, "informational", cause, valid=timedelta(hours=1))
    return outbox.queued(say, customer(), KESHET, NOW)


def claim(text: Outbound, owner: str) -> bool:
    """Whether this owner may now call the provider."""
    claimed = outbox.claim(store.load_outbound("keshet", text.id), KESHET, owner=owner, now=NOW)
    store.commit(claimed.decision, KESHET)
    return bool(claimed.calls)


def profile() -> Customer:
    found = store.load_buyer("keshet", OUR_ID, ())[0]
    assert found
    return found


def status(text: Outbound) -> str:
    found = store.load_outbound("keshet", text.id)
    assert found
    return found[0].status


@pytest.mark.parametrize("patient", [False, True], ids=["at their first try", "tried again"])
def test_of_eight_claims_of_one_text_exactly_one_wins(patient: bool) -> None:
    keep(customer(), outbound())

    def claims(number: int) -> bool:
        try:
            room = store.retried(claim) if patient else claim
            return room(outbound(), f"owner-{number}")
        except LostRace:
            return False

    won = at_once(claims)

    found = store.load_outbound("keshet", outbound().id)
    assert found
    assert won.count(True) == 1
    assert found[0].owner == f"owner-{won.index(True)}"
    assert (found[0].attempt, found[0].version) == (1, 2)


def test_eight_first_texts_open_one_conversation_and_are_all_stored() -> None:
    @store.retried
    def answer(minute: int) -> None:
        text = received(f"something else, {minute}", minute=minute)
        known, orders = store.load_customer("keshet", text.customer)
        store.commit(converse.decide(converse.Situation(known, orders), text, HOUSE, NOW), KESHET)

    at_once(lambda number: delivered(lambda: answer(number)))

    history = store.history("keshet", OUR_ID)
    came = [each for each in history if isinstance(each, Inbound)]
    assert {each.text for each in came} == {f"something else, {n}" for n in range(THREADS)}
    assert (len(came), len(history) - len(came)) == (THREADS, 1)
    assert len({each.conversation for each in history}) == 1
    assert (profile().version, profile().automatic) == (THREADS, 1)


def test_of_eight_agents_who_take_one_customer_one_has_them_and_seven_are_told_who() -> None:
    agents = [Agent(f"agent-{number}", f"Agent {number}", "care") for number in range(THREADS)]
    people = house(voice(agents=agents))
    keep(replace(customer(), conversation=Conversation("c1", NOW, "waiting", NOW, NOW)))

    @store.retried
    def take(agent: Agent) -> str:
        try:
            store.commit(attend.take(Case(profile(), agent, people, NOW)), KESHET)
        except HeldByAnother as error:
            return str(error)
        return ""

    told = at_once(lambda number: delivered(lambda: take(agents[number])))

    talk = profile().conversation
    assert talk is not None
    assert told.count("") == 1
    assert talk.agent == agents[told.index("")].id
    assert all(f"({talk.agent})" in each for each in told if each)
    assert profile().version == 2


def test_one_text_delivered_eight_times_at_once_is_stored_and_answered_once() -> None:
    @store.retried
    def answer() -> None:
        text = received("שלום")
        known, orders = store.load_customer("keshet", text.customer)
        store.commit(converse.decide(converse.Situation(known, orders), text, HOUSE, NOW), KESHET)

    at_once(lambda _: delivered(answer))

    assert len(store.history("keshet", OUR_ID)) == 2
    assert (profile().version, profile().automatic) == (1, 1)


def test_eight_claims_at_once_take_no_more_than_the_purse_holds() -> None:
    """Of eight texts of one part each, three may leave."""
    texts = [outbound(f"r{n}") for n in range(THREADS)]
    keep(customer())
    for each in texts:
        keep(each)
    purse = Purse("2026-11-22/0", 3)

    @store.retried
    def claims(number: int) -> bool:
        loaded, budget = store.load_claimable("keshet", texts[number].id, purse)
        claim = outbox.claim(loaded, KESHET, owner=f"owner-{number}", now=NOW, budget=budget)
        store.commit(claim.decision, KESHET)
        return bool(claim.calls)

    won = at_once(lambda number: delivered(lambda: claims(number)))

    assert won.count(True) == 3
    assert store.load_claimable("keshet", texts[0].id, purse)[1] == (purse, 3)


def test_eight_updates_of_one_customer_are_all_in_it() -> None:
    keep(customer())

    @store.retried
    def count() -> None:
        known = profile()
        keep(replace(known, automatic=known.automatic + 1))

    at_once(lambda _: delivered(count))

    assert (profile().automatic, profile().version) == (THREADS, THREADS + 1)


def test_a_stop_is_obeyed_by_every_claim_that_begins_after_it() -> None:
    texts = [outbound(str(number)) for number in range(THREADS - 1)]
    keep(customer())
    keep(*texts)
    stopped = threading.Event()

    @store.retried
    def stop() -> None:
        proof = Proof("keyword", "STOP", "twilio", "SM1")
        keep(*consent.change(profile(), "opt-out", proof, NOW))
        stopped.set()

    def race(number: int) -> tuple[bool, bool]:
        if number == len(texts):
            delivered(stop)
            return False, False
        too_late = stopped.is_set()
        return too_late, delivered(lambda: claim(texts[number], f"owner-{number}"))

    ended = at_once(race)

    assert (True, True) not in ended
    for text, (_, sends) in zip(texts, ended, strict=False):
        assert status(text) == ("claimed" if sends else "suppressed")
    assert profile().opted_out


def test_all_threads_share_one_client(racing: Table) -> None:
    assert len({id(client) for client in at_once(lambda _: connection().client)}) == 1


def test_a_thread_that_comes_first_makes_a_connection_that_all_can_use(racing: Table) -> None:
    """Only the thread that first asks for the table is given the process's session."""
    connection()._client = None

    at_once(lambda number: keep(customer(f"+97250234{number:04d}")))

    assert len(racing.rows()) == THREADS
