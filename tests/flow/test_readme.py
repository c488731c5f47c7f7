"""The conversations that README prints are those the demo shop has."""

import re
from datetime import UTC, datetime

import pytest

from local import shopfile
from local.machine import DEMO_SECRETS, DEMO_SHOP, Machine, secrets_in
from local.outside.shop_events import Move
from local.template import ROOT
from local.world import Clock

NOA = "+972502345678"
MARKS = str.maketrans("", "", "\u200e\u200f")
TEN_PAST_NOON = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
SHABBAT = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
PRINTED = [
    block
    for block in re.findall(r"```\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    if re.search(r"^(customer|לקוח) ", block, re.MULTILINE)
]


def turns(block: str) -> list[tuple[str, str]]:
    """Who, and what they say. A line that begins with blanks goes on with what was said before it."""
    said: list[tuple[str, str]] = []
    for line in block.splitlines():
        who, text = line[:10].strip(), line[10:].strip()
        if not line.strip():
            continue
        if who or text.startswith("("):
            said.append((who, text))
        else:
            said[-1] = (said[-1][0], f"{said[-1][1]}\n{text}")
    return said


def test_readme_prints_conversations() -> None:
    assert len(PRINTED) == 3


@pytest.mark.parametrize("block", PRINTED, ids=["he", "en", "shabbat"])
def test_a_printed_conversation_is_the_one_that_is_had(block: str) -> None:
    clock = Clock(fixed=SHABBAT if "(on Shabbat)" in block else TEN_PAST_NOON)
    shop = shopfile.read(DEMO_SHOP)
    with Machine(shop, secrets_in(DEMO_SECRETS), clock=clock) as machine:
        for who, text in turns(block):
            if who in {"customer", "לקוח"}:
                machine.text(NOA, text)
            elif text == "(the order ships)":
                machine.order_event(Move("1001", "shipped", phone=NOA, language="he"))
            elif who:
                assert machine.received(NOA)[-1]["text"].translate(MARKS) == text
            machine.world.run()
        answers = [text for who, text in turns(block) if who in {"shop", "החנות"}]
        assert len(machine.received(NOA)) == len(answers)
