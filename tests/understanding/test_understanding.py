import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher import words
from kesher.domain.shop import Bot, Question
from kesher.domain.stem import words as words_of
from kesher.domain.text import fold
from kesher.domain.understanding import COURTESY, LONGEST_QUESTION, Guess
from tests.understanding.measure import ANY_SHOP, measured, table, utterances

UTTERANCES = utterances()
KNOWN = words.understanding(ANY_SHOP)
PHRASES = [
    (topic, phrase)
    for language in words.LANGUAGES
    for topic, phrases in words.asks(language).items()
    for phrase in phrases
]
PRECISION = {"tuned": 0.98, "held out": 0.97}
RECALL = {"tuned": 0.96, "held out": 0.8}
PRECISION_OF_A_LANGUAGE = 0.95
RECALL_OF_A_LANGUAGE = 0.72


def understand(text: str) -> Guess:
    return KNOWN.understand(fold(text))


@pytest.mark.parametrize("part", ["tuned", "held out"])
def test_texts_are_understood_no_worse_than_they_were(part: str) -> None:
    print(table())
    found = measured(each for each in UTTERANCES if each.part == part)

    assert found.precision >= PRECISION[part]
    assert found.recall >= RECALL[part]


@pytest.mark.parametrize("part", ["tuned", "held out"])
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_no_language_is_understood_much_worse_than_the_others(part: str, language: str) -> None:
    found = measured(e for e in UTTERANCES if (e.part, e.language) == (part, language))

    assert found.precision >= PRECISION_OF_A_LANGUAGE
    assert found.recall >= RECALL_OF_A_LANGUAGE


def test_the_labelled_set_is_what_it_says() -> None:
    labels = {*words.asks("en"), "none"}
    languages = Counter(each.language for each in UTTERANCES)
    none = sum(each.label == "none" for each in UTTERANCES)

    assert {each.label for each in UTTERANCES} == labels
    assert set(languages) == set(words.LANGUAGES)
    assert min(languages.values()) >= 250
    assert 0.25 <= none / len(UTTERANCES) <= 0.35
    assert len({(each.language, fold(each.text)) for each in UTTERANCES}) >= len(UTTERANCES) - 5


@pytest.mark.parametrize(
    "text",
    [
        "my refund never arrived",
        "the hours on the watch I bought are wrong",
        "I did not get my refund",
        "לא קיבלתי את ההחזר",
        "پولم هنوز برنگشته",
        "المنتج وصل مكسور",
        "деньги за возврат так и не пришли",
    ],
)
def test_trouble_is_for_a_person(text: str) -> None:
    guess = understand(text)

    assert (guess.topic, guess.options) == (None, ())


def test_two_questions_in_one_text_are_asked_about() -> None:
    guess = understand("what are your opening hours and how much is shipping")

    assert guess.topic is None
    assert {"opening_hours", "shipping"} == set(guess.options)


def test_whoever_asks_for_a_person_is_heard_whatever_the_trouble() -> None:
    assert understand("this is broken, I want to talk to a person").topic == "person"


def test_a_story_is_for_a_person() -> None:
    assert understand("where is my order " + "please " * LONGEST_QUESTION) == Guess()


def test_scores_begin_with_the_likeliest() -> None:
    guess = understand("what are your opening hours")

    assert guess.scores[0][0] == guess.topic == "opening_hours"
    assert list(guess.scores) == sorted(guess.scores, key=lambda each: -each[1])


def test_a_shop_adds_questions_of_its_own() -> None:
    parking = Question({"en": ["parking", "where can I park"]}, {"en": "Behind the shop."})
    known = words.understanding(
        replace(ANY_SHOP, languages=["en"], bot=Bot(questions={"parking": parking}))
    )

    assert known.understand(fold("Is there any parking?")).topic == "parking"
    assert known.understand(fold("where can i parkk")).topic == "parking"
    assert understand("Is there any parking?").topic is None


_MARKS = st.sampled_from(["\u200e", "\u200f", "\u202b", "\u2067", "\u2069", "\u061c", "\u0640"])


@given(st.sampled_from(UTTERANCES), st.data())
@settings(max_examples=300)
def test_marks_spaces_emoji_and_case_change_nothing(utterance: object, data: st.DataObject) -> None:
    text = str(getattr(utterance, "text", ""))
    place = data.draw(st.integers(0, len(text)))
    marked = text[:place] + data.draw(_MARKS) + text[place:]
    decorated = f"  {marked.upper()}  🙏🏽 !!\n".replace(" ", "   ")

    assert understand(text) == understand(decorated)


_NONSENSE = [
    word
    for word in ("qzxv", "wvkj", "jjqa", "vzbk", "ъыщэ", "щъфы", "ץףקצ", "זזגץ", "ژغضظ", "ظغثذ")
    if not any(word in words_of(fold(phrase)) for _, phrase in PHRASES)
]


@given(st.lists(st.sampled_from(_NONSENSE), max_size=12))
def test_a_text_without_a_known_word_says_nothing(said: list[str]) -> None:
    guess = understand(" ".join(said))

    assert (guess.topic, guess.options) == (None, ())


@given(st.text(max_size=300))
def test_any_text_gets_a_guess(text: str) -> None:
    guess = understand(text)

    assert guess.topic in {None, *words.asks("en")}
    assert len(guess.options) <= 3
    assert not (guess.topic and guess.options)
    assert not COURTESY & set(guess.options)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("openning hours", "opening_hours"),
        ("how much is delivrey", "shipping"),
        ("representaitve", "person"),
        ("מדניות החזרה", "returns"),
        ("איפה ההזמה שלי", "order"),
        ("هزینه ارسالل", "shipping"),
        ("ساعات العممل", "opening_hours"),
        ("стоимость даставки", "shipping"),
        ("позовите опиратора", "person"),
    ],
)
def test_one_typing_error_in_a_long_word_is_forgiven(text: str, topic: str) -> None:
    assert topic == understand(text).topic


def test_of_all_phrases_with_a_typing_error_few_are_lost_and_hardly_any_mistaken() -> None:
    chance = random.Random(0)  # noqa: S311 (the same errors in every run)
    results = Counter[str]()
    for topic, phrase in PHRASES:
        said = fold(phrase).split()
        for place in (at for at, word in enumerate(said) if len(word) >= 7):
            guess = KNOWN.understand(" ".join(_mistyped(said, place, chance)))
            results["right" if guess.topic == topic else "wrong" if guess.topic else "lost"] += 1

    assert results["right"] / results.total() >= 0.87
    assert results["wrong"] / results.total() <= 0.03


def _mistyped(said: list[str], place: int, chance: random.Random) -> list[str]:
    word = said[place]
    at = chance.randrange(2, len(word) - 1)
    wrong = chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
        ]
    )
    return [*said[:place], wrong, *said[place + 1 :]]
