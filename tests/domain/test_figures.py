"""What is measured of people, case by case, and the traps of those who have measured it before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesher.domain import attend, converse
from kesher.domain.attend import Case, Ending
from kesher.domain.conversation import Conversation, Kept
from kesher.domain.customer import Customer
from kesher.domain.decision import Decision
from kesher.domain.figures import BANDS, Fact, Histogram, band, bucket, merged
from kesher.domain.scene import House
from kesher.domain.shop import Agent, OpeningHours, Service, Shabbat
from tests.builders import NOW, house, only, received, records, voice

MINUTE = timedelta(minutes=1)
DANA = Agent("dana", "דנה", "שירות לקוחות")
DAY = ["09:00-18:00"]
HOUSE = house(voice(agents=[DANA], service=Service(target_hours=1)))
SUNDAY_TO_THURSDAY = OpeningHours(
    hours={"sunday": DAY, "monday": DAY, "tuesday": DAY, "wednesday": DAY, "thursday": DAY},
    shabbat=Shabbat(city="Tel Aviv"),
)
THURSDAY_EVENING = datetime(2026, 11, 26, 15, 50, tzinfo=UTC)
"""Ten minutes before closing."""


class Story:
    """A customer and Dana, minute by minute."""

    def __init__(self, house: House = HOUSE, start: datetime = NOW) -> None:
        self.house, self.start = house, start
        self.noa: Customer | None = None
        self.facts: list[Fact] = []

    def texts(self, minute: float, text: str) -> None:
        now = self._at(minute)
        known = converse.Situation(self.noa)
        event = replace(received(text), id=f"SM{minute}", received_at=now)
        self._after(converse.decide(known, event, self.house, now))

    def replies(self, minute: float, text: str = "בודקת") -> None:
        self._after(attend.reply(self._case(minute), text, f"k{minute}"))

    def closes(self, minute: float) -> None:
        self._after(attend.close(self._case(minute), f"k{minute}", Ending(farewell=False)))

    def told(self) -> list[tuple[str, float, bool | None]]:
        """Each fact with its minutes by the clock on the wall."""
        return [(each.figure, each.seconds / 60, each.in_target) for each in self.facts]

    @property
    def talk(self) -> Conversation:
        assert self.noa
        assert self.noa.conversation
        return self.noa.conversation

    def _at(self, minute: float) -> datetime:
        return self.start + minute * MINUTE

    def _case(self, minute: float) -> Case:
        assert self.noa
        return Case(self.noa, DANA, self.house, self._at(minute))

    def _after(self, decision: Decision) -> None:
        self.noa = replace(only(Customer, decision), version=1)
        self.facts += records(Fact, decision)


def test_the_first_response_is_from_the_first_text_and_a_person_s_from_being_asked_for() -> None:
    """The script's twenty minutes are in the one and not in the other."""
    story = Story()
    story.texts(0, "מה שעות הפתיחה?")
    story.texts(20, "אני רוצה לדבר עם נציג")
    story.replies(25)

    assert story.told() == [("first response", 25, True), ("hand-over response", 5, True)]
    assert story.talk.kept.handed_over_at == NOW + 20 * MINUTE


def test_the_script_s_own_answer_is_no_response() -> None:
    story = Story()
    story.texts(0, "מה שעות הפתיחה?")

    assert story.told() == []


def test_several_texts_in_a_row_are_one_wait_from_the_oldest() -> None:
    story = Story()
    story.texts(0, "נציג")
    story.replies(1)
    story.texts(10, "והצבע?")
    story.texts(30, "הלו?")
    story.replies(40)

    assert story.told()[2:] == [("next response", 30, True)]
    assert story.talk.kept == Kept(
        NOW, NOW + MINUTE, None, replies=2, waited=1860, waited_open=1860
    )


def test_a_second_text_of_the_agent_answers_nothing() -> None:
    story = Story()
    story.texts(0, "נציג")
    story.replies(1)
    story.replies(2)

    assert len(story.facts) == 2
    assert story.talk.kept.replies == 2


@pytest.mark.parametrize("word", ["תודה רבה!", "Thanks!", "ممنون", "شكرا", "спасибо"])
def test_thanks_are_no_wait(word: str) -> None:
    story = Story()
    story.texts(0, "נציג")
    story.replies(1)
    story.texts(2, word)
    story.closes(600)

    assert story.told()[2:] == [("first resolution", 600, None)]


@pytest.mark.parametrize("word", ["תודה", "ok", "👍"])
def test_thanks_for_what_is_closed_open_nothing(word: str) -> None:
    story = Story()
    story.texts(0, "נציג")
    story.replies(1)
    story.closes(2)
    story.texts(3, word)

    assert (story.talk.state, story.talk.last_text_at) == ("closed", NOW + 3 * MINUTE)


def test_who_is_closed_unanswered_does_not_vanish() -> None:
    story = Story()
    story.texts(0, "נציג")
    story.replies(1)
    story.texts(10, "והצבע?")
    story.closes(15)

    assert story.told()[2:] == [("unanswered", 5, False), ("first resolution", 15, None)]


def test_reopening_starts_no_figure_anew() -> None:
    story = Story()
    story.texts(0, "נציג")
    story.replies(1)
    story.closes(2)
    story.texts(60, "זה שוב לא עובד")
    story.replies(70)
    story.closes(80)

    assert story.told()[3:] == [("next response", 10, True)]
    assert story.talk.kept.first_closed_at == NOW + 2 * MINUTE
    assert story.talk.kept.reopenings == 1


def test_shabbat_is_waited_through_on_the_wall_and_not_in_opening_hours() -> None:
    """From Thursday evening to Sunday at 9:05: fifteen minutes of opening hours, within the hour."""
    shop = house(voice(agents=[DANA], service=Service(target_hours=1), calendar=SUNDAY_TO_THURSDAY))
    story = Story(shop, THURSDAY_EVENING)
    story.texts(0, "נציג")
    story.replies(2 * 24 * 60 + 15 * 60 + 15)
    first = story.facts[0]

    assert (first.open_seconds, first.in_target) == (15 * 60, True)
    assert first.seconds == 63.25 * 3600
    assert first.day == "2026-11-29"


def test_what_took_longer_than_the_target_is_over_it() -> None:
    story = Story()
    story.texts(0, "נציג")
    story.replies(61)

    assert [each.in_target for each in story.facts] == [False, False]


# --- percentiles -----------------------------------------------------------------------------------

spans = st.lists(st.integers(1, 10_000_000), min_size=1, max_size=200)


def histogram(seconds: list[int]) -> Histogram:
    return merged(Histogram({bucket(each): 1}) for each in seconds)


@given(spans, st.sampled_from([0.5, 0.9, 0.95]))
def test_a_percentile_is_at_most_a_tenth_wrong(seconds: list[int], share: float) -> None:
    rank = max(-(-len(seconds) * round(share * 100) // 100), 1)
    exact = sorted(seconds)[rank - 1]
    told = histogram(seconds).percentile(share)

    assert told is not None
    assert exact / 1.1 <= told <= exact * 1.1


@given(spans, spans)
def test_days_are_added_up_and_not_averaged(one: list[int], two: list[int]) -> None:
    assert merged([histogram(one), histogram(two)]) == histogram(one + two)


def test_what_took_no_second_and_what_never_was() -> None:
    assert histogram([0]).percentile(0.5) == 0
    assert Histogram({}).percentile(0.5) is None
    assert [bucket(n) for n in (0, 1, 2, 4, 3600)] == [0, 1, 5, 9, 48]


def test_durations_are_told_in_bands_and_a_bucket_across_an_end_is_in_the_next() -> None:
    assert histogram([1, 30, 70, 70, 1000, 5 * 3600, 90_000]).bands == (2, 2, 0, 1, 0, 1, 1)
    assert [band(bucket(each)) for each in BANDS] == [1, 2, 3, 4, 5, 6]
