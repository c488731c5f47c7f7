"""Notes in a customer's thread: there for the desk, and for nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from kesher import store
from kesher.domain.customer import customer_id
from kesher.domain.decision import Decision
from kesher.domain.note import noted
from kesher.domain.shop import Agent
from kesher.store.table import customer_key, table
from local import faults
from local.machine import Machine
from local.outside.shop_events import Move
from local.world import Call
from tests.builders import NOW
from tests.builders import customer as somebody
from tests.desk.caller import MINUTE, NOA, Caller, said, signed_in

HERS = customer_id("demo", NOA, "")
PATH = f"/conversations/{HERS}"
WORDS = "לא להציע לה שוב החלפה, היא כעסה"


@pytest.fixture
def dana(machine: Machine) -> Caller:
    machine.text(NOA, "The bottle came broken")
    machine.world.run()
    return signed_in(machine, "dana")


def note(caller: Caller, text: str = WORDS, **more: Any) -> Any:
    return caller.post(f"{PATH}/note", {"text": text}, **more)


def thread(caller: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = said(caller.get(PATH))["texts"]
    return found


def test_a_note_stands_in_the_thread_and_no_phone_gets_it(machine: Machine, dana: Caller) -> None:
    machine.world.advance(MINUTE)
    before = machine.received(NOA)
    kept = said(note(dana))
    machine.world.advance(MINUTE)
    dana.post(f"{PATH}/reply", {"text": "A new one is on its way"})
    machine.world.run()
    shown = thread(signed_in(machine, "shirin"))[-2:]

    assert [each["direction"] for each in shown] == ["note", "out"]
    assert (shown[0]["id"], shown[0]["text"], shown[0]["written_by"]) == (
        kept["note"],
        WORDS,
        "dana",
    )
    assert (shown[0]["channel"], shown[0]["status"], shown[0]["media"]) == (None, None, [])
    assert shown[0]["conversation"] == said(dana.get(PATH))["conversation"]["id"]
    assert len(machine.received(NOA)) == len(before) + 1
    assert not any(WORDS in each["text"] for each in machine.received(NOA))


def test_a_note_is_a_new_version_and_changes_nothing_else(machine: Machine, dana: Caller) -> None:
    shirin = signed_in(machine, "shirin")
    shirin.post(f"{PATH}/take", None)
    before = said(dana.get(PATH))
    note(dana)
    after = said(dana.get(PATH))
    reply = {"text": "We will exchange it"}

    assert after["etag"] != before["etag"]
    assert shirin.post(f"{PATH}/reply", reply, if_match=before["etag"]).status == 412
    assert after["conversation"] == before["conversation"]
    assert [each for each in after["texts"] if each["direction"] != "note"] == before["texts"]


def test_the_same_note_is_kept_once_and_another_of_the_same_words_again(dana: Caller) -> None:
    first = note(dana, key="k")
    again = note(dana, key="k")
    note(dana, key="k2")

    assert said(again) == said(first)
    assert said(note(dana, "Another", key="k"))["code"] == "key-reused"
    assert [each["direction"] for each in thread(dana)].count("note") == 2


@pytest.mark.parametrize("nth", [1, 2, 3, 4])
@pytest.mark.parametrize("mode", [faults.killed_before, faults.killed_after])
def test_a_note_whose_room_dies_is_kept_once_when_it_is_asked_again(
    machine: Machine, dana: Caller, mode: Any, nth: int
) -> None:
    mode(faults.in_room("desk", "dynamodb"), nth).install(machine.world)
    answers = []
    for _ in range(3):
        answers.append(note(dana, key="k").status)
        machine.world.advance(timedelta(seconds=31))

    assert answers[-1] == 200
    assert len(store.load_person("demo", HERS).notes) == 1


def test_a_note_that_is_written_while_the_customer_changes_is_kept(
    machine: Machine, dana: Caller
) -> None:
    def meanwhile(call: Call) -> None:
        if call.operation == "TransactWriteItems":
            machine.world.before.remove(meanwhile)
            customer, _ = store.load_customer("demo", HERS)
            assert customer is not None
            store.commit(Decision((customer,)), machine.shop)

    machine.world.before.append(meanwhile)
    assert note(dana).status == 200
    assert len(store.load_person("demo", HERS).notes) == 1


def test_a_buyer_who_has_not_written_may_be_noted_of(machine: Machine) -> None:
    machine.order_event(Move("1001", "confirmed", phone=NOA))
    machine.world.run()
    dana = signed_in(machine)

    assert note(dana).status == 200
    assert [each["conversation"] for each in thread(dana) if each["direction"] == "note"] == [None]


def test_notes_are_read_backwards_with_the_texts(machine: Machine, dana: Caller) -> None:
    for n in range(3):
        machine.world.advance(MINUTE)
        note(dana, f"Note {n}")
    whole = [each["id"] for each in thread(dana)]
    found: list[str] = []
    before = ""
    while before is not None:
        page = said(dana.get(PATH, f"limit=2&before={before}"))
        found = [each["id"] for each in page["texts"]] + found
        before = page["before"]

    assert found == whole


def test_a_note_expires_when_a_text_of_its_time_does(machine: Machine, dana: Caller) -> None:
    kept, replied = note(dana), dana.post(f"{PATH}/reply", {"text": "Hello"})
    keys = [f"note#{said(kept)['note']}", f"message#{said(replied)['message']}"]
    rows = [table().get(customer_key("demo", HERS), each) for each in keys]

    assert rows[0].expires_at == rows[1].expires_at


@pytest.mark.parametrize("text", ["", " \n", "\x00", "x" * 2001, None, 7])
def test_a_note_that_says_nothing_or_too_much_is_refused(dana: Caller, text: Any) -> None:
    assert note(dana, text).status == 400


@pytest.mark.parametrize("id", ["x", "0" * 32])
def test_of_a_customer_who_is_not_there_nothing_is_noted(dana: Caller, id: str) -> None:
    assert dana.post(f"/conversations/{id}/note", {"text": WORDS}).status == 404


def test_a_note_is_named_by_who_wrote_what_under_which_key() -> None:
    dana, yael = Agent("dana", "Dana", "care"), Agent("yael", "Yael", "care")
    ids = {
        noted(somebody(), agent, text, key, NOW).id
        for agent, text, key in [
            (dana, "a", "k"),
            (yael, "a", "k"),
            (dana, "b", "k"),
            (dana, "a", "l"),
        ]
    }

    assert len(ids) == 4
    assert noted(somebody(), dana, "a", "k", NOW + MINUTE).id in ids
