"""One of the shop's people answers the alert they had."""

from dataclasses import replace

import pytest

from kesher.domain import escalation, taking
from kesher.domain.converse import Situation, decide
from kesher.domain.customer import Customer
from kesher.domain.escalation import Escalation, Occasion
from kesher.domain.message import ConversationDue, Inbound
from kesher.domain.shop import Agent
from tests.builders import (
    HOUSE,
    KESHET,
    NOW,
    customer,
    house,
    only,
    received,
    records,
    texts,
    voice,
)

DANAS = "+972502345671"
PEOPLE = [
    Agent("dana", "דנה", "שירות", languages=["he"], phone=DANAS),
    Agent("amir", "Amir", "בעלים", "owner", phone="+972502345673"),
]
SHOP = house(voice(agents=PEOPLE))


def matter(name: str, who: str) -> Escalation:
    (new,) = escalation.raised(
        Occasion("angry", name), customer(name=who), KESHET, HOUSE.calendar, NOW
    )
    return replace(new, version=1)


NOAS, DANIELS = matter("c1", "נועה"), matter("c2", "Daniel")


def dana(*matters: Escalation) -> Customer:
    return customer(DANAS, language="en", matters=tuple(each.key for each in matters), version=2)


def answers(words: str, *matters: Escalation) -> list[str]:
    text = received(words, address=DANAS)
    return texts(decide(Situation(dana(*matters), matters=matters), text, SHOP, NOW))


@pytest.mark.parametrize(
    "words",
    [
        *("TAKEN", "taken!", " Mine. ", "on it 👍", "עליי", "עלי", "לוקח", "לוקחת", "בטיפולי"),
        *("با من", "برداشتم", "استلمت", "Беру", "взяла"),
    ],
)
def test_these_take_whatever_the_language(words: str) -> None:
    assert SHOP.voice.takes(words)


@pytest.mark.parametrize("words", ["", "taken away", "not mine", "לא עליי", "when are you open?"])
def test_these_do_not(words: str) -> None:
    assert not SHOP.voice.takes(words)


def test_only_somebodys_phone_who_was_alerted_takes() -> None:
    text = received("TAKEN", address=DANAS)
    key = (NOAS.key,)

    assert taking.takes(dana(NOAS), text, SHOP.voice) == key
    assert taking.takes(dana(), text, SHOP.voice) == ()
    assert taking.takes(None, text, SHOP.voice) == ()
    assert taking.takes(customer(matters=key), received("TAKEN"), SHOP.voice) == ()
    assert taking.takes(dana(NOAS), replace(text, text="שעות?"), SHOP.voice) == ()
    due = ConversationDue("keshet", dana().id, "")
    assert taking.takes(dana(NOAS), due, SHOP.voice) == ()


def test_all_of_the_last_alert_is_theirs_in_one_write() -> None:
    text = received("עליי", address=DANAS)
    known = Situation(dana(NOAS, DANIELS), matters=(NOAS, DANIELS))
    decision = decide(known, text, SHOP, NOW)

    taken = records(Escalation, decision)
    assert [(each.state, each.taken_by, each.how) for each in taken] == [
        ("taken", "dana", "text")
    ] * 2
    assert only(Inbound, decision).text == "עליי"
    assert only(Customer, decision).matters == (NOAS.key, DANIELS.key), "who asks again is told"
    assert texts(decision) == ["תודה, הטיפול אצלכם: נועה, Daniel."]


def test_who_comes_second_is_told_who_has_it() -> None:
    amirs = escalation.taken(NOAS, "amir", "text", NOW)
    assert answers("עליי", amirs) == ["הטיפול כבר אצל \u200eAmir."]
    gone = escalation.taken(NOAS, "tal", "desk", NOW)
    assert answers("עליי", gone) == ["הטיפול כבר אצל \u200etal."]


def test_some_are_theirs_and_some_are_not() -> None:
    amirs = escalation.taken(NOAS, "amir", "text", NOW)
    (said,) = answers("עליי", amirs, DANIELS)
    assert said.splitlines() == ["תודה, הטיפול אצלכם: \u200eDaniel.", "הטיפול כבר אצל \u200eAmir."]


def test_what_is_closed_is_not_there_to_take() -> None:
    done = escalation.closed(NOAS, "amir", NOW)
    assert answers("עליי", done) == ["לא נשאר מה לקחת. תודה."]


def test_saying_it_twice_takes_it_once() -> None:
    theirs = escalation.taken(NOAS, "dana", "text", NOW)
    text = received("עליי", address=DANAS)
    decision = decide(Situation(dana(NOAS), matters=(theirs,)), text, SHOP, NOW)

    assert records(Escalation, decision) == []
    assert texts(decision) == ["תודה, הטיפול אצלכם: נועה."]


def test_a_stop_from_that_phone_is_a_stop() -> None:
    text = received("STOP", address=DANAS)
    decision = decide(Situation(dana(NOAS), matters=()), text, SHOP, NOW)
    assert "alert" in only(Customer, decision).stopped
