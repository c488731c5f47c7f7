"""An order of another's: a code goes to its phone, and has to come back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesher.domain import proof
from kesher.domain.conversation import Conversation, Proof
from kesher.domain.converse import Situation, decide, seeks
from kesher.domain.customer import STOPPABLE, Customer
from kesher.domain.decision import Decision
from kesher.domain.message import ConversationDue, Outbound
from kesher.domain.order import Order, Shipment
from kesher.domain.proof import Sought
from kesher.domain.shop import Limits, QuietHours
from kesher.domain.spending import Spend
from kesher.domain.text import fold
from kesher.domain.voice import Voice
from tests.builders import (
    NOA,
    NOW,
    SHIRIN,
    VOICE,
    customer,
    house,
    only,
    order,
    received,
    records,
    stored,
    voice,
)

CODE = "048213"
DANA = "+972523456789"
BUYER = customer(DANA, name="Dana Levi", language="en", version=3)
PARCEL = Shipment("p1", "Cheetah", "CH-77-0012", "https://cheetah.example/t/CH-77-0012")
ORDER = order(
    "confirmed", "shipped", customer=BUYER.id, address=DANA, listed_at=NOW, shipments=(PARCEL,)
)
FOUND = Sought(ORDER, BUYER)
IN_ENGLISH = customer(language="en")


def take(
    text: str,
    known: Customer = IN_ENGLISH,
    found: Sought | None = FOUND,
    minute: int = 0,
    speech: Voice = VOICE,
    orders: tuple[Order, ...] = (),
) -> Decision:
    """As the room does it: what is sought is loaded if the text turns on it, and not otherwise."""
    event = received(text, minute=minute, address=known.address)
    before, now = Situation(known, orders, code=CODE), event.received_at
    sought = found if seeks(before, event, house(speech), now) else None
    return decide(replace(before, sought=sought), event, house(speech), now)


def told(decision: Decision, to: Customer = IN_ENGLISH) -> list[str]:
    return [each.text for each in records(Outbound, decision) if each.customer == to.id]


def code_asked(found: Sought | None = FOUND) -> Customer:
    return stored(take("order 1042", found=found))


def state(known: Customer) -> str:
    assert known.conversation is not None
    return known.conversation.state


def say(word: str, language: str = "en", **values: str) -> str:
    return VOICE.say(word, language, **values)


def test_a_code_is_texted_to_the_orders_phone_and_asked_of_who_wants_to_know() -> None:
    decision = take("order 1042")
    (texted,) = [each for each in records(Outbound, decision) if each.customer == BUYER.id]

    assert [say("code_asked", order="1042")] == told(decision)
    assert say("code", order="#1042", code=CODE) == texted.text
    assert (texted.address, texted.message_class) == (DANA, "informational")
    assert texted.valid_until == NOW + timedelta(minutes=10)
    assert (only(Spend, decision).parts, only(Spend, decision).holds) == (1, 3)
    assert len(decision.owed) == 2


@pytest.mark.parametrize("language", VOICE.shop.languages)
def test_the_buyer_reads_it_in_the_language_of_the_order(language: str) -> None:
    found = Sought(replace(ORDER, language=language), BUYER)

    assert [say("code", language, order="#1042", code=CODE)] == told(
        take("order 1042", found=found), BUYER
    )


@pytest.mark.parametrize(
    "said",
    [
        "048213",
        "048 213",
        "048-213",
        " 048213! 🙏",
        "the code is 048213",
        "הקוד הוא 048213",
        "۰۴۸۲۱۳",
        "کد: ۰۴۸ ۲۱۳",
        "٠٤٨٢١٣",
    ],
)
def test_the_right_code_tells_the_order_and_nothing_of_its_buyer(said: str) -> None:
    decision = take(said, code_asked(), minute=9)
    (answer,) = [each.text for each in records(Outbound, decision)]

    assert "CH-77-0012" in answer
    assert "#1042" in answer
    assert not any(secret in answer for secret in ("Dana", "Levi", DANA, DANA[4:]))
    after = stored(decision)
    assert after.conversation is not None
    assert (after.conversation.proof, after.conversation.asked) == (None, 0)


def test_the_right_code_tells_the_day_the_order_is_expected() -> None:
    due = Sought(replace(ORDER, expected_on=date(2026, 11, 24)), BUYER)

    assert told(take(CODE, code_asked(due), due, minute=9)) == [
        "#1042: on its way. Cheetah CH-77-0012\nExpected on Tuesday."
    ]


def test_the_order_is_told_once() -> None:
    once = stored(take(CODE, code_asked(), minute=1))

    again = take(CODE, once, minute=2)

    assert "CH-77-0012" not in " ".join(told(again))


def test_a_code_still_counts_after_a_question_between() -> None:
    between = take("what are your opening hours?", code_asked(), minute=1)

    assert "CH-77-0012" in told(take(CODE, stored(between), minute=2))[0]


def test_a_wrong_code_may_be_tried_three_times_and_then_it_is_a_persons() -> None:
    known = code_asked()
    for minute in (1, 2):
        decision = take("111111", known, minute=minute)
        known = stored(decision)
        assert [say("code_wrong")] == told(decision)
        assert state(known) == "scripted"

    third = take("111111", known, minute=3)

    assert told(third)[0].startswith(say("code_refused"))
    assert state(stored(third)) == "waiting"
    assert "CH-77-0012" not in " ".join(told(take(CODE, stored(third), minute=4)))


def test_the_third_try_may_be_the_right_one() -> None:
    known = code_asked()
    for minute in (1, 2):
        known = stored(take("111111", known, minute=minute))

    assert "CH-77-0012" in told(take(CODE, known, minute=3))[0]


@pytest.mark.parametrize(("minutes", "in_time"), [(10, True), (11, False), (60, False)])
def test_a_code_is_good_for_ten_minutes(minutes: int, in_time: bool) -> None:
    decision = take(CODE, code_asked(), minute=minutes)

    assert in_time == ("CH-77-0012" in told(decision)[0])
    assert in_time == (state(stored(decision)) == "scripted")


def test_a_new_code_takes_the_old_ones_place() -> None:
    first = code_asked()
    assert first.conversation is not None
    again = stored(take("order 1042", first, minute=1))
    assert again.conversation is not None
    other = replace(again.conversation, proof=first.conversation.proof)

    assert proof.is_right(first.conversation, FOUND, CODE)
    assert other.proof != again.conversation.proof


UNSEEN: dict[str, Sought | None] = {
    "no such order": None,
    "its buyer wants no texts": Sought(ORDER, replace(BUYER, stopped=STOPPABLE)),
    "its buyer wants no notices": Sought(
        ORDER, replace(BUYER, stopped=frozenset({"informational"}))
    ),
    "asked for too often today": Sought(ORDER, BUYER, texted=3),
    "its buyer was erased": Sought(
        replace(ORDER, address=None), replace(BUYER, address="erased:1")
    ),
    "its phone was corrected": Sought(ORDER, replace(BUYER, address=SHIRIN)),
}


@pytest.mark.parametrize("found", UNSEEN.values(), ids=UNSEEN)
def test_whatever_keeps_a_code_from_leaving_looks_the_same(found: Sought | None) -> None:
    """To the last step: texts, and what becomes of the conversation."""
    real, empty = take("order 1042"), take("order 1042", found=found)
    assert told(real) == told(empty)
    assert told(empty, BUYER) == []
    assert records(Spend, empty) == []
    for minute in (1, 2, 3):
        real = take("111111", stored(real), minute=minute)
        empty = take("111111", stored(empty), found, minute=minute)
        assert told(real) == told(empty)
        assert replace(stored(real), conversation=None) == replace(stored(empty), conversation=None)
    assert state(stored(real)) == state(stored(empty)) == "waiting"


@pytest.mark.parametrize("found", UNSEEN.values(), ids=UNSEEN)
def test_no_code_is_right_where_none_was_texted(found: Sought | None) -> None:
    assert [say("code_wrong")] == told(take(CODE, code_asked(found), found, minute=1))


def test_a_code_proves_the_order_it_was_texted_of_and_no_other_of_its_number() -> None:
    newer = Sought(replace(ORDER, id="9", platform="generic"), BUYER)

    assert [say("code_wrong")] == told(take(CODE, code_asked(), newer, minute=1))


def test_the_code_is_not_in_what_is_kept_of_the_conversation() -> None:
    talk = code_asked().conversation
    assert talk is not None
    assert talk.proof is not None
    assert CODE not in str(talk)
    elsewhere = replace(talk, id="another")
    assert not proof.is_right(elsewhere, FOUND, CODE)


def test_an_own_order_needs_no_code() -> None:
    mine = replace(ORDER, customer=IN_ENGLISH.id, address=NOA)
    listed = take("order 1042", orders=(mine,))
    older = take("order 1042", found=Sought(mine, IN_ENGLISH))

    assert told(listed) == told(older)
    assert "CH-77-0012" in told(listed)[0]
    assert records(Spend, older) == []


def test_a_fourth_order_of_others_within_an_hour_is_a_persons_to_look_for() -> None:
    """Whether or not the three were anybody's."""
    known = IN_ENGLISH
    for minute, found in ((0, None), (1, FOUND), (2, None)):
        asking = take(f"order {2000 + minute}", known, found, minute=minute)
        known = stored(take("what are your opening hours?", stored(asking), minute=minute))
    asked = take("order 1042", known, minute=3)

    assert told(asked)[0].startswith(say("unknown_order", order="1042"))
    assert told(asked, BUYER) == []
    assert state(stored(asked)) == "waiting"
    assert told(take("order 1042", known, minute=60), BUYER) != []


def test_it_is_one_of_the_two_guiding_questions() -> None:
    known = code_asked()
    assert known.conversation is not None
    assert known.conversation.asked == 1
    second = stored(take("order 1043", known, None, minute=1))
    third = take("order 1044", second, minute=2)

    assert told(third)[0].startswith(say("unknown_order", order="1044"))
    assert state(stored(third)) == "waiting"


def test_a_person_can_be_asked_for_instead() -> None:
    decision = take("can I talk to a person?", code_asked(), minute=1)

    assert state(stored(decision)) == "waiting"
    assert say("code_wrong") not in told(decision)


def test_in_quiet_hours_no_code_is_asked_for_that_would_come_too_late() -> None:
    night = voice(limits=Limits(quiet_hours=QuietHours("10:00", "12:00")))
    decision = take("order 1042", speech=night)

    assert told(decision)[0].startswith(say("unknown_order", order="1042"))
    assert told(decision, BUYER) == []


@pytest.mark.parametrize(
    "known",
    [
        customer(language="en", stopped=STOPPABLE),
        customer(language="en", automatic=100, automatic_since=NOW),
    ],
    ids=["opted out", "answered too often"],
)
def test_no_code_leaves_for_whom_it_is_not_asked_of(known: Customer) -> None:
    decision = take("order 1042", known)

    assert records(Outbound, decision) == []
    assert records(Spend, decision) == []
    assert stored(decision).sought == 0


def test_while_an_agent_has_them_nothing_is_looked_for() -> None:
    talk = Conversation("c1", NOW, "assigned", NOW, agent="dana")
    decision = take("order 1042", replace(IN_ENGLISH, conversation=talk))

    assert records(Outbound, decision) == []


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        "where is my order?",
        "what are your opening hours?",
        "1",
        "STOP",
        "I want to cancel order 1042 because it is late",
        "048213 is what the parcel says and nobody came",
    ],
)
def test_hardly_any_text_has_something_looked_for(text: str) -> None:
    assert seeks(Situation(IN_ENGLISH), received(text), house(), NOW) is None


def test_the_clock_has_nothing_looked_for() -> None:
    due = ConversationDue("keshet", IN_ENGLISH.id, "")

    assert seeks(Situation(code_asked()), due, house(), NOW) is None


@pytest.mark.parametrize(
    ("said", "awaited", "code"),
    [
        ("12345", True, "12345"),
        ("1234567", True, "1234567"),
        ("12345", False, None),
        ("1042", True, None),
        ("order 1042", True, None),
        ("0502345678", True, None),
        ("a person please", True, None),
        ("", True, None),
        ("123456 654321", True, None),
    ],
)
def test_what_is_a_code_and_what_is_not(said: str, awaited: bool, code: str | None) -> None:
    assert code == proof.said(fold(said), awaited=awaited)


@given(st.integers(0, 999_999))
def test_a_code_has_six_digits_and_is_read_as_it_is_written(number: int) -> None:
    code = proof.drawn({1_000_000: number}.__getitem__)

    assert (int(code), len(code)) == (number, 6)
    assert code == proof.said(fold(f"{code[:3]} {code[3:]}"), awaited=False)


def test_an_order_number_of_six_digits_is_no_code_before_one_was_asked_for() -> None:
    six = order("confirmed", number="#100200", id="1", customer=IN_ENGLISH.id)

    assert "100200" in told(take("100200", orders=(six,)))[0]


def test_a_proof_without_a_digest_is_never_right() -> None:
    talk = Conversation("c1", NOW, "scripted", NOW, proof=Proof("1042", NOW))

    assert not proof.is_right(talk, FOUND, "")
    assert not proof.is_right(replace(talk, proof=None), FOUND, CODE)
