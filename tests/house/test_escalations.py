"""`docs/escalations.md` tells of the escalation that the code has."""

import re

from kesher import words
from kesher.domain.escalation import TRANSITIONS
from kesher.domain.shop import KINDS
from tests.house.sources import ROOT

PAGE = (ROOT / "docs" / "escalations.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (open|taken|nobody) \| ([a-z ]+) \| (\w+) \|$", re.MULTILINE)


def test_the_table_has_every_transition_and_no_other() -> None:
    assert [((state, happening), after) for state, happening, after in ROW.findall(PAGE)] == [
        *TRANSITIONS.items()
    ]


def test_the_page_names_every_kind_and_every_language_has_words_for_it() -> None:
    for kind in KINDS:
        assert f"| `{kind}` |" in PAGE
        for language in words.LANGUAGES:
            assert f"alert_{kind}" in words.texts(language)
