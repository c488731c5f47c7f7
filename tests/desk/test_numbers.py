"""The manager's view: its numbers, and that each of them leads to what it counts."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from kesher import store
from kesher.desk import behind, words
from kesher.desk.pages.numbers import Links
from kesher.desk.pages.speech import Speech
from kesher.domain.decision import Decision
from kesher.domain.figures import Counted
from local.machine import Machine
from tests.builders import KESHET, NOW
from tests.desk.browser import Seen, browsing, html, seen
from tests.desk.caller import NOA, Caller, signed_in
from tests.desk.test_behind import answers, ends, rates
from tests.desk.test_figures import DANIEL, GALI, SHIRA, asks
from tests.desk.test_pages import reads

PLACES = {"/desk/escalations", "/desk/figures"}


@pytest.fixture
def dana(machine: Machine) -> Caller:
    return signed_in(machine)


@pytest.fixture
def shirin(machine: Machine) -> Caller:
    """A lead."""
    return browsing(machine, "shirin")


def view(caller: Caller, query: str = "", language: str = "en") -> Seen:
    answer = caller.get("/figures", query, kesher_language=language)
    assert answer.status == 200
    return seen(answer)


def plain(page: Seen) -> str:
    """Without the marks around what was put into its sentences."""
    return re.sub("[\u2068\u2069]", "", page.text)


def leading(page: str) -> list[tuple[str, str]]:
    """The links of a page, each with what it says."""
    return re.findall(r'<a (?:class="\w+" )?href="([^"]*)" data-place[^>]*>([^<]*)</a>', page)


def rows_behind(caller: Caller, address: str) -> int:
    link = urlsplit(address.replace("&amp;", "&"))
    page = caller.get(f"/figures/{link.path.rpartition('/')[2]}", link.query)
    assert (address, page.status) == (address, 200)
    return html(page).count('<th scope="row">')


def test_now_says_who_waits_who_is_at_work_and_what_nobody_has(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    asks(machine, NOA, "You are thieves")
    asks(machine, DANIEL)
    told = plain(view(shirin))
    assert "Waiting 2 Longest: 12:00 Over target: 0 Promise passed: 0" in told
    assert "Escalations that nobody has 1 All were alerted: 0 Taken: 0" in told
    assert "At work 3 דנה شیرین Amir" in told


def test_each_figure_is_told_with_its_percentiles_its_target_and_who_still_waits(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    answers(machine, dana, NOA, 5)
    asks(machine, DANIEL)
    told = plain(view(shirin))
    assert "First response 1 5 min 5 min 100% 1 Hand-over response 1 " in told
    assert "Target kept 100% In target1" in told


def test_where_the_clock_says_otherwise_it_is_told_beside_the_opening_hours(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    """From noon to eight in the morning: six hours until the shop closes."""
    answers(machine, dana, NOA, 20 * 60)
    assert "First response 1 5 h 54 min 20 h on the clock" in plain(view(shirin))


def test_a_number_leads_to_as_many_conversations_as_it_says(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    for phone, minutes in ((NOA, 2), (DANIEL, 40)):
        answers(machine, dana, phone, minutes)
    phones = iter((SHIRA, GALI, "+972542222222"))
    for won_back in ("yes", "no", None):
        rates(machine, dana, next(phones), "2")
        ends(dana, won_back)
    asks(machine, DANIEL, "ועוד שאלה")
    followed = 0
    for query in ("", "days=7"):
        for address, said in leading(html(shirin.get("/figures", query))):
            if urlsplit(address).path not in PLACES and said.isdigit():
                assert (address, rows_behind(shirin, address)) == (address, int(said))
                followed += 1
    assert followed > 30


def test_ratings_are_told_by_share_number_scores_and_response_rate(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    rates(machine, dana, NOA, "5")
    rates(machine, dana, DANIEL, "1")
    rates(machine, dana, SHIRA)
    told = plain(view(shirin))
    assert "Satisfaction (1 to 5) 50% gave 4 or 5 5 1 4 0 3 0 2 0 1 1" in told
    assert "3 asked, 3 delivered, 2 answered." in told
    assert "Response rate 66%." in told


def test_the_share_won_back_is_told_of_all_by_person_and_by_team(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    for phone, won_back in ((NOA, "yes"), (DANIEL, "no"), (GALI, None)):
        rates(machine, dana, phone, "1")
        ends(dana, won_back)
    told = plain(view(shirin))
    assert "Low ratings closed 50% were won back Won back1 Lost1 Not known1" in told
    assert "דנה 3 3 3 100% 3 0% 1 1 1 50%" in told
    assert "No team’s queue 3 3 3 100% 3 0% 1 1 1 50%" in told
    page = plain(seen(shirin.get("/figures/recovered", "won_back=no", kesher_language="en")))
    assert f"today · Lost CustomerWhenAgentWon back? {DANIEL}" in page


def test_where_receipts_are_missing_no_response_rate_is_told(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    rates(machine, dana, NOA, "5")
    took_away = Counted("demo", "2026-11-23", "csat", "dana", None, "delivered", None, 0, -1)
    store.commit(Decision((took_away,)), machine.shop)
    told = plain(view(shirin))
    assert "1 asked, 0 delivered, 1 answered. There is no response rate" in told
    assert "דנה 1 0 1 – 1 100% 0 0 0 –" in told


def test_what_was_in_no_teams_queue_has_a_name_and_a_list(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    answers(machine, dana)
    assert "No team’s queue 1 0 1 " in plain(view(shirin))
    told = plain(seen(shirin.get("/figures/answered", "team=-", kesher_language="en")))
    assert "today · No team’s queue " in told
    assert NOA in told


def test_a_span_of_days_has_charts_by_day_and_leads_to_earlier_and_later_ones(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    answers(machine, dana)
    machine.world.advance(timedelta(days=2))
    today, week = html(shirin.get("/figures")), html(shirin.get("/figures", "days=7"))
    assert today.count('<figure class="chart') == 1
    assert week.count('<figure class="chart') == 3
    assert 'href="/desk/figures?days=7&amp;last=2026-11-18"' in week
    before = html(shirin.get("/figures", "days=7&last=2026-11-18"))
    assert 'href="/desk/figures?days=7&amp;last=2026-11-25"' in before
    assert "Still waiting" not in before


def test_a_chart_says_the_same_in_a_table(machine: Machine, dana: Caller, shirin: Caller) -> None:
    answers(machine, dana, NOA, 2)
    page = view(shirin)
    values = [
        each["data-value"] for tag, each in page.elements if tag == "td" and "data-value" in each
    ]
    assert values == ["0", "0", "1", "0", *["0"] * 10]
    assert "under 1 min" in plain(page)


def test_what_the_list_is_narrowed_to_is_told(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    answers(machine, dana, NOA, 2)
    query = "first=2026-11-20&day=2026-11-23&agent=dana&in_target=true&band=1"
    told = plain(seen(shirin.get("/figures/first-response", query, kesher_language="en")))
    assert "First responses" in told
    assert "20 November to 23 November · דנה · In target · " in told
    assert NOA in told
    nothing = plain(seen(shirin.get("/figures/csat", "score=2", kesher_language="he")))
    assert "דירוג 2 אין דבר מאחורי המספר הזה." in nothing


def test_numbers_are_read_from_what_was_counted_by_a_query_a_day(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    """And two for now: the desk's list, and that of escalations. A list reads whom it names."""
    for phone in (NOA, DANIEL, SHIRA):
        answers(machine, dana, phone)
    with reads(machine) as counted:
        shirin.get("/figures", "days=7")
    assert counted == {"Query": 9}
    with reads(machine) as counted:
        shirin.get("/figures/first-response", "first=2026-11-17")
    assert counted == {"Query": 7, "BatchGetItem": 1}
    with reads(machine) as counted:
        shirin.get("/places")
    assert counted == {"Query": 2}


def test_it_is_for_whoever_leads(machine: Machine) -> None:
    dana = browsing(machine)
    for path in ("/figures", "/figures/csat"):
        refused = dana.get(path)
        assert (refused.status, 'data-code="forbidden"' in html(refused)) == (403, True)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_list_has_its_name_and_every_figure_its_meaning(language: str) -> None:
    known = set(words.words(language))
    assert {f"behind_{name.replace('-', '_')}" for name in behind.NAMES} <= known
    for figure in (name for name, kinds in behind.MEASURED.items() if len(kinds) == 1):
        assert {f"figure_{figure.replace('-', '_')}", f"means_{figure.replace('-', '_')}"} <= known


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"),
        (0.0, "0 s"),
        (59.4, "59 s"),
        (89, "1 min"),
        (3599, "1 h"),
        (7800, "2 h 10 min"),
        (36_600, "10 h"),
        (350_000, "97 h"),
    ],
)
def test_a_duration_is_told_as_exactly_as_people_say_it(seconds: float | None, said: str) -> None:
    told = Speech("en", KESHET, NOW).lasting(seconds)
    assert re.sub("[\u2068\u2069]", "", told) == said


def test_numbers_are_in_the_digits_of_the_language() -> None:
    persian = Speech("fa", KESHET, NOW)
    assert re.sub("[\u2068\u2069]", "", persian.lasting(7800)) == "۲ ساعت و ۱۰ دقیقه"
    assert re.sub("[\u2068\u2069]", "", persian.share(2, 3)) == "۶۶٪"


def test_days_after_today_are_not_led_to() -> None:
    today = NOW.date()
    week = Links(today - timedelta(days=6), today)
    assert week.later(today) is None
    assert Links(week.first - timedelta(days=3), week.first).later(today) == (
        "/desk/figures?days=4&last=2026-11-20"
    )
