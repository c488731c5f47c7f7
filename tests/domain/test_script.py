"""The script: every path of the shipped one, every kind of step, and whatever customers may say."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher import words
from kesher.domain import conversation as talks
from kesher.domain import deeds, script
from kesher.domain.conversation import Conversation
from kesher.domain.order import Order
from kesher.domain.scene import CODE, MESSAGE, MOST_QUESTIONS, WHICH_ORDER, Scene, Turn
from kesher.domain.script import SHIPPED
from kesher.domain.shop import Bot, Choice, Condition, OpeningHours, Question, Step
from kesher.domain.voice import Voice
from tests.builders import ANY_TEXT, KESHET, NOW, VOICE, customer, house, order, voice

LANGUAGES = KESHET.languages
TOPICS = (*script.ROUTES, "opening_hours", "returns", "shipping")
ORDERS = tuple(order("confirmed", id=str(n), number=f"#100{n}") for n in range(5, 0, -1))
COUNTS = (0, 1, 2, 5)
FRESH = Conversation("c1", opened_at=NOW, state="scripted", last_text_at=NOW)
SHABBAT = datetime(2026, 11, 28, 10, 0, tzinfo=NOW.tzinfo)
FULL = replace(
    KESHET.bot,
    answers={
        topic: {code: f"{topic} in {code}" for code in LANGUAGES}
        for topic in ("opening_hours", "returns", "shipping")
    },
)
SPEAKS = voice(bot=FULL)


def scene(
    talk: Conversation = FRESH,
    orders: tuple[Order, ...] = (),
    speech: Voice = SPEAKS,
    language: str = "en",
    now: datetime = NOW,
) -> Scene:
    return Scene(customer(language=language), talk, orders, 0, house(speech), now)


def hear(text: str, talk: Conversation = FRESH, **more: Any) -> Turn:
    return script.hear(scene(talk, **more), text)


def ask(topic: str, language: str = "en") -> str:
    """A text by which customers ask for it."""
    return words.asks(language)[topic][0]


def say(word: str, language: str = "en", **values: str) -> str:
    return VOICE.say(word, language, **values)


def speaks(bot: Bot | None = None, **changes: Any) -> Voice:
    return voice(languages=["en", "he"], bot=bot or Bot(**changes))


def ends(turn: Turn) -> bool:
    """At an answer or a person."""
    answered = bool(turn.says) and turn.conversation.step is None
    return turn.wants == "person" or answered


def paths(turn: Turn, **more: Any) -> Iterator[list[Turn]]:
    """Every way on from here, choice by choice."""
    if turn.conversation.step is None:
        yield [turn]
        return
    for n in range(1, len(turn.conversation.options) + 1):
        for rest in paths(hear(str(n), turn.conversation, **more), **more):
            yield [turn, *rest]


# --- the shipped script -------------------------------------------------------------------------------


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_every_path_ends_at_an_answer_or_a_person_within_two_questions(
    topic: str, language: str, count: int
) -> None:
    first = hear(ask(topic, language), orders=ORDERS[:count], language=language)
    walked = [*paths(first, orders=ORDERS[:count], language=language)]

    assert walked
    for path in walked:
        assert len(path) - 1 <= MOST_QUESTIONS
        assert all(each.conversation.asked <= MOST_QUESTIONS for each in path)
        assert ends(path[-1])


def test_the_paths_of_the_menu_come_to_every_shipped_deed() -> None:
    ended = {path[-1].wants for path in paths(hear("menu", orders=ORDERS), orders=ORDERS)}
    lengths = {len(path) for path in paths(hear("menu", orders=ORDERS), orders=ORDERS)}

    assert ended == {"more", "person"}
    assert lengths == {2, 3}
    assert set(script.ROUTES.values()) <= set(SHIPPED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_is_listed_with_its_numbers(language: str) -> None:
    turn = hear(ask("greeting", language), language=language)
    labels = ("menu_order", "menu_return", "menu_opening_hours", "menu_shipping", "menu_person")
    lines = [f"{n}. {say(each, language)}" for n, each in enumerate(labels, start=1)]

    assert turn.says == ("\n".join([say("menu", language), *lines]),)
    assert (turn.conversation.step, turn.conversation.asked) == ("start", 1)


@pytest.mark.parametrize(
    "choice",
    [
        *("4", "4.", "04", "option 4 please", "four", "the fourth", "Shipping", "shiping", "٤"),
        *("۴", "ארבע", "הרביעי", "چهار", "چهارم", "أربعة", "الرابع", "четыре", "четвёртый"),
    ],
)
def test_a_choice_is_made_in_the_digits_and_words_of_every_language(choice: str) -> None:
    asked = hear("menu")

    assert hear(choice, asked.conversation).says == ("shipping in en",)


def test_what_the_shop_does_not_answer_is_not_offered() -> None:
    speech = voice(bot=replace(FULL, answers={"shipping": {"he": "25 ש״ח"}}))
    turn = hear("menu", speech=speech)

    assert say("menu_opening_hours") not in turn.says[0]
    assert f"3. {say('menu_shipping')}\n4. {say('menu_person')}" in turn.says[0]
    assert hear("3", turn.conversation, speech=speech).says == ("25 ש״ח",)


def test_another_subject_in_the_middle_of_a_question_is_taken_up() -> None:
    asked = hear("menu")
    turned = hear(ask("opening_hours"), asked.conversation)

    assert turned.says == ("opening_hours in en",)
    assert (turned.conversation.step, turned.conversation.asked) == (None, 0)


QUESTIONS = {
    "menu": hear("menu"),
    "did you mean": hear("menu shipping price"),
    "which order": hear(ask("start_return"), orders=ORDERS),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_person_asked_for_in_the_middle_of_a_question_is_had(
    question: str, language: str
) -> None:
    asked = QUESTIONS[question].conversation
    assert asked.step
    turn = hear(ask("person", language), asked, orders=ORDERS, language=language)

    assert (turn.wants, turn.insists, turn.conversation.step) == ("person", True, None)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "said", ["0", "99", "2 of them are broken", "lorem ipsum dolor", "1 2", "?"]
)
def test_what_chooses_nothing_is_never_taken_for_a_choice(question: str, said: str) -> None:
    turn = hear(said, QUESTIONS[question].conversation, orders=ORDERS)

    assert turn.wants == "person"


def test_a_third_question_is_a_person_instead() -> None:
    menu = hear("menu")
    meant = hear("menu shipping price", menu.conversation)
    third = hear("menu", meant.conversation)

    assert [menu.conversation.asked, meant.conversation.asked] == [1, 2]
    assert (third.wants, third.says) == ("person", ())


def test_an_answer_counts_the_questions_anew() -> None:
    answered = hear("4", hear("menu").conversation)

    assert hear("menu", answered.conversation).conversation.asked == 1


def test_what_was_asked_a_day_ago_is_no_longer_answered() -> None:
    asked = replace(hear("menu").conversation, state="waiting")
    before = talks.heard(asked, NOW + talks.RESTED - timedelta(seconds=1))
    after = talks.heard(asked, NOW + talks.RESTED)

    assert hear("4", before).says == ("shipping in en",)
    assert (after.step, after.options, after.asked) == (None, (), 0)
    assert hear("4", after).wants == "person"


# --- did you mean -------------------------------------------------------------------------------------


def test_what_is_half_understood_is_asked_and_a_person_is_always_offered() -> None:
    turn = hear("delivery and hours")
    lines = turn.says[0].split("\n")

    assert lines[0] == say("did_you_mean")
    assert lines[-1] == f"{len(lines) - 1}. {say('topic_person')}"
    chosen = turn.conversation.options.index("shipping") + 1
    assert hear(str(chosen), turn.conversation).says == ("shipping in en",)
    assert hear(str(len(lines) - 1), turn.conversation).wants == "person"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_is_never_among_what_may_have_been_meant(language: str) -> None:
    """It is a question itself. Where nothing else may have been meant, it is shown."""
    for phrase in words.asks(language)["menu"]:
        for more in ("shipping price", "returns", "product"):
            turn = hear(f"{phrase} {more}", language=language)
            assert "menu" not in turn.conversation.options

    assert hear("what can i ask product").conversation.step == "start"


def test_a_question_of_the_shop_is_offered_by_its_label_or_its_first_phrase() -> None:
    asked = {"en": ["engraving", "engraved gift box"]}
    for label, offered in (({"en": "Names on gifts"}, "Names on gifts"), ({}, "engraving")):
        questions = {"names": Question(asked, {"en": "We engrave."}, label)}
        speech = speaks(questions=questions)
        turn = hear("gift box pizza", speech=speech)

        assert turn.says[0].split("\n")[1] == f"1. {offered}"
        assert hear(offered, turn.conversation, speech=speech).says == ("We engrave.",)


def test_a_question_that_is_gone_since_it_was_offered_is_for_a_person() -> None:
    asked = {"en": ["engraving", "engraved gift box"]}
    speech = speaks(questions={"names": Question(asked, {"en": "We engrave."})})
    turn = hear("gift box pizza", speech=speech)

    assert turn.conversation.options[0] == "names"
    assert hear("1", turn.conversation, speech=speaks()).wants == "person"


# --- a bare yes or no ---------------------------------------------------------------------------------

YES = (
    "yes",
    "OK",
    "k",
    "great!",
    "כן",
    "מעולה",
    "بله",
    "عالیه",
    "نعم",
    "ممتاز",
    "да",
    "Ладно.",
    "👍🏽",
)
NO = ("no", "Nope", "לא", "ממש לא", "نه", "لا", "нет", "👎")


@pytest.mark.parametrize("said", YES)
@pytest.mark.parametrize("talk", [FRESH, hear(ask("opening_hours")).conversation])
def test_a_yes_to_nothing_is_taken_kindly(talk: Conversation, said: str) -> None:
    """It answers an answer, or a notice."""
    turn = hear(said, talk)

    assert (turn.says, turn.wants, turn.conversation.step) == ((say("all_right"),), "more", None)


@pytest.mark.parametrize("said", ["🙏", "❤️", "🌹🌹"])
def test_thanks_need_no_words(said: str) -> None:
    assert hear(said).says == (say("welcome"),)


@pytest.mark.parametrize("said", ["?", "...", "😡", "🤷", "5", "👪"])
def test_what_no_table_knows_is_for_a_person(said: str) -> None:
    assert hear(said).wants == "person"


@pytest.mark.parametrize("said", NO)
def test_whom_no_answer_has_helped_has_the_menu_and_in_it_a_person(said: str) -> None:
    turn = hear(said, hear(ask("opening_hours")).conversation)

    assert turn.conversation.step == "start"
    assert turn.conversation.options[-1] == "person"
    assert hear(said, turn.conversation).wants == "person"


@pytest.mark.parametrize("said", YES)
def test_a_yes_to_what_may_have_been_meant_is_the_likeliest(said: str) -> None:
    asked = QUESTIONS["did you mean"].conversation
    first = hear("1", asked)

    assert (first.says, first.wants) == (("shipping in en",), "more")
    assert hear(said, asked) == first


@pytest.mark.parametrize("said", NO)
def test_a_no_to_what_may_have_been_meant_is_something_else(said: str) -> None:
    asked = QUESTIONS["did you mean"].conversation

    assert hear(said, asked) == hear(str(len(asked.options)), asked)
    assert hear(said, asked).wants == "person"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        *[(each, "With pleasure.") for each in ("yes", "sure", "ok", "כן", "בטח", "👍", "1")],
        *[(each, "Then not.") for each in ("no", "nope", "לא", "לא תודה", "👎", "2")],
    ],
)
def test_a_yes_or_no_chooses_what_says_the_same(said: str, told: str) -> None:
    steps = {
        "start": Step(
            ask={"en": "Shall we wrap it?"},
            choices=[
                Choice({"en": "Yes", "he": "כן"}, "wrapped"),
                Choice({"en": "No, thank you", "he": "לא"}, "bare"),
                Choice("menu_person", "person"),
            ],
        ),
        "wrapped": Step(say={"en": "With pleasure."}),
        "bare": Step(say={"en": "Then not."}),
    }
    speech = speaks(script=steps)
    asked = hear("hello", speech=speech).conversation

    assert hear(said, asked, speech=speech).says == (told,)


@pytest.mark.parametrize("question", ["menu", "which order"])
def test_a_yes_that_chooses_nothing_is_asked_once_more(question: str) -> None:
    first = QUESTIONS[question]
    again = hear("ok", first.conversation, orders=ORDERS)
    third = hear("ok", again.conversation, orders=ORDERS)

    assert (again.says, again.conversation.options) == (first.says, first.conversation.options)
    assert (again.conversation.asked, third.wants) == (MOST_QUESTIONS, "person")


def test_a_no_that_chooses_nothing_is_for_a_person() -> None:
    for question in ("menu", "which order"):
        assert hear("no", QUESTIONS[question].conversation, orders=ORDERS).wants == "person"


def test_a_yes_to_a_question_that_is_gone_is_for_a_person() -> None:
    gone = replace(QUESTIONS["menu"].conversation, step="no_such_step")

    assert hear("ok", gone).wants == "person"


def test_who_will_look_for_the_code_is_waited_for() -> None:
    asked = hear("order 9999").conversation
    turn = hear("ok", asked)

    assert (turn.says, turn.conversation) == ((say("all_right"),), asked)
    assert hear("no", asked).wants == "person"


@pytest.mark.parametrize("said", [*YES, *NO])
def test_who_waits_for_a_person_may_have_answered_them(said: str) -> None:
    """An agent who asked may have given them back since."""
    turn = hear(said, replace(FRESH, state="waiting"))

    assert (turn.says, turn.wants) == ((), "person")


def test_a_shop_may_send_a_yes_elsewhere() -> None:
    speech = speaks(topics={"yes": "start", "no": "goodbye"})

    assert hear("ok", speech=speech).conversation.step == "start"
    assert hear("no", speech=speech).wants == "end"


# --- orders and returns -------------------------------------------------------------------------------


def test_one_order_is_told_by_its_number() -> None:
    assert hear("where is order 1002", orders=ORDERS).says[0].count("\n") == 1
    assert "#1002" in hear("1002", orders=ORDERS).says[0]


def test_an_order_that_is_not_theirs_needs_a_code() -> None:
    turn = hear("where is order 4711", orders=ORDERS)

    assert (turn.wants, turn.asks_code) == ("more", True)
    assert turn.says == (say("code_asked", order="4711"),)


@pytest.mark.parametrize("count", COUNTS)
def test_a_return_asks_which_order_only_where_there_are_several(count: int) -> None:
    turn = hear(ask("start_return"), orders=ORDERS[:count])
    if count > 1:
        offered = [each.number for each in ORDERS[: min(count, 3)]]
        assert [*turn.conversation.options] == offered
        turn = hear("2", turn.conversation, orders=ORDERS[:count])
        assert turn.says == (say("return_noted", order="#1004"),)
    elif count:
        assert turn.says == (say("return_noted", order="#1005"),)
    else:
        assert turn.says == (say("return_asked"),)
    assert turn.wants == "person"
    assert turn.conversation.order == ("#1004" if count > 1 else "#1005" if count else None)


@pytest.mark.parametrize("said", ["1001", "#1001", "order 1001", "it is order no. 1001"])
def test_an_order_beyond_those_shown_can_be_named(said: str) -> None:
    asked = hear(ask("start_return"), orders=ORDERS)
    turn = hear(said, asked.conversation, orders=ORDERS)

    assert turn.says == (say("return_noted", order="#1001"),)
    assert (turn.wants, turn.conversation.order) == ("person", "#1001")


def test_a_return_that_names_its_order_asks_nothing() -> None:
    turn = hear("I want to return order 1002", orders=ORDERS)

    assert (turn.says, turn.wants) == ((say("return_noted", order="1002"),), "person")


def test_a_second_return_is_not_taken_for_the_first() -> None:
    first = hear("I want to return order 1002", orders=ORDERS)
    second = hear(ask("start_return"), first.conversation, orders=ORDERS)

    assert second.conversation.step == WHICH_ORDER


def test_a_return_after_two_questions_is_noted_without_a_third() -> None:
    asked = replace(FRESH, asked=MOST_QUESTIONS)
    turn = hear(ask("start_return"), asked, orders=ORDERS)

    assert (turn.says, turn.wants) == ((say("return_asked"),), "person")


# --- a script of the shop's own -----------------------------------------------------------------------

RICH = Bot(
    answers={"shipping": {"en": "3 days."}},
    questions={"names": Question({"en": ["engraving"]}, {"en": "We engrave."})},
    script={
        "start": Step(
            say={"en": "Welcome to {shop}.", "he": "ברוכים הבאים."},
            ask={"en": "What is it?", "he": "במה מדובר?"},
            choices=[
                Choice({"en": "Wilted flowers", "he": "נבלו"}, "broken"),
                Choice({"en": "Wrong colour", "he": "צבע שגוי"}, "broken"),
                Choice({"en": "Late", "he": "באיחור"}, "late"),
                Choice({"en": "A card", "he": "כרטיס"}, "cards"),
                Choice("menu_person", "person"),
            ],
        ),
        "broken": Step(do="message", team="care"),
        "late": Step(say={"en": "Sorry.", "he": "סליחה."}, go="told"),
        "told": Step(do="orders", go="shipping"),
        "cards": Step(when=Condition(hours="open"), go="person", otherwise="closed_cards"),
        "closed_cards": Step(when=Condition(language=["he"]), go="hebrew", otherwise="english"),
        "hebrew": Step(say={"he": "מחר.", "en": "-"}),
        "english": Step(say={"en": "Tomorrow.", "he": "-"}, do="close"),
        "bought": Step(when=Condition(orders="delivered"), go="refund", otherwise="thanks"),
        "refund": Step(do="return", team="care"),
    },
    topics={"names": "cards", "product": "bought"},
)
OWN = voice(
    languages=["en", "he"], bot=RICH, calendar=OpeningHours(hours={"sunday": ["09:00-18:00"]})
)


def walk(*said: str, **more: Any) -> Turn:
    talk = FRESH
    for each in said:
        turn = hear(each, talk, **({"speech": OWN} | more))
        talk = turn.conversation
    return turn


def test_a_step_says_and_asks() -> None:
    turn = walk("hello")

    assert turn.says[0] == f"Welcome to {KESHET.name}."
    assert turn.says[1] == "\n".join(
        [
            *("What is it?", "1. Wilted flowers", "2. Wrong colour", "3. Late", "4. A card"),
            f"5. {say('menu_person')}",
        ]
    )
    assert walk("שלום", language="he").says[0] == "ברוכים הבאים."


@pytest.mark.parametrize("choice", ["1", "2", "wilted", "wrong colour"])
def test_several_choices_may_lead_to_one_step(choice: str) -> None:
    asked = walk("hello", choice)
    noted = hear("They are all brown", asked.conversation, speech=OWN)

    assert (asked.says, asked.conversation.step) == ((say("message"),), MESSAGE)
    assert (noted.says, noted.wants, noted.team) == ((say("message_noted"),), "person", "care")


def test_a_third_question_for_a_message_is_a_person() -> None:
    asked = replace(walk("hello").conversation, asked=MOST_QUESTIONS)
    turn = hear("1", asked, speech=OWN)
    assert (turn.wants, turn.team, turn.says) == ("person", "care", ())


def test_steps_that_answer_go_on() -> None:
    turn = walk("hello", "late", orders=ORDERS[:1])

    assert turn.says == ("Sorry.", deeds.orders_told(ORDERS[:1], OWN, "en", NOW), "3 days.")
    assert (turn.wants, turn.conversation.step) == ("more", None)


def test_where_a_deed_comes_to_a_person_the_script_goes_no_further() -> None:
    turn = walk("hello", "3")

    assert (turn.says, turn.wants) == (("Sorry.", say("no_orders")), "person")


@pytest.mark.parametrize(
    ("now", "language", "wants", "says"),
    [
        (NOW, "en", "person", ()),
        (SHABBAT, "en", "end", ("Tomorrow.",)),
        (SHABBAT, "he", "more", ("מחר.",)),
    ],
)
def test_a_condition_looks_at_the_hours_and_the_language(
    now: datetime, language: str, wants: str, says: tuple[str, ...]
) -> None:
    """By way of a topic that the shop sends to a step of its own."""
    turn = walk("engraving", now=now, language=language)

    assert (turn.wants, turn.says) == (wants, says)


@pytest.mark.parametrize(
    ("orders", "condition", "holds"),
    [
        ((), "none", True),
        ((), "some", False),
        (ORDERS, "some", True),
        (ORDERS, "none", False),
        (ORDERS, "confirmed", True),
        ((order("delivered"), *ORDERS), "confirmed", False),
        ((order("delivered"), *ORDERS), "delivered", True),
        ((), "delivered", False),
    ],
)
def test_a_condition_looks_at_the_newest_order(
    orders: tuple[Order, ...], condition: Any, holds: bool
) -> None:
    steps = {
        "start": Step(when=Condition(orders=condition), go="yes", otherwise="no"),
        "yes": Step(say={"en": "yes"}),
        "no": Step(say={"en": "no"}),
    }
    turn = hear("hello", orders=orders, speech=speaks(script=steps))

    assert turn.says == (("yes" if holds else "no"),)


def test_all_of_a_condition_must_hold() -> None:
    steps = {
        "start": Step(
            when=Condition(hours="open", language=["he"]), go="person", otherwise="thanks"
        )
    }
    speech = speaks(script=steps)

    assert hear("hello", speech=speech).wants == "end"
    assert hear("שלום", speech=speech, language="he").wants == "person"


def test_a_topic_leads_to_the_step_that_the_shop_says() -> None:
    bought = hear("how much is it", orders=(order("delivered"),), speech=OWN)

    assert (bought.says, bought.team) == ((say("return_noted", order="#1042"),), "care")
    assert hear("how much is it", speech=OWN).wants == "end"


def test_a_choice_behind_conditions_is_hidden_where_its_answer_is_missing() -> None:
    steps = {
        "start": Step(
            ask={"en": "?"}, choices=[Choice({"en": "A"}, "a"), Choice("menu_person", "person")]
        ),
        "a": Step(when=Condition(hours="open"), go="shipping", otherwise="person"),
    }
    calendar = OpeningHours(hours={"sunday": ["09:00-18:00"]})
    speech = voice(languages=["en"], bot=Bot(script=steps), calendar=calendar)

    assert hear("hello", speech=speech).conversation.options == ("person",)
    assert hear("hello", speech=speech, now=SHABBAT).conversation.options == ("a", "person")


def test_a_question_with_nothing_to_offer_is_a_person() -> None:
    steps = {"start": Step(ask={"en": "?"}, choices=[Choice({"en": "A"}, "shipping")])}

    assert hear("hello", speech=speaks(script=steps)).wants == "person"


def test_a_step_that_is_gone_since_it_was_offered_is_a_matter_for_a_person() -> None:
    """The shop has pushed a new file while its customer was thinking."""
    asked = walk("hello")

    assert hear("1", asked.conversation, speech=SPEAKS).wants == "person"
    gone = replace(asked.conversation, step="no_such_step")
    assert hear("3", gone, speech=SPEAKS).wants == "person"


def test_a_step_may_be_called_message() -> None:
    steps = {
        "start": Step(go="message"),
        "message": Step(ask={"en": "?"}, choices=[Choice({"en": "Bye"}, "goodbye")]),
    }
    speech = speaks(script=steps)
    asked = hear("hello", speech=speech)

    assert asked.conversation.step == "message"
    assert hear("1", asked.conversation, speech=speech).wants == "end"


@pytest.mark.parametrize(
    "steps",
    [
        {"start": Step(go="start")},
        {"start": Step(say={"en": "a"}, go="b"), "b": Step(go="start")},
        {"start": Step(do="answer", topic="shipping", go="start")},
        {
            "start": Step(when=Condition(hours="open"), go="b", otherwise="b"),
            "b": Step(do="answer", topic="shipping", go="start"),
        },
    ],
)
def test_a_circle_that_no_check_has_stopped_still_ends(steps: dict[str, Step]) -> None:
    turn = hear("hello", speech=speaks(script=steps, answers={"shipping": {"en": "3 days."}}))

    assert turn.wants == "person"
    assert len(turn.says) <= 2


# --- whatever is said ---------------------------------------------------------------------------------

SAID = st.one_of(
    st.sampled_from(
        [phrase for code in LANGUAGES for t in TOPICS for phrase in words.asks(code)[t]]
    ),
    st.sampled_from(
        [*"123456", "۲", "٣", "two", "שתיים", "دو", "اثنان", "два", "the first", "1002"]
    ),
    st.sampled_from(
        ["menu shipping price", "delivery and hours", "return shipping hours", "order 9999"]
    ),
    ANY_TEXT,
)


@pytest.mark.parametrize("speech", [SPEAKS, VOICE, OWN], ids=["shipped", "half answered", "own"])
@given(
    said=st.lists(SAID, min_size=1, max_size=8),
    language=st.sampled_from(LANGUAGES),
    count=st.sampled_from(COUNTS),
    open_=st.booleans(),
)
@settings(max_examples=100)
def test_whatever_is_said_two_questions_come_to_an_answer_or_a_person(
    speech: Voice, said: list[str], language: str, count: int, open_: bool
) -> None:
    talk, questions = FRESH, 0
    more = {
        "orders": ORDERS[:count],
        "language": language,
        "speech": speech,
        "now": NOW if open_ else SHABBAT,
    }
    for each in said:
        turn = hear(each, talk, **more)
        talk = turn.conversation
        waited = talk.step == CODE and not turn.asks_code
        questions = questions + (not waited) if talk.step else 0

        assert questions == talk.asked <= MOST_QUESTIONS
        assert talk.step or ends(turn)
        lists = talk.step is not None and talk.step not in {MESSAGE, CODE}
        assert bool(talk.options) == lists
        assert all(turn.says)
