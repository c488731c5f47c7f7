"""A number among other words: what a customer may have meant counts when a person says so, and once."""

from dataclasses import replace
from typing import Any

import pytest

from kesher.domain import guessing
from kesher.domain.decision import NOTHING, Decision
from kesher.domain.escalation import Escalation
from kesher.domain.figures import Counted
from kesher.domain.guessing import Doubt, NotAGuess, OwnRating
from kesher.domain.shop import Agent
from kesher.domain.survey import Rating, Verdict
from tests.builders import records, texts
from tests.domain.test_survey import DANA, DAY, MINUTE, Story, a_shop

SHIRIN = Agent("shirin", "شیرین", "سرپرست")
AMIR = Agent("amir", "אמיר", "בעלים", level="owner")
GOOD = "השליח סחב עד הקומה השלישית, 5"
LOW = "השליח זרק את החבילה, 1"


def guessed(text: str = GOOD, **rules: Any) -> Story:
    """Asked, and answered in such words."""
    story = Story(a_shop(**rules)).asked()
    story.counted.clear()
    return story.texts(text)


def doubt(story: Story) -> Doubt:
    rating = next(each for each in story.ratings if each.guess is not None)
    return Doubt(rating, GOOD, story.noa, tuple(story.ratings))


def judged(story: Story, verdict: Verdict = "confirmed", by: Agent = SHIRIN) -> Decision:
    return guessing.judged(doubt(story), verdict, by, story.house, story.now)


def counts(decision: Decision) -> list[tuple[str, str, int, int]]:
    return [(e.day, e.measure, e.value, e.n) for e in records(Counted, decision)]


def test_a_guess_is_kept_and_counts_for_nothing_and_the_text_goes_its_way() -> None:
    story = guessed()
    (rating,) = story.ratings

    assert (rating.guess, rating.score, rating.confidence) == (5, None, "inferred")
    assert (rating.is_low, rating.is_counted, story.counted) == (False, False, [])
    assert (story.talk.state, story.survey.state) == ("waiting", "expired")


def test_confirmed_it_counts_for_the_day_on_which_it_was_written() -> None:
    story = guessed().after(2 * DAY)
    decision = judged(story)
    (rating,) = records(Rating, decision)

    assert (rating.score, rating.verdict, rating.judged_by) == (5, "confirmed", "shirin")
    assert counts(decision) == [("2026-11-22", "score", 5, 1), ("2026-11-22", "answered", 0, 1)]
    assert [each.agent for each in records(Counted, decision)] == ["dana", "dana"]
    assert records(Escalation, decision) == []
    assert texts(decision) == []


def test_dismissed_it_never_counts() -> None:
    decision = judged(guessed(), "dismissed")
    (rating,) = records(Rating, decision)

    assert (rating.score, rating.verdict) == (None, "dismissed")
    assert records(Counted, decision) == []


def test_a_low_one_raises_what_a_low_score_raises() -> None:
    story = guessed(LOW)
    assert story.raised == []
    decision = guessing.judged(
        replace(doubt(story), text=LOW), "confirmed", SHIRIN, story.house, story.now
    )
    (matter,) = records(Escalation, decision)
    (rating,) = records(Rating, decision)
    story.keep(decision)

    assert (matter.kind, matter.about, matter.agent) == ("low_rating", LOW, "dana")
    assert (matter.conversation, rating.is_low) == (story.talk.id, True)
    assert "low_rating" in story.talk.raised
    assert (story.survey.state, story.survey.score, story.survey.why_asked) == (
        "answered",
        1,
        False,
    )


def test_what_was_raised_already_is_not_raised_again() -> None:
    story = guessed(LOW)
    (matter,) = records(Escalation, judged(story))
    again = replace(doubt(story), matters=(matter,))

    assert not records(
        Escalation, guessing.judged(again, "confirmed", SHIRIN, story.house, story.now)
    )


@pytest.mark.parametrize("verdict", ["confirmed", "dismissed"])
def test_the_same_verdict_twice_is_one_and_another_is_refused(verdict: Verdict) -> None:
    story = guessed()
    story.keep(judged(story, verdict))
    once = replace(doubt(story), rating=story.ratings[-1])
    other: Verdict = "dismissed" if verdict == "confirmed" else "confirmed"

    assert guessing.judged(once, verdict, AMIR, story.house, story.now) == NOTHING
    with pytest.raises(NotAGuess, match=f"shirin has {verdict}"):
        guessing.judged(once, other, AMIR, story.house, story.now)


def test_nobody_judges_what_they_are_rated_with_but_who_leads() -> None:
    story = guessed()
    with pytest.raises(OwnRating):
        judged(story, by=DANA)
    leads = replace(DANA, level="lead")

    assert records(Rating, judged(story, by=leads))


def test_a_score_of_the_customer_s_own_comes_first() -> None:
    """Guessed from a text that was but thanks to the script, so the question still stood."""
    story = guessed()
    own = replace(story.ratings[0], message="m2", score=4, guess=None)
    known = replace(doubt(story), others=(*story.ratings, own))
    with pytest.raises(NotAGuess, match="a score since"):
        guessing.judged(known, "confirmed", SHIRIN, story.house, story.now)

    late = replace(known, others=(replace(own, is_late=True),))
    assert counts(guessing.judged(late, "confirmed", SHIRIN, story.house, story.now))


def test_of_two_guesses_one_counts() -> None:
    story = guessed()
    other = replace(story.ratings[0], message="m2", guess=4)
    story.keep(judged(story))
    known = Doubt(other, GOOD, story.noa, tuple(story.ratings))
    with pytest.raises(NotAGuess, match="a score since"):
        guessing.judged(known, "confirmed", SHIRIN, story.house, story.now)


def test_a_survey_that_another_has_followed_is_left_alone() -> None:
    story = guessed()
    later = replace(story.survey, conversation="c9", state="planned")
    known = replace(doubt(story), customer=replace(story.noa, survey=later))
    decision = guessing.judged(known, "confirmed", SHIRIN, story.house, story.now)

    assert counts(decision)[0] == ("2026-11-22", "score", 5, 1)
    story.keep(decision)
    assert story.survey == later


def test_words_alone_are_no_guess() -> None:
    story = Story(a_shop()).asked().texts("2").texts("לא ענו לי")
    why = Doubt(story.ratings[-1], "לא ענו לי", story.noa)
    with pytest.raises(NotAGuess):
        guessing.judged(why, "confirmed", SHIRIN, story.house, story.now)


@pytest.mark.parametrize("late", [False, True])
def test_a_guess_after_the_answer_or_too_late_is_a_text_like_any_other(late: bool) -> None:
    story = Story(a_shop(expires_hours=1)).asked()
    story = story.after(90 * MINUTE) if late else story.texts("4")
    story.ratings.clear()

    assert story.texts(GOOD).ratings == []
