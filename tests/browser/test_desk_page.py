"""The desk's page, used as agents use it all day."""

import os
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.desk import Scheme, at_the_desk, new_phone, sign_in

pytestmark = pytest.mark.browser

LOOK_AWAY = """
    isHere = true;
    Object.defineProperty(document, 'hidden', {value: true, configurable: true});
"""
LOOK_AT_ALL = """
    delete document.hidden;
    ['#queue', '#talk', '#places'].forEach(each => htmx.trigger(each, 'look'));
"""

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
HEBREW = "שלום, הבקבוק הגיע שבור. אפשר להחליף?"
ENGLISH = "Hello, my bottle arrived broken. Can I have another?"


def test_two_customers_write_and_are_answered(browser: Browser, kesher_url: str) -> None:
    noa, tom = new_phone(kesher_url), new_phone(kesher_url)
    with at_the_desk(browser, kesher_url, "דנה") as dana:
        noa.text(HEBREW)
        tom.text(ENGLISH)
        expect(dana.line(noa)).to_contain_text("Hebrew")
        expect(dana.line(tom)).to_contain_text("English")
        dana.open(noa)
        words = dana.texts.first.locator(".words")
        expect(words).to_have_text(HEBREW)
        expect(words).to_have_css("direction", "rtl")
        dana.page.locator("#take").click()
        expect(dana.words).to_be_focused()
        dana.send("שלום נועה, חדש יוצא אליכם היום.")
        expect(dana.text("חדש יוצא אליכם היום")).to_contain_text("Delivered")
        expect(dana.words).to_have_value("")
        expect(dana.line(noa)).to_contain_text("Yours")
        dana.open(tom)
        dana.send("A new one leaves today.")
        expect(dana.text("A new one leaves today")).to_contain_text("Delivered")
    assert noa.received()[-1] == "שלום נועה, חדש יוצא אליכם היום.\nדנה, שירות לקוחות"
    assert tom.received()[-1] == "A new one leaves today.\nדנה, שירות לקוחות"


def test_a_customer_who_waits_for_nobody_is_found_by_their_number(
    browser: Browser, kesher_url: str
) -> None:
    noa = new_phone(kesher_url)
    noa.text("When are you open?")
    with at_the_desk(browser, kesher_url, "Amir", "he") as amir:
        amir.page.keyboard.press("s")
        amir.page.keyboard.insert_text("1234567")
        amir.page.keyboard.press("Enter")
        expect(amir.page.locator("#found")).to_have_text("המספר לא נמצא.")
        amir.page.locator("#find input").fill(noa.number.replace("+972", "0"))
        amir.page.keyboard.press("Enter")
        amir.page.locator("#found a").click()
        expect(amir.page.locator("#talk-title")).to_have_text(noa.number)
        expect(amir.page.locator("#found")).to_be_empty()


def test_a_new_text_comes_by_itself_and_disturbs_nothing(browser: Browser, kesher_url: str) -> None:
    noa = new_phone(kesher_url)
    noa.text(ENGLISH)
    with at_the_desk(browser, kesher_url, "Amir") as amir:
        amir.open(noa)
        amir.words.press_sequentially("One mo")
        amir.words.press("Shift+Home")
        first = amir.texts.first
        first.evaluate("element => { element.seen = true }")
        noa.text("And the cap is missing")
        expect(amir.texts.locator(".words", has_text="And the cap is missing")).to_be_visible(
            timeout=6_000
        )
        expect(amir.words).to_be_focused()
        expect(amir.words).to_have_value("One mo")
        assert amir.words.evaluate("box => [box.selectionStart, box.selectionEnd]") == [0, 6]
        assert first.evaluate("element => element.seen"), "it is the same element still"


def test_of_two_agents_the_second_is_told_who_has_the_customer(
    browser: Browser, kesher_url: str
) -> None:
    noa = new_phone(kesher_url)
    noa.text(ENGLISH)
    with (
        at_the_desk(browser, kesher_url, "שירות לקוחות") as dana,
        at_the_desk(browser, kesher_url, "شیرین", "he") as shirin,
    ):
        dana.open(noa)
        shirin.open(noa)
        dana.page.route("**/live*", lambda route: route.abort())
        shirin.page.locator("#take").click()
        expect(shirin.words).to_be_focused()
        dana.send("Hello, I am Dana")
        refused = dana.page.get_by_role("alert")
        expect(refused).to_contain_text("شیرین")
        expect(refused).to_contain_text("has this conversation.")
        expect(dana.words).to_have_value("Hello, I am Dana")
        dana.page.unroute("**/live*")
        expect(dana.page.locator("#composer-note")).to_contain_text("answers this customer")
        expect(dana.words).to_be_disabled()
    assert noa.received() == noa.received()[:1]


def test_a_draft_survives_a_reload_and_is_sent_once_however_often_it_is_tried(
    browser: Browser, kesher_url: str
) -> None:
    noa = new_phone(kesher_url)
    noa.text(ENGLISH)
    with at_the_desk(browser, kesher_url, "דנה") as dana:
        dana.open(noa)
        dana.words.fill("A new one leaves today")
        dana.page.reload()
        expect(dana.words).to_have_value("A new one leaves today")
        answers_lost(dana.page)
        dana.page.locator("#composer .primary").click()
        expect(dana.page.get_by_role("alert")).to_contain_text("nothing is sent twice")
        expect(dana.words).to_have_value("A new one leaves today")
        dana.page.unroute("**/reply")
        dana.page.locator("#composer .primary").click()
        expect(dana.words).to_have_value("")
        expect(dana.text("A new one leaves today")).to_contain_text("Delivered")
        dana.page.reload()
        expect(dana.text("A new one leaves today")).to_contain_text("Delivered")
        expect(dana.words).to_have_value("")
    assert noa.received()[1:] == ["A new one leaves today\nדנה, שירות לקוחות"]


def answers_lost(page: Page) -> None:
    """The reply is taken, and what is answered never comes."""

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/reply", lost)


def test_a_reply_with_a_token_that_has_run_out_is_sent_all_the_same(
    browser: Browser, kesher_url: str
) -> None:
    noa = new_phone(kesher_url)
    noa.text(ENGLISH)
    with at_the_desk(browser, kesher_url, "דנה") as dana:
        dana.open(noa)
        dana.page.route("**/desk/pages/**", only_posts)
        pass_by(kesher_url, hours=0.5)
        dana.send("A new one leaves today")
        expect(dana.words).to_have_value("")
        dana.page.unroute("**/desk/pages/**")
        expect(dana.text("A new one leaves today")).to_contain_text("Delivered")
    assert noa.received()[-1] == "A new one leaves today\nדנה, שירות לקוחות"


def only_posts(route: Route) -> None:
    if route.request.method == "POST":
        route.continue_()
    else:
        route.abort()


def test_everything_is_done_without_a_mouse(browser: Browser, kesher_url: str) -> None:
    noa = new_phone(kesher_url)
    noa.text(ENGLISH)
    with at_the_desk(browser, kesher_url, "דנה") as dana:
        expect(dana.line(noa)).to_be_visible()
        keys = dana.page.keyboard
        for _ in range(dana.page.locator("#queue a").count()):
            keys.press("j")
            if dana.line(noa).evaluate("element => element === document.activeElement"):
                break
        expect(dana.line(noa)).to_be_focused()
        keys.press("Enter")
        expect(dana.page.locator("#talk-title")).to_have_text(noa.number)
        keys.press("t")
        expect(dana.words).to_be_focused()
        keys.press("Escape")
        expect(dana.line(noa)).to_be_focused()
        keys.press("r")
        keys.type("A new one leaves today")
        keys.press("Control+Enter")
        expect(dana.text("A new one leaves today")).to_contain_text("Delivered")
        keys.press("Escape")
        keys.press("?")
        expect(dana.page.get_by_role("dialog")).to_be_visible()
        keys.press("Escape")
        expect(dana.page.get_by_role("dialog")).to_be_hidden()
    assert noa.received()[-1].startswith("A new one leaves today")


def test_who_is_signed_out_comes_back_to_where_they_were(browser: Browser, kesher_url: str) -> None:
    noa = new_phone(kesher_url)
    noa.text(ENGLISH)
    with at_the_desk(browser, kesher_url, "דנה") as dana:
        dana.open(noa)
        dana.words.fill("Half a tex")
        dana.page.evaluate(LOOK_AWAY)
        pass_by(kesher_url, hours=0.5)
        dana.page.evaluate(LOOK_AT_ALL)
        dana.words.fill("Half a text")
        noa.text("Hello?")
        expect(dana.page.locator("#texts")).to_contain_text("Hello?")
        assert dana.page.evaluate("window.isHere"), "a new token is had without a reload"
        pass_by(kesher_url, hours=13)
        expect(dana.page.locator("#door-says")).to_contain_text("You have been signed out.")
        sign_in(dana.page, "דנה")
        expect(dana.page.locator("#talk-title")).to_have_text(noa.number)
        expect(dana.words).to_have_value("Half a text")
        dana.page.locator("#sign-out").click()
        expect(dana.page.locator("#sign-in")).to_be_visible()
        kept = dana.page.evaluate("[{...sessionStorage}, {...localStorage}]")
        assert kept == [{"htmx-current-path-for-history": "/desk"}, {"kesher.language": "en"}]


def pass_by(url: str, hours: float) -> None:
    said = {"advance_seconds": hours * 3600}
    assert requests.post(f"{url}/local/clock", json=said, timeout=60).ok


def test_on_a_phone_one_column_is_seen_at_a_time(browser: Browser, kesher_url: str) -> None:
    noa = new_phone(kesher_url)
    noa.text(HEBREW)
    size = {"width": 390, "height": 800}
    with at_the_desk(browser, kesher_url, "דנה", "he", viewport=size) as dana:
        views = dana.page.get_by_role("navigation")
        dana.open(noa)
        expect(dana.line(noa)).to_be_hidden()
        expect(dana.words).to_be_in_viewport()
        views.get_by_role("button", name="לקוח").click()
        expect(dana.page.locator("#customer")).to_contain_text(noa.number)
        expect(dana.words).to_be_hidden()
        views.get_by_role("button", name="תור").click()
        expect(dana.line(noa)).to_be_visible()
        assert dana.page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "he"])
def test_axe_finds_nothing_to_mend(
    browser: Browser, kesher_url: str, language: str, scheme: Scheme
) -> None:
    noa = new_phone(kesher_url)
    noa.text(HEBREW if language == "he" else ENGLISH)
    with at_the_desk(browser, kesher_url, "Amir", language, scheme) as amir:
        amir.open(noa)
        amir.send("שלום!" if language == "he" else "Hello!")
        expect(amir.texts).to_have_count(3)
        amir.words.fill("x")
        pass_by(kesher_url, hours=0.2)
        noa.text("?")
        expect(amir.texts).to_have_count(4)
        assert violations(amir.page) == []
        keep_screenshot(amir.page, f"desk-{language}-{scheme}.png")
        amir.page.locator("#to-close").click()
        assert violations(amir.page) == []
        amir.page.keyboard.press("Escape")
        amir.page.locator("#sign-out").click()
        expect(amir.page.locator("#sign-in")).to_be_visible()
        assert violations(amir.page) == []


def violations(page: Page) -> list[str]:
    """Of WCAG 2.2 at levels A and AA, and of axe's own advice."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def keep_screenshot(page: Page, name: str) -> None:
    if folder := os.environ.get("KESHER_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / name, animations="disabled")
