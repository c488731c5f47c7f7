"""What a text seems to rate people with, shown beside it at the desk and settled by one tap."""

from datetime import date, timedelta

import pytest

from kesher import store
from kesher.domain.customer import customer_id
from local.machine import Machine
from tests.desk.caller import NOA, Caller, said, signed_in

MINUTE = timedelta(minutes=1)
THREAD = f"/conversations/{customer_id('demo', NOA, '')}"
MONDAY = date(2026, 11, 23)
LOW = "השליח זרק את החבילה, 1"


@pytest.fixture
def shirin(machine: Machine) -> Caller:
    return signed_in(machine, "shirin")


def guessed(machine: Machine, text: str = LOW) -> str:
    """The address of what an unhappy customer of Dana's may have meant."""
    dana = signed_in(machine)
    machine.text(NOA, "אפשר נציג?")
    machine.world.run()
    dana.post(f"{THREAD}/close", {"farewell": False})
    machine.world.advance(16 * MINUTE)
    machine.text(NOA, text)
    machine.world.run()
    (rating,) = said(dana.get(THREAD))["ratings"]
    return f"{THREAD}/guesses/{rating['message']}/judge"


def counted() -> list[tuple[str, int, int]]:
    every = store.counts("demo", MONDAY)
    return sorted((e.measure, e.value, e.n) for e in every if e.measure in {"score", "answered"})


def test_a_guess_is_shown_with_its_text_and_counts_for_nothing(
    machine: Machine, shirin: Caller
) -> None:
    guessed(machine)
    thread = said(shirin.get(THREAD))
    (rating,) = thread["ratings"]
    text = {each["id"]: each["text"] for each in thread["texts"]}[rating["message"]]

    assert (rating["guess"], rating["score"], rating["verdict"], text) == (1, None, None, LOW)
    assert counted() == []
    assert [each["state"] for each in said(shirin.get("/conversations"))["items"]] == ["waiting"]


def test_confirmed_twice_it_counts_once_and_alerts_people(machine: Machine, shirin: Caller) -> None:
    path = guessed(machine)
    for key in ("one", "one", "two"):
        assert shirin.post(path, {"verdict": "confirmed"}, key=key).status == 200
    machine.world.run()
    (rating,) = said(shirin.get(THREAD))["ratings"]
    (matter,) = said(shirin.get("/escalations"))["items"]

    assert counted() == [("answered", 0, 1), ("score", 1, 1)]
    assert (rating["score"], rating["is_low"], rating["judged_by"]) == (1, True, "shirin")
    assert (matter["kind"], matter["about"]) == ("low_rating", LOW)
    dana = machine.shop.agent("dana")
    assert dana
    assert any(LOW in each["text"] for each in machine.received(dana.phone or ""))
    refused = shirin.post(path, {"verdict": "dismissed"})
    assert (refused.status, said(refused)["code"]) == (409, "conflict")


def test_dismissed_it_never_counts(machine: Machine, shirin: Caller) -> None:
    path = guessed(machine)

    assert said(shirin.post(path, {"verdict": "dismissed"}))["verdict"] == "dismissed"
    assert shirin.post(path, {"verdict": "confirmed"}).status == 409
    assert counted() == []
    assert said(shirin.get("/escalations"))["items"] == []


def test_who_is_rated_does_not_judge_it_and_there_must_be_a_guess(
    machine: Machine, shirin: Caller
) -> None:
    path = guessed(machine)

    assert signed_in(machine).post(path, {"verdict": "dismissed"}).status == 403
    nothing = f"{THREAD}/guesses/{'0' * 20}/judge"
    assert shirin.post(nothing, {"verdict": "confirmed"}).status == 404
    nobody = f"/conversations/{'0' * 32}/guesses/{'0' * 20}/judge"
    assert shirin.post(nobody, {"verdict": "confirmed"}).status == 404
    assert shirin.post(path, {"verdict": "perhaps"}).status == 400
    assert shirin.post(path, {"verdict": "confirmed"}, if_match='"1"').status == 412
