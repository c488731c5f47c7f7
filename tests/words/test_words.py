from collections import Counter
from decimal import Decimal

import pytest

from kesher import words
from kesher.domain import sms
from kesher.domain.language import RIGHT_TO_LEFT, detect
from kesher.domain.order import Money
from kesher.domain.render import fields, render
from kesher.domain.text import fold
from tests.builders import KESHET, VOICE, voice

LRM = "\u200e"
ZWNJ = "\u200c"
TEXTS = [(language, name) for language in words.LANGUAGES for name in words.texts(language)]
PHRASES = [
    (language, topic, phrase)
    for language in words.LANGUAGES
    for topic, phrases in words.asks(language).items()
    for phrase in phrases
]
TOPICS = {
    *("opening_hours", "returns", "shipping", "order", "start_return", "product", "person"),
    *("thanks", "greeting", "menu", "yes", "no", "close"),
}
CANARY = {
    "shop": "CANARY-SHOP",
    "order": "#CANARY-1042",
    "amount": "199.90",
    "carrier": "CANARY-CARRIER",
    "tracking": "CANARY-77-0012",
    "time": "20:15",
    "weekday": "CANARY-DAY",
    "date": "24 CANARY",
    "when": "CANARY at 20:15",
    "day": "on 24 CANARY",
    "name": "CANARY-NAME",
    "code": "012345",
    "role": "CANARY-ROLE",
    "sender": "+972552345678",
    "low": "1",
    "top": "5",
    "agent": "CANARY-AGENT",
    "state": "CANARY-STATE",
    "asked": "CANARY-ASKED",
    "answer": "CANARY-ANSWER",
    "count": "17",
}


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_language_has_the_same_texts(language: str) -> None:
    assert set(words.texts("en")) == set(words.texts(language))


@pytest.mark.parametrize(("language", "name"), TEXTS)
def test_a_text_has_the_same_fields_in_every_language(language: str, name: str) -> None:
    assert fields(words.texts("en")[name]) == fields(words.texts(language)[name])


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_language_is_asked_the_same_topics(language: str) -> None:
    assert set(words.asks(language)) == TOPICS
    assert all(words.asks(language).values())


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_language_counts_to_ten(language: str) -> None:
    counted = words.numbers((language,))

    assert set(range(11)) == set(counted.cardinal.values())
    assert set(range(1, 11)) == set(counted.ordinal.values())


@pytest.mark.parametrize(("language", "name"), TEXTS)
def test_every_text_is_complete_with_its_values(language: str, name: str) -> None:
    template = words.texts(language)[name]
    text = render(template, CANARY, right_to_left=language in RIGHT_TO_LEFT)

    assert not set("{}") & set(text)
    assert all(CANARY[field] in text for field in fields(template))
    assert template.count(ZWNJ) == text.count(ZWNJ)
    assert template.count(LRM) == 0, "the renderer puts the marks"
    assert text == text.strip()
    assert "  " not in text


@pytest.mark.parametrize(("language", "name"), TEXTS)
def test_every_text_is_in_its_own_language(language: str, name: str) -> None:
    text = render(words.texts(language)[name], dict.fromkeys(CANARY, ""))

    # What Arabic and Persian write alike says neither.
    assert detect(text) in {language, None}
    assert not {"ي", "ك", "ى"} & set(text) or language == "ar"
    assert not {"ی", "ک", "پ", "چ", "ژ", "گ"} & set(text) or language == "fa"


def test_persian_is_spelt_with_its_zwnj() -> None:
    written = "".join(words.texts("fa").values())

    assert written.count(ZWNJ) > 10
    assert "می‌دهند" in words.texts("fa")["handed_over"]
    assert "همین‌جا" in VOICE.say("handed_over", "fa", when="فردا")
    assert "سفارش‌های" in VOICE.say("orders", "fa")
    for spaced in ("می دهد", "می شود", "می کند", "همین جا", "پیام های"):
        assert spaced not in written


@pytest.mark.parametrize("name", sorted(words.texts("en")))
def test_english_costs_no_unicode(name: str) -> None:
    text = render(words.texts("en")[name], CANARY)

    assert frozenset() == sms.plan(text).beyond_gsm


@pytest.mark.parametrize(("language", "name"), TEXTS)
def test_no_text_costs_more_than_three_parts(language: str, name: str) -> None:
    values = CANARY | {"shop": "צעצועי קשת חיפה"}
    text = render(words.texts(language)[name], values, right_to_left=language in RIGHT_TO_LEFT)

    assert sms.plan(text).parts <= 3


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_phrase_asks_its_own_topic(language: str) -> None:
    alone = voice(languages=[language], bot=type(KESHET.bot)())
    said = [(topic, phrase) for code, topic, phrase in PHRASES if code == language]

    assert [each for each in said if alone.topic(fold(each[1])) != each[0]] == []
    assert [each for each in said if VOICE.topic(fold(each[1])) != each[0]] == []
    assert [
        each for each in said if VOICE.topic(fold(f"  {each[1].upper()}?! 🙏")) != each[0]
    ] == []


def test_no_phrase_belongs_to_two_topics() -> None:
    owners: dict[str, set[str]] = {}
    for _, topic, phrase in PHRASES:
        owners.setdefault(fold(phrase), set()).add(topic)

    assert [phrase for phrase, topics in owners.items() if len(topics) > 1] == []
    assert "" not in owners


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_no_phrase_is_written_twice(language: str) -> None:
    said = Counter(fold(phrase) for code, _, phrase in PHRASES if code == language)

    assert [phrase for phrase, times in said.items() if times > 1] == []


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("what are your opening hours on friday", "opening_hours"),
        ("איפה המשלוח שלי", "order"),
        ("כמה עולה משלוח", "shipping"),
        ("הזמנתי אתמול", None),
        ("reshipping", None),
        ("", None),
        ("👍", None),
    ],
)
def test_a_text_asks_what_all_of_it_asks(text: str, topic: str | None) -> None:
    assert topic == VOICE.topic(fold(text))


def test_a_shop_speaks_its_own_words_before_ours() -> None:
    own = voice(words={"he": {"added": "רשמנו, {shop}."}})

    assert own.say("added", "he") == "רשמנו, צעצועי קשת."
    assert own.say("added", "en") == VOICE.say("added", "en")


def test_the_phrases_of_a_language_the_shop_does_not_speak_are_not_heard() -> None:
    assert voice(languages=["en"]).topic(fold("איפה ההזמנה שלי")) is None


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        (("fa",), "fa"),
        (("de", "ru"), "ru"),
        ((None, "en"), "en"),
        (("de",), "he"),
        ((None,), "he"),
        ((), "he"),
    ],
)
def test_a_shop_speaks_the_first_wanted_language_it_knows(
    wanted: tuple[str | None, ...], spoken: str
) -> None:
    assert spoken == VOICE.language(*wanted)


def test_one_shop_has_one_phrasebook() -> None:
    assert words.voice(KESHET) is words.voice(KESHET)
    assert words.voice(KESHET) is not voice()


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "₪1,199.90"),
        ("he", "1,199.90 ₪"),
        ("ru", "1 199,90 ₪"),
        ("ar", "1,199.90 ₪"),
        ("fa", "₪ ۱٬۱۹۹٫۹۰"),
    ],
)
def test_money_is_written_as_the_language_writes_it(language: str, written: str) -> None:
    money = words.money(Money(Decimal("1199.90"), "ILS"), language)
    plain = money.replace("\xa0", " ").replace("\u200f", "").replace(LRM, "")

    assert written == plain
