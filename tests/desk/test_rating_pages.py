"""What the pages show of a rating and of what follows a low one, and what may be said there."""

import pytest

from kesher import store
from kesher.domain.decision import Decision
from kesher.domain.survey import Rating
from local.machine import Machine
from tests.desk.browser import browsing, html, seen, submit
from tests.desk.caller import NOA, Caller, said, signed_in
from tests.desk.test_behind import rates
from tests.desk.test_conversations import at
from tests.desk.test_guesses import LOW
from tests.desk.test_numbers import plain

SORRY = "צר לי שזה לא היה כמו שצריך."


@pytest.fixture
def dana(machine: Machine) -> Caller:
    return browsing(machine, "dana")


@pytest.fixture
def shirin(machine: Machine) -> Caller:
    return browsing(machine, "shirin")


def rated(machine: Machine, *texts: str) -> None:
    """Noa is answered by Dana, asked, and writes these."""
    rates(machine, signed_in(machine), NOA, *texts)


def matter(machine: Machine) -> str:
    """The path of the one that is open."""
    (listed,) = said(signed_in(machine).get("/escalations"))["items"]
    return f"/escalations/{listed['id']}"


def told(caller: Caller, path: str, language: str = "en") -> str:
    return plain(seen(caller.get(path, kesher_language=language)))


# --- a guess -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "This may be a score of 1. Count it Not a score"),
        ("he", "ייתכן שזה דירוג 1. לספור זה לא דירוג"),
        ("fa", "شاید این امتیاز ۱ باشد. بشمار امتیاز نیست"),
    ],
)
def test_a_guess_stands_at_its_text(
    machine: Machine, shirin: Caller, language: str, words: str
) -> None:
    rated(machine, LOW)
    assert f"{LOW} {words}" in told(shirin, at(), language)


@pytest.mark.parametrize(
    ("verdict", "shown"), [("confirmed", f"{LOW} Rated 1 of 5 "), ("dismissed", f"{LOW} 12:16 ")]
)
def test_once_it_is_said_nobody_is_asked_again(
    machine: Machine, shirin: Caller, verdict: str, shown: str
) -> None:
    rated(machine, LOW)
    (rating,) = said(signed_in(machine).get(at()))["ratings"]
    path = f"{at()}/guesses/{rating['message']}/judge"
    look = shirin.get(f"{at()}/live")
    assert submit(shirin, path, {"verdict": verdict}, "k").status == 204
    after = told(shirin, at())
    assert ("Count it" in after, shown in after) == (False, True)
    seen_before = {"if_none_match": look.headers["etag"]}
    assert shirin.get(f"{at()}/live", **seen_before).status == 200, "others see it as well"


def test_who_is_rated_is_told_that_somebody_else_judges(machine: Machine, dana: Caller) -> None:
    rated(machine, LOW)
    shown = told(dana, at())
    assert "so somebody else says whether it counts." in shown
    assert "Count it" not in shown


def test_where_the_customer_has_given_a_score_since_nobody_is_asked(
    machine: Machine, shirin: Caller
) -> None:
    rated(machine, LOW)
    assert "Count it" in told(shirin, at())
    customer = at().rpartition("/")[2]
    (guess,) = said(signed_in(machine).get(at()))["ratings"]
    since = machine.clock.now()
    rating = Rating(
        shop="demo",
        customer=customer,
        conversation=guess["conversation"],
        message="b" * 20,
        at=since,
        day="2026-11-23",
        scale="csat",
        score=4,
        agent="dana",
    )
    store.commit(Decision((rating,)), machine.shop)
    assert "Count it" not in told(shirin, at())


# --- a score -----------------------------------------------------------------------------------------


def test_a_score_stands_at_its_text_and_with_the_customer(machine: Machine, shirin: Caller) -> None:
    rated(machine, "5")
    shown = told(shirin, at())
    assert "5 Rated 5 of 5 12:16" in shown
    assert "Ratings 5 of 5 12:16 · דנה Earlier conversations" in shown


def test_a_low_score_stands_with_its_reason_and_who_has_it(
    machine: Machine, shirin: Caller, dana: Caller
) -> None:
    rated(machine, "2 לא ענו לי שלושה ימים")
    shown = told(shirin, at())
    assert "Ratings 2 of 5 Low 12:16 · דנה 2 לא ענו לי שלושה ימים Nobody has it yet" in shown
    submit(dana, f"{matter(machine)}/take", {}, "k")
    assert "שלושה ימים With דנה" in told(shirin, at())


def test_of_a_corrected_score_the_last_one_stands_with_the_customer(
    machine: Machine, shirin: Caller
) -> None:
    rated(machine, "2", "4")
    shown = told(shirin, at())
    assert "Ratings 4 of 5 12:17 · דנה Earlier" in shown
    assert "Rated 2 of 5" in shown


# --- after a low score -------------------------------------------------------------------------------


def test_two_answers_lead_into_the_customers_thread(machine: Machine, dana: Caller) -> None:
    rated(machine, "1")
    page = seen(dana.get(f"{matter(machine)}/answers", kesher_language="en"))
    offered = [each for _, each in page.elements if "data-answers" in each]
    assert [each["data-name"] for each in offered] == ["low_rating_sorry", "low_rating_call"]
    assert {f"/conversations/{each['data-answers']}" for each in offered} == {at()}
    assert (offered[0]["data-text"] or "").startswith(SORRY)
    assert "nothing is sent until you send it." in page.text


def test_whether_they_were_won_back_is_asked_and_shown(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    rated(machine, "1")
    path = matter(machine)
    assert "Are they content now? 1 Say what you know." in told(dana, f"{path}/close")
    assert "Won back Lost Not known Cancel" in told(dana, f"{path}/close")
    assert submit(dana, f"{path}/close", {"won_back": "unknown"}, "k1").status == 204
    assert "1 Not known Closed by דנה Say otherwise" in told(shirin, at())
    assert submit(shirin, f"{path}/close", {"won_back": "yes"}, "k2").status == 204
    assert "1 Won back Closed by דנה Say otherwise" in told(shirin, at())
    assert "Closed by דנה · Won back" in told(dana, f"{path}/close")


def test_of_other_matters_it_is_not_asked(machine: Machine, dana: Caller) -> None:
    machine.text(NOA, "You are thieves")
    machine.world.run()
    page = html(dana.get("/escalations"))
    assert (f"{matter(machine)}/close" in page, "answers" in page) == (True, False)
    assert f'hx-get="/desk/pages{matter(machine)}/close"' not in page


def test_closing_the_conversation_of_an_unhappy_customer_asks_it_too(
    machine: Machine, dana: Caller
) -> None:
    rated(machine, "1")
    path = matter(machine)
    machine.text(NOA, "עדיין מחכה")
    machine.world.run()
    assert "Are they content now?" in told(dana, f"{at()}/close")
    form = {"farewell": "false", "won_back": ""}
    assert submit(dana, f"{at()}/close", form, "k").status == 204
    assert said(signed_in(machine).get(path))["escalation"]["won_back"] == "unknown"


def test_of_who_was_content_it_is_not_asked(machine: Machine, dana: Caller) -> None:
    rated(machine, "5")
    assert "Are they content now?" not in told(dana, f"{at()}/close")
