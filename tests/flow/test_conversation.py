"""Customers of five languages come through the demo shop's script, at noon and on Shabbat; what they
are promised is kept by the clock."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kesher import store, words
from kesher.domain import conversation as talks
from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer, customer_id
from kesher.domain.decision import Decision
from kesher.domain.message import Outbound
from kesher.domain.when import when
from local import shopfile
from local.machine import DEMO_SECRETS, DEMO_SHOP, Machine, secrets_in
from local.outside.answers import answer
from local.outside.shop_events import Move
from local.world import Clock

NOA, DANIEL = "+972502345678", "+972523456789"
NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
SHABBAT = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
SOON = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 29, 7, 10, tzinfo=UTC)
"""Ten minutes after nine there: what is promised to whoever asks while the shop is closed."""
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Speech:
    greeting: str
    hours: str
    order: str
    back: str
    """They want to return something."""
    two: str
    person: str
    sunday: str
    at: str
    """Ten past nine."""


SPEECHES = {
    "he": Speech(
        "שלום", "מתי אתם פתוחים?", "איפה ההזמנה שלי?", "אני רוצה להחזיר", "שתיים", "אפשר נציג?",
        "יום ראשון", "9:10",
    ),
    "fa": Speech(
        "سلام", "ساعت کاری شما چیست؟", "سفارش من کجاست؟", "میخواهم مرجوع کنم", "۲",
        "میخواهم با پشتیبان صحبت کنم", "یکشنبه", "۹:۱۰",
    ),
    "en": Speech(
        "Hello", "When are you open?", "Where is my order?", "I want to return it", "two",
        "Can I talk to a person?", "Sunday", "9:10",
    ),
    "ar": Speech(
        "السلام عليكم", "ما هي ساعات العمل؟", "أين طلبي؟", "أريد إرجاع الطلب", "٢",
        "أريد التحدث مع موظف", "الأحد", "9:10",
    ),
    "ru": Speech(
        "Здравствуйте", "Когда вы работаете?", "Где мой заказ?", "Хочу вернуть заказ", "2",
        "Позовите оператора", "воскресенье", "9:10",
    ),
}  # fmt: skip


def machine_at(now: datetime) -> Machine:
    shop = shopfile.read(DEMO_SHOP)
    return Machine(shop, secrets_in(DEMO_SECRETS), clock=Clock(fixed=now))


@pytest.fixture
def shabbat() -> Iterator[Machine]:
    with machine_at(SHABBAT) as running:
        yield running


def said(machine: Machine, words: str, number: str = NOA) -> str:
    """What a customer is answered; nothing where the shop is silent."""
    before = len(machine.received(number))
    machine.text(number, words)
    machine.world.run()
    return "\n".join(each["text"] for each in machine.received(number)[before:])


def told(machine: Machine, by: datetime, language: str) -> str:
    """When a person will answer, as a customer reads it now."""
    zone = ZoneInfo(machine.shop.timezone)
    return words.voice(machine.shop).when(when(by, machine.clock.now(), zone), language)


def known(machine: Machine, number: str = NOA) -> Customer:
    shop = machine.shop.shop
    customer, _ = store.load_customer(shop, customer_id(shop, number, ""))
    assert customer is not None
    return customer


def talk(machine: Machine, number: str = NOA) -> Conversation:
    conversation = known(machine, number).conversation
    assert conversation is not None
    return conversation


def put(machine: Machine, conversation: Conversation) -> None:
    """What an agent does at the desk."""
    customer = replace(known(machine), conversation=conversation)
    store.commit(Decision((customer,)), machine.shop)


def say(machine: Machine, word: str, language: str, **values: str) -> str:
    return words.voice(machine.shop).say(word, language, **values)


@pytest.mark.parametrize(
    ("now", "by"), [(NOON, SOON), (FRIDAY_EVENING, SUNDAY), (SHABBAT, SUNDAY)],
    ids=["noon", "Friday evening", "Shabbat"],
)  # fmt: skip
@pytest.mark.parametrize("language", SPEECHES)
def test_every_customer_gets_through(language: str, now: datetime, by: datetime) -> None:
    speech = SPEECHES[language]
    with machine_at(now) as machine:
        assert said(machine, speech.hours) == machine.shop.bot.answers["opening_hours"][language]

        machine.order_event(Move("1001", "shipped", phone=NOA, language=language))
        machine.world.run()
        assert "#1001" in said(machine, speech.order)

        menu = said(machine, speech.greeting)
        assert f"5. {say(machine, 'menu_person', language)}" in menu
        person = said(machine, speech.person)
        promise = told(machine, by, language)
        assert say(machine, "handed_over", language, when=promise) in person
        assert (say(machine, "closed_now", language) in person) == (now != NOON)
        assert ((speech.sunday in promise), (speech.at in promise)) == (now != NOON, now != NOON)
        assert (talk(machine).state, talk(machine).promised_at) == ("waiting", by)

        machine.order_event(Move("1002", "shipped", phone=DANIEL, language=language))
        machine.world.run()
        noted = said(machine, speech.back, DANIEL)
        assert say(machine, "return_noted", language, order="#1002") in noted
        waiting = talk(machine, DANIEL)
        assert (waiting.state, waiting.order) == ("waiting", "#1002")


@pytest.mark.parametrize("language", SPEECHES)
def test_a_return_is_chosen_from_the_menu_by_its_number(language: str) -> None:
    speech = SPEECHES[language]
    with machine_at(NOON) as machine:
        said(machine, speech.greeting)
        noted = said(machine, speech.two)

        assert say(machine, "return_asked", language) in noted
        assert say(machine, "promise", language, when=told(machine, SOON, language)) in noted


@pytest.mark.parametrize("twice", [False, True])
def test_a_promise_that_will_be_missed_is_owned_up_to_once_and_before(
    shabbat: Machine, *, twice: bool
) -> None:
    shabbat.world.deliver_twice = twice
    said(shabbat, "Can I talk to a person?")
    before = len(shabbat.received(NOA))
    shabbat.world.advance(SUNDAY - timedelta(minutes=6) - shabbat.clock.now())
    assert len(shabbat.received(NOA)) == before

    shabbat.world.advance(timedelta(minutes=6) - SECOND)
    owned = shabbat.received(NOA)[before:]
    by = SUNDAY + timedelta(minutes=10)
    assert [each["text"] for each in owned] == [
        say(shabbat, "late", "en", when=told(shabbat, by, "en"))
    ]
    assert (talk(shabbat).promised_at, talk(shabbat).told_late) == (by, True)

    shabbat.world.advance(timedelta(days=2))
    assert len(shabbat.received(NOA)) == before + 1


def test_a_clock_that_comes_late_still_owns_up_once_and_promises_what_is_ahead(
    shabbat: Machine,
) -> None:
    said(shabbat, "Can I talk to a person?")
    before = len(shabbat.received(NOA))
    shabbat.clock.offset += SUNDAY + timedelta(minutes=33) - shabbat.clock.now()
    shabbat.world.advance(timedelta(minutes=2))

    (owned,) = shabbat.received(NOA)[before:]
    by = talk(shabbat).promised_at
    assert by is not None
    assert shabbat.clock.now() < by
    assert owned["text"] == say(shabbat, "late", "en", when=told(shabbat, by, "en"))
    shabbat.world.advance(timedelta(days=1))
    assert len(shabbat.received(NOA)) == before + 1


def test_a_promise_that_could_not_be_told_does_not_come_behind_its_correction() -> None:
    with machine_at(NOON) as machine:
        hosts = dict(machine.world.hosts)
        machine.world.hosts.update(dict.fromkeys(hosts, lambda _: answer(429, {})))
        assert said(machine, "Can I talk to a person?") == ""
        machine.world.advance(timedelta(minutes=8))
        machine.world.hosts.update(hosts)
        machine.world.advance(timedelta(hours=3))

        promise, owned = store.history(machine.shop.shop, known(machine).id)[1:]
        assert isinstance(promise, Outbound)
        assert (promise.status, promise.valid_until) == ("expired", SOON - timedelta(minutes=2))
        assert [each["text"] for each in machine.received(NOA)] == [owned.text]


def test_a_promise_that_is_kept_is_not_owned_up_to(shabbat: Machine) -> None:
    said(shabbat, "Can I talk to a person?")
    taken = talks.taken(talk(shabbat), "dana", SUNDAY)
    put(shabbat, talks.replied(taken))
    before = len(shabbat.received(NOA))
    shabbat.world.advance(timedelta(days=3))

    assert len(shabbat.received(NOA)) == before
    assert talk(shabbat).state == "assigned"


def test_who_asks_again_is_told_the_same_promise(shabbat: Machine) -> None:
    said(shabbat, "Can I talk to a person?")
    assert said(shabbat, "My vase is broken") == ""
    again = said(shabbat, "I want to talk to a person")

    assert again == " ".join(
        [
            say(shabbat, "added", "en"),
            say(shabbat, "promise", "en", when=told(shabbat, SUNDAY, "en")),
        ]
    )


def test_a_stop_in_the_middle_of_a_question_is_a_stop(machine: Machine) -> None:
    said(machine, "menu")
    assert said(machine, "STOP") == say(machine, "opted_out", "en")
    assert said(machine, "2") == ""
    assert talk(machine).state == "waiting"

    machine.world.advance(timedelta(hours=1))
    assert len(machine.received(NOA)) == 2
    assert said(machine, "START") == say(machine, "opted_in", "en")


def test_who_stops_while_waiting_is_not_told_that_it_takes_longer(machine: Machine) -> None:
    said(machine, "Can I talk to a person?")
    said(machine, "STOP")
    before = len(machine.received(NOA))
    machine.world.advance(timedelta(hours=1))

    assert len(machine.received(NOA)) == before


def test_the_script_is_silent_while_an_agent_has_the_conversation(machine: Machine) -> None:
    said(machine, "Can I talk to a person?")
    put(machine, talks.replied(talks.taken(talk(machine), "dana", SOON)))
    for words_ in ("menu", "1", "When are you open?", "👍", "agent"):
        assert said(machine, words_) == ""

    waiting = talk(machine)
    assert (waiting.state, waiting.agent, waiting.step) == ("assigned", "dana", None)
    assert waiting.waiting_since == machine.clock.now()


def test_an_agent_who_leaves_a_customer_waiting_gives_them_back(machine: Machine) -> None:
    """A new promise is made for them and told, and owned up to like any other."""
    said(machine, "Can I talk to a person?")
    put(machine, talks.replied(talks.taken(talk(machine), "dana", SOON)))
    said(machine, "Are you still there?")
    before = len(machine.received(NOA))
    machine.world.advance(talks.LEASE + timedelta(minutes=1))

    back = talk(machine)
    assert (back.state, back.agent, back.waiting_since) == ("waiting", "dana", NOON)
    assert back.promised_at is not None
    assert machine.received(NOA)[before:][0]["text"].startswith("A person will answer you here, ")
    machine.world.advance(timedelta(hours=1))
    assert len(machine.received(NOA)) == before + 2


def test_a_promise_that_is_far_ahead_outlives_the_lease(shabbat: Machine) -> None:
    """Who is given back early on Sunday is not told that it takes longer while there is time."""
    said(shabbat, "Can I talk to a person?")
    put(shabbat, talks.taken(talk(shabbat), "dana", SHABBAT + talks.LEASE))
    before = len(shabbat.received(NOA))
    shabbat.world.advance(timedelta(hours=1))

    assert (talk(shabbat).state, talk(shabbat).promised_at) == ("waiting", SUNDAY)
    assert len(shabbat.received(NOA)) == before
    shabbat.world.advance(SUNDAY - SECOND - shabbat.clock.now())
    assert len(shabbat.received(NOA)) == before + 1


@pytest.mark.parametrize(("hours", "same"), [(71, True), (73, False)])
def test_a_closed_conversation_is_reopened_within_the_shops_window(
    machine: Machine, hours: int, *, same: bool
) -> None:
    said(machine, "Can I talk to a person?")
    first = talk(machine)
    put(machine, talks.closed(talks.taken(first, "dana", SOON), machine.clock.now()))
    machine.world.advance(timedelta(hours=hours))
    said(machine, "When are you open?")

    again = talk(machine)
    assert (again.id == first.id, again.state) == (same, "waiting" if same else "scripted")
    assert again.agent == ("dana" if same else None)


def test_a_conversation_with_the_script_alone_begins_anew_after_a_day(machine: Machine) -> None:
    said(machine, "menu")
    first = talk(machine).id
    machine.world.advance(talks.RESTED)

    assert "menu" not in said(machine, "4")
    assert talk(machine).id != first


def test_thanks_end_a_conversation_with_the_script_alone(machine: Machine) -> None:
    said(machine, "When are you open?")
    assert said(machine, "thanks!") == say(machine, "welcome", "en")
    assert talk(machine).state == "closed"


def test_who_says_ok_keeps_no_person_waiting(machine: Machine) -> None:
    said(machine, "מתי אתם פתוחים?")
    for ok in ("אוקיי", "👍"):
        assert said(machine, ok) == say(machine, "all_right", "he")
    assert (talk(machine).state, talk(machine).promised_at) == ("scripted", None)
    assert f"5. {say(machine, 'menu_person', 'he')}" in said(machine, "לא")
