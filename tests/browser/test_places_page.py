"""The desk's places beside the queue, used as agents and managers use them."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.desk import Desk, Phone, Scheme, at_the_desk, new_phone
from tests.browser.test_desk_page import keep_screenshot, violations

pytestmark = pytest.mark.browser

ANGRY = "You are thieves, where is my money"


def way(page: Page, name: str) -> Locator:
    return page.locator("#places").get_by_role("link", name=name)


def matter(page: Page, phone: Phone) -> Locator:
    return page.locator(".matter", has=page.get_by_role("link", name=phone.number[-4:]))


def answered(dana: Desk, phone: Phone) -> None:
    phone.text("Can I talk to a person?")
    dana.open(phone)
    dana.send("Hello, I am here")
    expect(dana.text("Hello, I am here")).to_be_visible()


def test_what_is_raised_comes_by_itself_and_is_taken_and_closed(
    browser: Browser, kesher_url: str
) -> None:
    noa = new_phone(kesher_url)
    with at_the_desk(browser, kesher_url, "דנה") as dana:
        way(dana.page, "Escalations").click()
        expect(dana.page.get_by_role("heading", name="Escalations")).to_be_focused()
        noa.text(ANGRY)
        expect(matter(dana.page, noa)).to_contain_text(ANGRY, timeout=6_000)
        expect(way(dana.page, "Escalations").locator(".count")).to_be_visible()
        matter(dana.page, noa).get_by_role("button", name="I see to it").click()
        expect(matter(dana.page, noa)).to_contain_text("Yours")
        matter(dana.page, noa).get_by_role("button", name="It is done").click()
        expect(matter(dana.page, noa)).to_have_count(0)


def test_of_two_who_take_it_the_second_is_told_who_was_first(
    browser: Browser, kesher_url: str
) -> None:
    noa = new_phone(kesher_url)
    noa.text(ANGRY)
    with (
        at_the_desk(browser, kesher_url, "שירות לקוחות") as dana,
        at_the_desk(browser, kesher_url, "شیرین", "fa") as shirin,
    ):
        for each in (dana.page, shirin.page):
            each.locator('#places [data-place="escalations"]').click()
            expect(matter(each, noa)).to_be_visible()
        dana.page.route(re.compile("/desk/pages/escalations$"), lambda route: route.abort())
        matter(shirin.page, noa).get_by_role("button", name="با من").click()
        expect(matter(shirin.page, noa)).to_contain_text("نزد من")
        matter(dana.page, noa).get_by_role("button", name="I see to it").click()
        expect(dana.page.get_by_role("alert")).to_contain_text("شیرین")
        expect(dana.page.get_by_role("alert")).to_contain_text("has it already.")


def test_a_place_is_still_there_after_a_reload_and_a_sign_in(
    browser: Browser, kesher_url: str
) -> None:
    with at_the_desk(browser, kesher_url, "Amir") as amir:
        way(amir.page, "Figures").click()
        amir.page.locator(".choice a").nth(1).click()
        expect(amir.page).to_have_url(f"{kesher_url}/desk/figures?days=7")
        chosen = amir.page.locator(".choice [aria-current]")
        expect(chosen).to_have_text(re.compile("7.? days"))
        amir.page.reload()
        expect(chosen).to_have_text(re.compile("7.? days"))
        amir.page.evaluate("sessionStorage.clear()")
        amir.page.reload()
        amir.page.locator("#sign-in").click()
        amir.page.get_by_role("button", name="Amir").click()
        expect(chosen).to_have_text(re.compile("7.? days"))
        expect(way(amir.page, "Figures")).to_have_attribute("aria-current", "page")


def test_a_number_opens_its_conversations_and_one_of_them_and_back_again(
    browser: Browser, kesher_url: str
) -> None:
    noa = new_phone(kesher_url)
    with at_the_desk(browser, kesher_url, "Amir") as amir:
        answered(amir, noa)
        way(amir.page, "Figures").click()
        row = amir.page.locator("tr", has=amir.page.get_by_role("rowheader", name="First response"))
        row.first.get_by_role("link").first.click()
        expect(amir.page.get_by_role("heading", name="First responses")).to_be_focused()
        amir.page.get_by_role("link", name=noa.number).click()
        expect(amir.page.locator("#talk-title")).to_have_text(noa.number)
        expect(amir.page.locator("#page")).to_be_hidden()
        amir.page.go_back()
        expect(amir.page.get_by_role("heading", name="First responses")).to_be_visible()
        amir.page.get_by_role("link", name="Figures").last.click()
        expect(amir.page.get_by_role("heading", name="Figures")).to_be_visible()


def test_a_chart_is_drawn_from_its_table_and_survives_a_look(
    browser: Browser, kesher_url: str
) -> None:
    noa, tom = new_phone(kesher_url), new_phone(kesher_url)
    with at_the_desk(browser, kesher_url, "Amir", "he") as amir:
        answered(amir, noa)
        amir.page.goto(f"{kesher_url}/desk/figures?days=28")
        expect(amir.page.locator(".plot canvas")).to_have_count(3)
        canvas = amir.page.locator(".plot canvas").first
        canvas.evaluate("element => { element.seen = true }")
        amir.page.locator(".chart summary").first.click()
        waiting = amir.page.locator(".tile .big").first
        before = waiting.inner_text()
        tom.text("Can I talk to a person?")
        expect(amir.line(tom)).to_have_count(1)
        amir.page.evaluate("htmx.trigger('#page', 'look')")
        expect(waiting).not_to_have_text(before)
        expect(amir.page.locator(".chart table").first).to_be_visible()
        assert canvas.evaluate("element => element.seen"), "it is the same drawing still"


def test_places_are_reached_by_keyboard(browser: Browser, kesher_url: str) -> None:
    with at_the_desk(browser, kesher_url, "Amir") as amir:
        keys = amir.page.keyboard
        for key, heading in (("e", "Escalations"), ("f", "Figures"), ("u", "Unknown texts")):
            keys.press(key)
            expect(amir.page.get_by_role("heading", name=heading, exact=True)).to_be_focused()
        keys.press("f")
        expect(amir.page.get_by_role("heading", name="Figures", exact=True)).to_be_focused()
        keys.press("ArrowDown")
        expect(amir.page.locator("#page h1")).not_to_be_in_viewport(ratio=1)
        keys.press("Escape")
        expect(amir.page.locator("#queue")).to_be_visible()
        expect(amir.page).to_have_url(f"{kesher_url}/desk")


def test_an_agent_who_may_not_see_figures_is_told_so(browser: Browser, kesher_url: str) -> None:
    with at_the_desk(browser, kesher_url, "דנה") as dana:
        expect(way(dana.page, "Figures")).to_have_count(0)
        dana.page.goto(f"{kesher_url}/desk/figures")
        expect(dana.page.get_by_role("alert")).to_contain_text("You may not do that.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "he", "fa"])
def test_axe_finds_nothing_to_mend(
    browser: Browser, kesher_url: str, language: str, scheme: Scheme
) -> None:
    noa = new_phone(kesher_url)
    with at_the_desk(browser, kesher_url, "Amir", language, scheme) as amir:
        answered(amir, noa)
        new_phone(kesher_url).text(ANGRY)
        for place in ("escalations", "unknown", "figures?days=7", "waits"):
            amir.page.goto(f"{kesher_url}/desk/{place}")
            expect(amir.page.locator("#page h1")).to_be_focused()
            for summary in amir.page.locator("summary").all():
                summary.click()
            assert violations(amir.page) == []
            keep_screenshot(amir.page, f"{place.split('?')[0]}-{language}-{scheme}.png")


@pytest.mark.parametrize("language", ["en", "he", "fa"])
def test_on_a_phone_nothing_is_wider_than_the_screen(
    browser: Browser, kesher_url: str, language: str
) -> None:
    size = {"width": 390, "height": 800}
    with at_the_desk(browser, kesher_url, "Amir", language, viewport=size) as amir:
        for place in ("escalations", "unknown", "figures?days=28", "answered"):
            amir.page.goto(f"{kesher_url}/desk/{place}")
            expect(amir.page.locator("#page h1")).to_be_focused()
            assert amir.page.evaluate("document.documentElement.scrollWidth") == 390
