"""The words of the desk's pages: the same in every language, and each of them used."""

import re
from pathlib import Path

import pytest

from kesher.desk import pages, words
from kesher.domain.customer import MessageClass
from kesher.domain.message import RANK
from kesher.domain.render import fields

FOLDER = Path(pages.__file__).parent
NAMES = sorted(words.words("en"))
MADE = (
    *("refused_", "status_", "order_", "class_", "language_", "own_name_", "state_", "blank_"),
    *("offer_", "kind_", "matter_", "behind_", "figure_", "means_", "rating_", "rated_"),
    *("satisfied_", "not_", "won_back_"),
)
"""The beginnings of those that a name is put behind."""


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_language_has_the_same_words_with_the_same_fields(language: str) -> None:
    own, english = words.words(language), words.words("en")
    assert set(own) == set(english)
    assert {name: fields(own[name]) for name in own} == {n: fields(english[n]) for n in english}


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_no_word_is_empty_or_has_marks_of_its_own(language: str) -> None:
    for name, word in words.words(language).items():
        assert word == word.strip() != "", name
        assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", word), name


@pytest.mark.parametrize("language", ["he", "fa"])
def test_a_language_of_other_letters_is_written_in_them(language: str) -> None:
    letters = {"he": "[\u05d0-\u05ea]", "fa": "[\u0621-\u06cc]"}[language]
    told = {n: word for n, word in words.words(language).items() if not n.startswith("own_name_")}
    of_values = {"day_and_time", "weekday_and_date", "band", "nps_is", "percent"}
    assert {name for name, word in told.items() if not re.search(letters, word)} <= of_values


def test_every_word_is_used() -> None:
    sources = [*FOLDER.glob("*.py"), *(FOLDER / "templates").glob("*.html")]
    whole = "\n".join(each.read_text(encoding="utf-8") for each in sources)
    unused = [
        n for n in NAMES if not n.startswith(MADE) and not re.search(rf"[\"']{n}[\"']", whole)
    ]
    assert unused == []


def test_every_status_and_every_class_has_its_word() -> None:
    classes = MessageClass.__args__  # type: ignore[attr-defined]
    assert {f"status_{each}" for each in RANK} == {n for n in NAMES if n.startswith("status_")}
    assert {f"class_{each}" for each in classes} == {n for n in NAMES if n.startswith("class_")}


def test_a_value_turns_nothing_around_it() -> None:
    assert words.say("en", "held", who="\u202eaoN\u2069") == "With \u2068aoN\u2069"
