"""Ratings at the desk, used as agents use them: a guess is settled at its text, a low rating is answered
with words that are ready, and closed by saying what came of it."""

import re
from datetime import datetime, timedelta

import pytest
import requests
from playwright.sync_api import Browser, Locator, expect

from kesher import calendars
from local import shopfile
from local.machine import DEMO_SHOP
from tests.browser.desk import Desk, Phone, Scheme, at_the_desk, new_phone
from tests.browser.test_desk_page import ENGLISH, HEBREW, keep_screenshot, pass_by, violations
from tests.browser.test_desk_writing import STILL
from tests.browser.test_places_page import matter, way

pytestmark = pytest.mark.browser

GUESS = "The driver even carried it upstairs, 5"
LOW = "2 nobody answered me for three days"


HOURS = timedelta(hours=3)


@pytest.fixture
def url(kesher_url: str) -> str:
    """At a time at which customers are asked how it was: while the shop is open, and for hours."""
    calendar = calendars.calendar(shopfile.read(DEMO_SHOP))
    now = datetime.fromisoformat(
        requests.get(f"{kesher_url}/local/clock", timeout=30).json()["now"]
    )
    opening = calendar.next_opening(now)
    while (closing := calendar.closing(opening)) and closing - opening < HOURS:
        opening = calendar.next_opening(closing)
    pass_by(kesher_url, hours=(opening - now) / timedelta(hours=1))
    return kesher_url


def served(dana: Desk, url: str, words: str = ENGLISH) -> Phone:
    """A customer who was answered, and is asked how it was."""
    noa = new_phone(url)
    noa.text(words)
    dana.open(noa)
    dana.send("A new one leaves today")
    expect(dana.text("A new one leaves today")).to_be_visible()
    dana.page.locator("#to-close").click()
    dana.page.locator("#closing .primary").click()
    expect(dana.page.locator("#reopen")).to_be_visible()
    pass_by(url, hours=0.3)
    return noa


def guess(desk: Desk) -> Locator:
    return desk.text(GUESS).get_by_role("group")


@pytest.mark.parametrize(
    ("button", "shown"), [("Count it", re.compile("Rated .5 of 5")), ("Not a score", GUESS)]
)
def test_a_guess_is_settled_by_one_click_and_disappears_for_everybody(
    browser: Browser, url: str, button: str, shown: "str | re.Pattern[str]"
) -> None:
    with (
        at_the_desk(browser, url, "דנה") as dana,
        at_the_desk(browser, url, "Amir") as amir,
    ):
        noa = served(dana, url)
        noa.text(GUESS)
        expect(dana.text(GUESS)).to_contain_text("somebody else says whether it counts")
        amir.open(noa)
        guess(amir).get_by_role("button", name=button).click()
        expect(guess(amir)).to_have_count(0)
        expect(amir.text(GUESS)).to_contain_text(shown)
        expect(guess(dana)).to_have_count(0)
        expect(dana.page.get_by_role("alert")).to_be_empty()


def test_a_low_rating_is_answered_with_ready_words_and_closed_with_what_came_of_it(
    browser: Browser, url: str
) -> None:
    with at_the_desk(browser, url, "דנה") as dana:
        noa = served(dana, url)
        noa.text(LOW)
        way(dana.page, "Escalations").click()
        sheet = dana.page.get_by_role("dialog")
        matter(dana.page, noa).get_by_role("button", name="What to answer").click()
        expect(sheet).to_contain_text(LOW)
        sheet.get_by_role("button", name="When may I call you").click()
        expect(sheet).to_be_hidden()
        expect(dana.page.locator("#talk-title")).to_have_text(noa.number)
        expect(dana.words).to_have_value(
            "I am sorry about what happened, and would like to put it right myself. "
            "When may I call you on this number?"
        )
        reopen = dana.page.locator("#reopen")
        if reopen.count():
            reopen.click()
        dana.words.press("End")
        dana.words.press_sequentially(" Is 17:00 good?")
        dana.page.locator("#composer .primary").click()
        expect(dana.text("Is 17:00 good?")).to_be_visible()
        column = dana.page.locator("#customer .ratings")
        expect(column).to_contain_text(re.compile("2. of .5. Low"))
        way(dana.page, "Escalations").click()
        matter(dana.page, noa).get_by_role("button", name="It is done").click()
        sheet.get_by_role("button", name="Not known").click()
        expect(matter(dana.page, noa)).to_have_count(0)
        dana.page.go_back()
        expect(column).to_contain_text("Not known")
        column.get_by_role("button", name="Say otherwise").click()
        sheet.get_by_role("button", name="Won back").click()
        expect(sheet).to_be_hidden()
        expect(column).to_contain_text("Won back")
    assert noa.received()[-1].startswith("I am sorry about what happened")


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1280), ("he", "dark", 1280), ("he", "light", 390), ("fa", "light", 390)],
)
def test_axe_finds_nothing_to_mend_and_nothing_is_too_wide(
    browser: Browser, url: str, language: str, scheme: Scheme, width: int
) -> None:
    words = ENGLISH if language == "en" else HEBREW
    size = {"width": width, "height": 800}
    with (
        at_the_desk(browser, url, "דנה") as dana,
        at_the_desk(browser, url, "Amir", language, scheme, viewport=size) as amir,
    ):
        unhappy, unclear = served(dana, url, words), served(dana, url, words)
        unhappy.text(LOW if language == "en" else "2 לא ענו לי שלושה ימים")
        unclear.text(GUESS if language == "en" else "השליח אפילו העלה לקומה, 5")
        page = amir.page

        def look(place: str) -> None:
            page.evaluate(STILL)
            assert (place, violations(page)) == (place, [])
            assert page.evaluate("document.documentElement.scrollWidth") == width
            keep_screenshot(page, f"rating-{language}-{width}-{place}.png")

        amir.open(unclear)
        expect(page.locator(".guess")).to_be_visible()
        look("guess")
        page.goto(f"{url}/desk/escalations")
        last = page.locator(".matter", has=page.locator('[id^="answer-"]')).last
        last.locator('[id^="answer-"]').click()
        expect(page.locator("#sheet [data-answers]").first).to_be_visible()
        look("answers")
        page.locator("#sheet [data-closes]").click()
        look("matters")
        last.locator('[id^="close-"]').click()
        expect(page.locator("#sheet [name=won_back]").first).to_be_visible()
        look("ending")
        page.locator("#sheet [value=no]").click()
        page.goto(f"{url}/desk/figures")
        expect(page.locator("#page h1")).to_be_focused()
        look("figures")
        page.locator("#people-title").scroll_into_view_if_needed()
        page.locator("#rated-teams").scroll_into_view_if_needed()
        look("rated")
        page.locator(".pairs dd a").last.click()
        expect(page.locator("#page h1")).to_be_focused()
        look("recovered")
        page.locator("#page tbody a").first.click()
        if width == 390:
            page.locator('[data-shows="customer"]').click()
        expect(page.locator("#customer .ratings")).to_be_visible()
        look("customer")
