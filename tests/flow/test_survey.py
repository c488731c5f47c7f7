"""A conversation is closed, and its customer is asked how it was: on the whole system, by the clock."""

import re
from datetime import date, timedelta

import pytest

from kesher import store
from kesher.domain.customer import customer_id
from local.machine import Machine
from tests.desk.caller import Caller, said, signed_in

NOA = "+972502345678"
MINUTE = timedelta(minutes=1)
TODAY = date(2026, 11, 23)
PEOPLE = ("dana", "shirin", "amir")


def got(machine: Machine) -> list[str]:
    return [each["text"] for each in machine.received(NOA)]


def phone(machine: Machine, agent: str) -> str:
    found = machine.shop.agent(agent)
    assert found
    return found.phone or ""


def alerts(machine: Machine, agent: str) -> list[str]:
    """Without the marks that keep numbers in their place."""
    got = machine.received(phone(machine, agent))
    return [re.sub("[\u200e\u200f]", "", each["text"]) for each in got]


def texts(machine: Machine, text: str) -> list[str]:
    """What comes back."""
    before = len(got(machine))
    machine.text(NOA, text)
    machine.world.run()
    return got(machine)[before:]


@pytest.fixture
def dana(machine: Machine) -> Caller:
    return signed_in(machine)


@pytest.fixture
def asked(machine: Machine, dana: Caller) -> str:
    """The question that the phone got after Dana had closed."""
    texts(machine, "אפשר נציג?")
    path = f"/conversations/{customer_id('demo', NOA, '')}"
    dana.post(f"{path}/reply", {"text": "החלפנו לכם"})
    closed = dana.post(f"{path}/close", {"farewell": True})
    assert said(closed)["state"] == "closed"
    machine.world.run()
    before = len(got(machine))
    machine.world.advance(16 * MINUTE)
    (question,) = got(machine)[before:]
    return question


@pytest.mark.parametrize("answer", ["۲", "שתיים", "⭐⭐"])
def test_a_low_score_is_asked_why_and_its_reason_reaches_the_queue(
    machine: Machine, dana: Caller, asked: str, answer: str
) -> None:
    assert "Zayit: " in asked
    assert "דנה" in asked
    (why,) = texts(machine, answer)
    (promise,) = texts(machine, "לא ענו לי שלושה ימים")
    waits = said(dana.get("/conversations"))["items"]

    assert "מה היה אפשר לעשות טוב יותר" in why
    assert "מענה אנושי" in promise
    assert [(each["state"], each["agent"]) for each in waits] == [("waiting", "dana")]
    scores = [each for each in store.counts("demo", TODAY) if each.measure == "score"]
    assert [(each.figure, each.agent, each.value, each.n) for each in scores] == [
        ("csat", "dana", 2, 1)
    ]


def test_a_good_score_gets_thanks_and_nothing_more(machine: Machine, asked: str) -> None:
    assert texts(machine, "5") == ["תודה רבה על התשובה!"]
    before = got(machine)
    machine.world.advance(timedelta(days=4))

    assert got(machine) == before


def test_a_survey_that_is_delivered_twice_asks_once(machine: Machine, dana: Caller) -> None:
    machine.world.deliver_twice = True
    texts(machine, "אפשר נציג?")
    path = f"/conversations/{customer_id('demo', NOA, '')}"
    dana.post(f"{path}/close", {"farewell": False})
    before = len(got(machine))
    machine.world.advance(timedelta(days=1))

    assert len(got(machine)) == before + 1


@pytest.mark.parametrize("answer", ["۲", "שתיים", "⭐⭐"])
def test_a_low_score_climbs_to_the_owner_who_reads_why_and_takes_it(
    machine: Machine, dana: Caller, asked: str, answer: str
) -> None:
    """Of Dana, who was rated, the lead and the owner, the last one answers."""
    assert "דנה" in asked
    texts(machine, answer)
    (told,) = alerts(machine, "dana")
    assert told.splitlines()[1] == f'"{answer}"'
    texts(machine, "לא ענו לי שלושה ימים")
    (matter,) = said(dana.get("/escalations"))["items"]
    assert (matter["kind"], matter["about"]) == ("low_rating", "2: לא ענו לי שלושה ימים")

    machine.world.advance(16 * MINUTE)
    assert [len(alerts(machine, each)) for each in PEOPLE] == [1, 1, 0]
    machine.world.advance(15 * MINUTE)
    (alert,) = alerts(machine, "amir")
    assert alert.splitlines()[1] == '"2: לא ענו לי שלושה ימים"'

    machine.text(phone(machine, "amir"), "taken")
    machine.world.run()
    before = [len(alerts(machine, each)) for each in PEOPLE]
    machine.world.advance(25 * MINUTE)
    taken = said(dana.get(f"/escalations/{matter['id']}"))["escalation"]
    assert (taken["state"], taken["taken_by"]) == ("taken", "amir")
    assert [len(alerts(machine, each)) for each in PEOPLE] == before


def test_a_low_score_that_nobody_takes_reaches_everybody_and_stays_in_sight(
    machine: Machine, dana: Caller, asked: str
) -> None:
    texts(machine, "⭐")
    machine.world.advance(timedelta(hours=2))
    (matter,) = said(dana.get("/escalations"))["items"]

    assert [len(alerts(machine, each)) for each in PEOPLE] == [1, 1, 1]
    assert (matter["kind"], matter["state"]) == ("low_rating", "nobody")
