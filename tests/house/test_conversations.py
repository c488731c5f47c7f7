"""`docs/conversations.md` draws the conversation that the code has."""

import re

from kesher.domain import scene
from kesher.domain.conversation import TRANSITIONS
from tests.house.sources import ROOT

PAGE = (ROOT / "docs" / "conversations.md").read_text(encoding="utf-8")
DRAWING = PAGE.split("```")[1]
ROW = re.compile(r"^\| (\w+) \| ([a-z ]+) \| (\w+) \|", re.MULTILINE)


def test_the_table_has_every_transition_and_no_other() -> None:
    told = [((state, happening), after) for state, happening, after in ROW.findall(PAGE)]

    assert told == [*TRANSITIONS.items()]


def test_the_drawing_has_every_state_and_every_happening() -> None:
    for state, happening in TRANSITIONS:
        assert f"{state} " in DRAWING
        assert re.search(rf"\b{happening}\b", DRAWING), happening


def test_the_page_names_what_waits_for_an_answer() -> None:
    for step in (scene.MEANT, scene.WHICH_ORDER, scene.MESSAGE, scene.CODE):
        assert f"| `{step}` |" in PAGE
