"""An order is told to another phone against a code that came to its own."""

import re
from datetime import timedelta
from typing import Any

import pytest

from local.machine import Machine
from local.outside.shop_events import Move

NOA = "+972502345678"
DANA = "+972523456789"
SPOKEN = {
    "he": ("הזמנה 2002", "הקוד הוא {code}", "בדרך אליכם"),
    "en": ("where is order 2002?", "it says {code}", "on its way"),
}


def said(machine: Machine, words: str, who: str = NOA) -> str:
    """The answer to a text, and nothing else that was said to them meanwhile."""
    machine.text(who, words)
    machine.world.run()
    return str(machine.received(who)[-1]["text"])


def code(machine: Machine) -> str:
    (found,) = re.findall(r"(?<!\d)\d{6}(?!\d)", codes(machine)[-1])
    return str(found)


def codes(machine: Machine) -> list[str]:
    got: list[dict[str, Any]] = machine.received(DANA)
    return [each["text"] for each in got if re.search(r"(?<!\d)\d{6}(?!\d)", each["text"])]


@pytest.fixture(autouse=True)
def shipped(machine: Machine) -> None:
    for kind in ("confirmed", "shipped"):
        machine.order_event(Move("2002", kind, phone=DANA, language="he"))
        machine.world.run()


@pytest.mark.parametrize("language", SPOKEN)
def test_two_phones_prove_an_order_together(machine: Machine, language: str) -> None:
    asks, answers, state = SPOKEN[language]
    before = len(machine.received(NOA))

    said(machine, asks)
    assert "2002" in codes(machine)[-1]
    told = said(machine, answers.format(code=code(machine)))

    assert "2002" in told
    assert state in told or "RR123456785IL" in told
    assert "Dana" not in told
    assert len(machine.received(NOA)) == before + 2


def test_a_number_of_nobodys_is_answered_alike_and_texts_nobody(machine: Machine) -> None:
    real = said(machine, "order 2002")
    texted = len(codes(machine))

    empty = said(machine, "order 7777", "+972541111111")

    assert real.replace("2002", "7777") == empty
    assert (texted, len(codes(machine))) == (1, 1)


def test_a_buyer_who_said_stop_gets_no_code(machine: Machine) -> None:
    said(machine, "STOP", DANA)
    before = len(machine.received(DANA))

    said(machine, "order 2002")

    assert len(machine.received(DANA)) == before


def test_a_day_has_three_codes_of_an_order_whoever_asks(machine: Machine) -> None:
    answers = {said(machine, "order 2002", f"+97254111111{n}") for n in range(5)}

    assert len(codes(machine)) == 3
    assert len(answers) == 1


def test_a_late_code_goes_to_a_person(machine: Machine) -> None:
    said(machine, "order 2002")
    machine.world.advance(timedelta(minutes=11))

    assert "too late" in said(machine, f"code {code(machine)}")


def test_an_order_of_ones_own_older_than_the_ten_newest_needs_no_code(machine: Machine) -> None:
    for n in range(11):
        machine.order_event(Move(f"{3000 + n}", "confirmed", phone=DANA, language="en"))
        machine.world.run()

    told = said(machine, "where is order 2002?", DANA)

    assert "RR123456785IL" in told
    assert codes(machine) == []
