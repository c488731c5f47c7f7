"""Anger, measured on labelled texts. `angry.tsv` is what the words were chosen by; `angry_held_out.tsv`
was written afterwards and nothing was changed for it. Calm texts are those of both, and the 1,359 that
understanding is measured on, of which the five that this test names are angry indeed."""

from pathlib import Path

import pytest

from kesher import words
from kesher.domain.anger import Anger
from tests.builders import voice
from tests.understanding.measure import ANY_SHOP

HERE = Path(__file__).parent
ANGER = words.anger(ANY_SHOP)
ANGRY_ALL_THE_SAME = {
    "terrible service, never buying from you again",
    "שירות גרוע לא קונה אצלכם יותר",
    "خدماتتون افتضاحه",
    "خدمتكم سيئة جدا",
    "ужасный сервис",
}


def labelled(name: str, label: str | None = None) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    return [text for _, its, text in rows if label in {its, None}]


def test_what_the_words_were_chosen_by_is_told_apart() -> None:
    angry, calm = labelled("angry.tsv", "angry"), labelled("angry.tsv", "calm")

    assert (len(angry), len(calm)) == (75, 75)
    assert [each for each in angry if not ANGER.is_in(each)] == []
    assert [each for each in calm if ANGER.is_in(each)] == []


def test_half_of_the_anger_that_nothing_was_chosen_by_is_heard() -> None:
    angry = labelled("angry_held_out.tsv")

    assert (len(angry), sum(map(ANGER.is_in, angry))) == (40, 21)


def test_no_question_is_taken_for_anger() -> None:
    asked = labelled("tuned.tsv") + labelled("held_out.tsv")

    assert len(asked) == 1359
    assert {each for each in asked if ANGER.is_in(each)} == ANGRY_ALL_THE_SAME


@pytest.mark.parametrize(
    ("text", "angry"),
    [
        ("THIEVES!!!", True),
        ("Thieves, all of you", True),
        ("we are not angry at all", False),
        ("עצבני? אני לא עצבני", True),
        ("אני לא עצבני", False),
        ("عصبانی نیستم", False),
        ("عصبانی‌ام", True),
        ("fed, up", True),
        ("it was fed up there", True),
        ("feed up", False),
        ("", False),
        ("👍", False),
    ],
)
def test_words_count_in_their_order_unless_they_are_taken_back(text: str, angry: bool) -> None:
    assert angry == ANGER.is_in(text)


def test_a_shop_has_words_of_its_own() -> None:
    own = voice(
        escalation=type(ANY_SHOP.escalation)(angry={"he": ["על הפנים"], "en": ["way too late"]})
    )

    assert own.is_angry("השירות שלכם על הפנים")
    assert own.is_angry("This is WAY too late.")
    assert not voice().is_angry("השירות שלכם על הפנים")


def test_who_knows_no_words_hears_none() -> None:
    assert not Anger([]).is_in("thieves")
    assert not Anger(["", "?!"]).is_in("?!")
