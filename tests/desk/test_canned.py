"""Canned replies at the desk: found, filled in, and sent as the agent's own."""

from typing import Any

import pytest

from kesher.desk.canned import Blanks
from kesher.domain.canned import BLANKS
from kesher.domain.customer import customer_id
from local.machine import Machine
from local.outside.shop_events import Move
from tests.desk.caller import NOA, Caller, said, signed_in

HERS = customer_id("demo", NOA, "")


@pytest.fixture
def dana(machine: Machine) -> Caller:
    machine.order_event(Move("1001", "confirmed", phone=NOA))
    machine.world.run()
    machine.text(NOA, "הבקבוק הגיע שבור")
    machine.world.run()
    return signed_in(machine, "dana")


def replies(caller: Caller, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = said(caller.get("/canned", f"customer={HERS}&{query}"))["items"]
    return found


def test_those_that_fit_are_filled_in_for_the_customer(dana: Caller) -> None:
    answer = said(dana.get("/canned", f"customer={HERS}"))
    by_name = {each["name"]: each for each in answer["items"]}

    assert answer["language"] == "he"
    assert "callback" not in by_name
    assert by_name["order_state"]["missing"] == []
    assert "1001" in by_name["order_state"]["text"]
    assert "אושרה ונמצאת בהכנה" in by_name["order_state"]["text"]
    assert by_name["tracking"]["missing"] == ["tracking"]
    assert by_name["new_one"]["teams"] == ["care"]
    assert all(each["parts"] >= 1 for each in by_name.values())


def test_they_are_asked_for_by_words_language_and_team(machine: Machine, dana: Caller) -> None:
    shirin = signed_in(machine, "shirin")

    assert [each["name"] for each in replies(dana, "q=תמונה")] == ["picture_please"]
    assert [each["name"] for each in replies(shirin, "language=fa&team=persian&q=تماس")] == [
        "callback"
    ]
    assert replies(dana, "language=xx") == []


def test_a_blank_is_filled_in_with_what_the_agent_gives(dana: Caller) -> None:
    (canned,) = replies(dana, "name=tracking&tracking=RR123456785IL")

    assert (canned["missing"], canned["text"][-13:]) == ([], "RR123456785IL")
    assert replies(dana, "name=no_such") == []


def test_every_blank_can_be_given() -> None:
    assert Blanks.__struct_fields__ == BLANKS


def test_one_is_changed_and_sent_as_the_agents_own(machine: Machine, dana: Caller) -> None:
    (canned,) = replies(dana, "q=new_one")
    text = f"{canned['text']} תודה על הסבלנות!"
    answered = dana.post(f"/conversations/{HERS}/reply", {"text": text})
    machine.world.run()

    assert answered.status == 200
    assert machine.received(NOA)[-1]["text"].startswith(text)


@pytest.mark.parametrize("customer", ["", "x", "0" * 32, "head%23profile"])
def test_a_customer_who_is_not_there_is_404(dana: Caller, customer: str) -> None:
    assert dana.get("/canned", f"customer={customer}").status == 404


@pytest.mark.parametrize("query", ["", "q=x", f"customer={HERS}&page=2"])
def test_a_query_that_makes_no_sense_is_refused(dana: Caller, query: str) -> None:
    assert dana.get("/canned", query).status == 400
