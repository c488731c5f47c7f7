"""How it was: when it is asked, what is an answer, and what becomes of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kesher.domain import attend, converse, inviting
from kesher.domain import survey as surveys
from kesher.domain.attend import Case, Ending
from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer
from kesher.domain.decision import NOTHING, Decision
from kesher.domain.escalation import Escalation
from kesher.domain.figures import Counted
from kesher.domain.message import Inbound, Outbound
from kesher.domain.scene import House
from kesher.domain.shop import Agent, Limits, OpeningHours, QuietHours, Shabbat, SurveyRules
from kesher.domain.survey import Rating, Survey
from tests.builders import LINE, NOW, VOICE, customer, house, only, received, records, texts, voice

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DANA = Agent("dana", "דנה", "שירות לקוחות", teams=["care"])
OPEN = ["09:00-18:00"]
WEEK = OpeningHours(
    hours={"sunday": OPEN, "monday": OPEN, "tuesday": OPEN, "wednesday": OPEN, "thursday": OPEN},
    shabbat=Shabbat(city="Tel Aviv"),
)
ALWAYS = OpeningHours()
THURSDAY = datetime(2026, 11, 26, 15, 50, tzinfo=UTC)
"""Ten minutes before closing."""


def a_shop(calendar: OpeningHours = ALWAYS, **rules: Any) -> House:
    return house(voice(agents=[DANA], calendar=calendar, survey=SurveyRules(**rules)))


class Story:
    """A customer, Dana and the clock."""

    def __init__(self, house: House | None = None, start: datetime = NOW) -> None:
        self.house, self.now = house or a_shop(), start
        self.noa = customer(channel="twilio", line=LINE, language="en")
        self.told: list[str] = []
        self.ratings: list[Rating] = []
        self.sent: list[Outbound] = []
        self.raised: list[Escalation] = []
        self.counted: list[Counted] = []
        self.counts: dict[tuple[object, ...], int] = {}
        self._n = 0

    def after(self, time: timedelta) -> "Story":
        """What the clock brings up meanwhile happens in its minute."""
        until = self.now + time
        while (due := self._due()) and due <= until:
            self.now = max(due, self.now)
            self.keep(inviting.decide(self.noa, self.house, self.now))
        self.now = until
        return self

    def texts(self, text: str, line: str = LINE) -> "Story":
        self._n += 1
        event = replace(received(text, line=line), id=f"SM{self._n}", received_at=self.now)
        known = converse.Situation(self.noa)
        decision = converse.decide(known, event, self.house, self.now)
        assert [each.text for each in records(Inbound, decision)] == [text]
        return self.keep(decision)

    def closes(self, *, farewell: bool = False, rate: bool = True) -> "Story":
        self._n += 1
        case = Case(self.noa, DANA, self.house, self.now)
        return self.keep(attend.close(case, f"k{self._n}", Ending(farewell=farewell, rate=rate)))

    def helped(self) -> "Story":
        """Asked for, answered, closed."""
        self.texts("נציג בבקשה")
        case = Case(self.noa, DANA, self.house, self.now)
        self.keep(attend.reply(case, "הנה", "k"))
        self.told.clear()
        return self.after(MINUTE).closes()

    def asked(self) -> "Story":
        self.helped().after(20 * MINUTE)
        self.told.clear()
        return self

    @property
    def survey(self) -> Survey:
        assert self.noa.survey
        return self.noa.survey

    @property
    def talk(self) -> Conversation:
        assert self.noa.conversation
        return self.noa.conversation

    @property
    def scores(self) -> dict[int, int]:
        """How many of the day each score has."""
        every = {key[-1]: n for key, n in self.counts.items() if key[2] == "score" and n}
        return {int(str(score)): n for score, n in every.items()}

    def _due(self) -> datetime | None:
        talk = self.noa.conversation
        waits = talk is not None and talk.state in {"waiting", "assigned"}
        return None if waits or not self.noa.survey else self.noa.survey.due_at

    def keep(self, decision: Decision) -> "Story":
        for each in records(Customer, decision):
            self.noa = replace(each, version=1)
        self.told += texts(decision)
        self.ratings += records(Rating, decision)
        self.sent += records(Outbound, decision)
        self.raised += records(Escalation, decision)
        self.counted += records(Counted, decision)
        for count in records(Counted, decision):
            key = (count.figure, count.agent, count.measure, count.in_target, count.value)
            self.counts[key] = self.counts.get(key, 0) + count.n
        return self


QUESTION = "צעצועי קשת: איך היה השירות של דנה? נשמח לתשובה במספר מ-1 (רע) עד 5 (מצוין)."


def word(name: str, **values: str) -> str:
    return VOICE.say(name, "he", **values)


# --- when it is asked --------------------------------------------------------------------------------


def test_a_while_after_a_person_closed_it_is_asked_once() -> None:
    story = Story().helped()
    assert story.after(14 * MINUTE).told == []
    assert story.after(MINUTE).told == [QUESTION]
    assert story.after(DAY).told == [QUESTION]
    assert story.counts["csat", "dana", "asked", None, 0] == 1


def test_who_has_just_written_is_left_alone_for_a_while() -> None:
    story = Story().helped().after(10 * MINUTE).texts("תודה רבה!")
    story.told.clear()

    assert story.after(9 * MINUTE).told == []
    assert story.after(MINUTE).told == [QUESTION]


def test_nobody_is_asked_of_what_goes_on() -> None:
    story = Story().helped().after(5 * MINUTE).texts("זה שוב לא עובד")
    story.told.clear()

    assert story.noa.survey is None
    assert story.after(DAY).told == []


def test_what_is_closed_again_is_asked_after_the_second_closing() -> None:
    story = Story().helped().after(5 * MINUTE).texts("זה שוב לא עובד").closes()
    story.told.clear()

    assert story.after(20 * MINUTE).told == [QUESTION]


def test_nobody_is_asked_twice_in_a_fortnight_nor_twice_of_one_conversation() -> None:
    story = Story(a_shop(every_days=0)).asked()
    story.texts("ועוד משהו").closes()
    story.told.clear()
    assert story.after(DAY).told == []

    often = Story().asked()
    often.after(4 * DAY).texts("משהו אחר, נציג").closes()
    often.told.clear()
    assert often.after(DAY).told == []
    often.after(10 * DAY).texts("משהו אחר, נציג").closes()
    often.told.clear()
    assert often.after(DAY).told == [QUESTION]


@pytest.mark.parametrize(
    "shop",
    [
        house(voice(agents=[DANA], survey=None)),
        a_shop(scale="none"),
    ],
)
def test_a_shop_that_asks_nothing_asks_nothing(shop: House) -> None:
    assert Story(shop).helped().after(DAY).told == []


def test_what_was_spam_and_what_the_script_did_alone_is_not_asked() -> None:
    spam = Story().texts("buy gold now").closes(rate=False)
    bot = Story().texts("מה שעות הפתיחה?").texts("תודה")
    for story in (spam, bot):
        story.told.clear()
        assert story.after(DAY).told == []


def test_who_has_stopped_us_meanwhile_is_not_asked() -> None:
    story = Story().helped().after(5 * MINUTE).texts("STOP")
    story.told.clear()

    assert story.after(DAY).told == []


def test_a_team_may_be_asked_something_else() -> None:
    story = Story(a_shop(teams={"care": "nps"}))
    story.noa = replace(story.noa, conversation=None)
    story.texts("נציג")
    story.noa = replace(story.noa, conversation=replace(story.talk, team="care"))
    story.closes()
    story.told.clear()

    assert story.after(20 * MINUTE).told[0] == word("survey_nps")


def test_who_closes_on_thursday_evening_is_asked_after_sunday_s_opening() -> None:
    """Not at the stroke: those who had to wait are spread over half an hour."""
    story = Story(a_shop(WEEK), THURSDAY).helped()
    sunday = datetime(2026, 11, 29, 7, tzinfo=UTC)
    assert story.after(sunday - story.now).told == []

    opens = story.survey.due_at
    assert opens is not None
    assert sunday < opens < sunday + 30 * MINUTE
    assert story.after(30 * MINUTE).told == [QUESTION]


def test_quiet_hours_are_kept() -> None:
    quiet = Limits(quiet_hours=QuietHours("12:00", "14:00"))
    shop = house(voice(agents=[DANA], survey=SurveyRules(), limits=quiet))
    story = Story(shop, datetime(2026, 11, 23, 9, 50, tzinfo=UTC)).helped()

    assert story.after(2 * HOUR).told == []
    assert story.after(45 * MINUTE).told == [QUESTION]


def test_a_clock_that_comes_twice_or_late_asks_once() -> None:
    story = Story().helped()
    late = story.now + 75 * MINUTE
    first = inviting.decide(story.noa, story.house, late)
    story.keep(first)

    assert texts(first) == [QUESTION]
    assert inviting.decide(story.noa, story.house, late) == NOTHING
    assert only(Outbound, first).message_class == "survey"


def test_a_reminder_is_sent_where_the_shop_wants_one_and_once() -> None:
    story = Story(a_shop(reminder=True)).helped()

    assert story.after(25 * HOUR).told == [QUESTION, QUESTION]
    assert story.after(3 * DAY).told == [QUESTION, QUESTION]
    assert story.survey.state == "expired"


# --- what is answered --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "score"), [("5", 5), ("۴", 4), ("חמש", 5), ("⭐⭐⭐⭐⭐", 5), ("4 מתוך 5", 4)]
)
def test_a_good_score_gets_thanks(said: str, score: int) -> None:
    story = Story().asked().texts(said)
    rating = story.ratings[0]

    assert story.told == [word("rated_thanks")]
    assert (rating.score, rating.agent, rating.conversation) == (score, "dana", story.talk.id)
    assert story.scores == {score: 1}
    assert (story.talk.state, story.survey.state) == ("closed", "answered")


@pytest.mark.parametrize("said", ["2", "שתיים", "۲", "⭐⭐"])
def test_a_low_score_is_asked_why_and_what_is_said_then_is_for_a_person(said: str) -> None:
    story = Story().asked().texts(said)
    assert story.told == [word("rated_why")]
    story.told.clear()
    story.texts("לא ענו לי שלושה ימים")

    assert [(each.score, each.replaces) for each in story.ratings] == [(2, None), (None, None)]
    assert story.talk.state == "waiting"
    assert "מענה אנושי" in story.told[0]
    assert not story.survey.why_asked


def test_a_low_score_with_its_reason_needs_no_question() -> None:
    story = Story().asked().texts("1, אף אחד לא חזר אליי")

    assert story.told[0].startswith(word("rated_sorry"))
    assert story.talk.state == "waiting"
    assert story.scores == {1: 1}


def test_a_question_behind_the_score_is_for_a_person_too() -> None:
    story = Story().asked().texts("4 אבל איפה ההחזר שלי?")

    assert (story.scores, story.talk.state) == ({4: 1}, "waiting")
    assert story.told[0].startswith(word("rated_thanks"))


def test_what_is_no_answer_goes_the_way_of_every_text_and_ends_the_survey() -> None:
    story = Story().asked().texts("איפה ההזמנה שלי?")

    assert (story.ratings, story.talk.state, story.survey.state) == ([], "waiting", "expired")
    assert story.texts("5").ratings == []


def test_who_is_not_understood_is_asked_once_more_and_once_only() -> None:
    story = Story().asked().texts("7")
    assert story.told == [word("rated_again", low="1", top="5")]
    story.texts("7")

    assert (len(story.told), story.talk.state) == (2, "waiting")


def test_another_score_soon_takes_the_place_of_the_first_and_its_count() -> None:
    story = Story().asked().texts("2").after(5 * MINUTE).texts("4").texts("4")

    assert story.survey.scores == (2, 4, 4)
    assert [each.replaces for each in story.ratings] == [None, 2, 4]
    assert story.scores == {4: 1}


def test_another_score_later_is_a_text() -> None:
    story = Story().asked().texts("4").after(16 * MINUTE).texts("2")

    assert (story.survey.scores, story.scores) == ((4,), {4: 1})


def test_a_score_that_comes_too_late_is_kept_and_not_counted() -> None:
    story = Story(a_shop(expires_hours=24)).asked().after(30 * HOUR).texts("5")

    assert [(each.score, each.is_late) for each in story.ratings] == [(5, True)]
    assert (story.scores, story.survey.state) == ({}, "expired")


def test_another_line_of_ours_was_asked_nothing() -> None:
    story = Story().asked().texts("5", line="+972559999999")

    assert story.ratings == []


def test_stop_comes_first() -> None:
    story = Story().asked().texts("STOP")

    assert (story.ratings, story.noa.opted_out) == ([], True)


def test_zero_is_a_score_where_it_is_one() -> None:
    story = Story(a_shop(scale="nps")).asked().texts("0")

    assert (story.scores, story.survey.score) == ({0: 1}, 0)
    assert (story.ratings[0].score, story.survey.why_asked) == (0, True)


# --- the table ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["planned", "invited", "answered", "expired"])
def test_a_survey_s_states_are_the_table_s(state: surveys.State) -> None:
    it = Survey("c1", "csat", state, "dana")
    deeds: dict[surveys.Happening, Callable[[], Survey]] = {
        "put off": lambda: surveys.put_off(it, NOW),
        "invite": lambda: surveys.invited(it, NOW, ("twilio", LINE), NOW),
        "remind": lambda: surveys.reminded(it, NOW),
        "ask again": lambda: surveys.asked_again(it),
        "answer": lambda: surveys.answered(it, 5, NOW, ask_why=False),
        "confirm": lambda: surveys.confirmed(it, 5, NOW),
        "answer late": lambda: surveys.answered_late(it, 5),
        "expire": lambda: surveys.expired(it),
    }
    for happening, deed in deeds.items():
        if (state, happening) in surveys.TRANSITIONS:
            assert deed().state == surveys.TRANSITIONS[state, happening]
        else:
            with pytest.raises(surveys.CannotHappen, match=state):
                deed()
