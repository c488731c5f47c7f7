import re
from collections import Counter

import pytest

from kesher import words
from kesher.domain.rating import SCALES, Scale, read
from tests.house.sources import ROOT
from tests.ratings.measure import answers, measured, table

ANSWERS = answers()
PAGE = (ROOT / "docs" / "ratings.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| (`.+`) \| (csat|nps|thumbs) \| (\d+|a low score|ask again|not an answer)", re.M
)
EXAMPLES = [
    (answer, SCALES[scale], told)
    for row, scale, told in ROW.findall(PAGE)
    for answer in re.findall("`([^`]+)`", row)
]
RECALL = 0.97
RECALL_OF_A_LANGUAGE = 0.95
RIGHT = 0.97


@pytest.mark.parametrize("part", ["tuned", "held out"])
def test_no_score_is_ever_counted_that_was_not_given(part: str) -> None:
    print(table())
    wrong = [
        each.text
        for each in ANSWERS
        if each.part == part and each.reading.score not in {None, each.meant}
    ]

    assert wrong == []


@pytest.mark.parametrize("part", ["tuned", "held out"])
def test_hardly_a_score_is_missed(part: str) -> None:
    found = measured(each for each in ANSWERS if each.part == part)

    assert found.precision == 1.0
    assert found.recall >= RECALL
    assert found.right / found.answers >= RIGHT


@pytest.mark.parametrize("part", ["tuned", "held out"])
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_no_language_is_read_much_worse_than_the_others(part: str, language: str) -> None:
    found = measured(e for e in ANSWERS if (e.part, e.language) == (part, language))

    assert found.recall >= RECALL_OF_A_LANGUAGE


def test_the_labelled_set_is_what_it_says() -> None:
    languages = Counter(each.language for each in ANSWERS)
    held_out = sum(each.part == "held out" for each in ANSWERS)
    scores = sum(each.meant is not None for each in ANSWERS)

    assert set(languages) == set(words.LANGUAGES)
    assert {each.scale for each in ANSWERS} == set(SCALES)
    assert min(languages.values()) >= 185
    assert held_out >= 270
    assert 0.5 <= scores / len(ANSWERS) <= 0.7
    assert len({(e.language, e.scale, e.text) for e in ANSWERS}) == len(ANSWERS)


def test_a_label_is_a_score_of_its_scale_or_says_why_there_is_none() -> None:
    for each in ANSWERS:
        scale = SCALES[each.scale]
        if each.meant is None:
            assert each.label in {"again", "none"} or each.label.startswith("~")
        else:
            assert scale.low <= each.meant <= scale.top


@pytest.mark.parametrize(("answer", "scale", "told"), EXAMPLES)
def test_the_page_tells_what_answers_are_read_as(answer: str, scale: Scale, told: str) -> None:
    found = read(answer, scale)

    if told == "a low score":
        assert found.score is not None
        assert scale.is_low(found.score)
    else:
        assert told == (found.kind if found.score is None else str(found.score))


def test_the_page_has_the_figures_that_are_measured() -> None:
    assert table() in PAGE
    assert len(EXAMPLES) >= 90
    assert f"{len(ANSWERS):,} labelled answers" in PAGE
