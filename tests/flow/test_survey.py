"""A conversation is closed, and its customer is asked how it was: on the whole system, by the clock."""

from datetime import date, timedelta

import pytest

from kesher import store
from kesher.domain.customer import customer_id
from local.machine import Machine
from tests.desk.caller import Caller, said, signed_in

NOA = "+972502345678"
MINUTE = timedelta(minutes=1)
TODAY = date(2026, 11, 23)


def got(machine: Machine) -> list[str]:
    return [each["text"] for each in machine.received(NOA)]


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


def test_a_low_score_alerts_people_and_the_owner_reads_why(
    machine: Machine, dana: Caller, asked: str
) -> None:
    texts(machine, "2")
    texts(machine, "לא ענו לי שלושה ימים")
    (matter,) = said(dana.get("/escalations"))["items"]
    machine.world.advance(90 * MINUTE)
    owner = machine.shop.agent("amir")
    assert owner is not None
    alerts = [each["text"] for each in machine.received(owner.phone or "")]

    assert (matter["kind"], matter["about"]) == ("low_rating", "2: לא ענו לי שלושה ימים")
    assert any("לא ענו לי שלושה ימים" in each for each in alerts)
    machine.text(owner.phone or "", "taken")
    machine.world.run()
    taken = {each["kind"]: each for each in said(dana.get("/escalations"))["items"]}["low_rating"]
    assert (taken["state"], taken["taken_by"]) == ("taken", "amir")
