"""What agents do at a thread beside typing: canned replies, notes, a snooze, a close with a summary."""

import base64

import pytest
import requests
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.desk import Desk, Phone, Scheme, at_the_desk, new_phone
from tests.browser.test_desk_page import ENGLISH, HEBREW, keep_screenshot, violations

pytestmark = pytest.mark.browser

PICTURE = "https://zayit.example/storing.png"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
STILL = "Promise.allSettled(document.getAnimations().map(each => each.finished))"
NAMES = {"en": "Noa", "he": "נועה", "fa": "نوآ"}


def with_pictures(page: Page) -> None:
    page.route(PICTURE, lambda route: route.fulfill(body=PNG, content_type="image/png"))


def search(desk: Desk) -> Locator:
    return desk.page.get_by_role("combobox", name="Search canned replies")


def options(desk: Desk) -> Locator:
    return desk.page.get_by_role("listbox").get_by_role("option")


def wrote(url: str, words: str = ENGLISH) -> Phone:
    noa = new_phone(url)
    noa.text(words)
    return noa


# --- canned replies --------------------------------------------------------------------------------


def test_a_canned_reply_is_found_filled_in_and_sent_without_a_mouse(
    browser: Browser, kesher_url: str
) -> None:
    noa = wrote(kesher_url)
    with at_the_desk(browser, kesher_url, "דנה") as dana:
        with_pictures(dana.page)
        dana.open(noa)
        keys = dana.page.keyboard
        dana.words.fill("One moment. ")
        dana.words.press("End")
        keys.type("/")
        expect(search(dana)).to_be_focused()
        expect(options(dana).first).to_have_attribute("aria-selected", "true")
        keys.press("ArrowDown")
        expect(options(dana).nth(1)).to_have_attribute("aria-selected", "true")
        active = options(dana).nth(1).get_attribute("id") or ""
        expect(search(dana)).to_have_attribute("aria-activedescendant", active)
        keys.type("dark cool")
        expect(options(dana)).to_have_count(1)
        keys.press("Enter")
        expect(dana.page.get_by_label("First name")).to_be_focused()
        keys.press("Enter")
        expect(dana.words).to_have_value("One moment. ")
        keys.type("Noa")
        keys.press("Enter")
        expect(dana.words).to_be_focused()
        expect(dana.words).to_have_value(
            f"One moment. Hello Noa, keep the oil in the dark, cool and closed. "
            f"The picture shows how.\n{PICTURE}"
        )
        expect(dana.page.get_by_role("img", name="Picture")).to_be_visible()
        dana.page.reload()
        expect(dana.page.get_by_role("img", name="Picture")).to_have_attribute("src", PICTURE)
        dana.words.press("Control+Enter")
        expect(dana.text("keep the oil")).to_contain_text("Delivered")
        expect(dana.page.locator("#picture")).to_be_hidden()
    assert noa.received()[-1].splitlines()[1] == PICTURE
    assert "{" not in noa.received()[-1]


def test_a_canned_reply_is_chosen_with_the_mouse_and_goes_without_its_picture(
    browser: Browser, kesher_url: str
) -> None:
    noa = wrote(kesher_url)
    with at_the_desk(browser, kesher_url, "דנה") as dana:
        with_pictures(dana.page)
        dana.open(noa)
        dana.page.get_by_role("button", name="Canned replies").click()
        options(dana).filter(has_text="How to store").click()
        dana.page.get_by_label("First name").fill("{tracking}")
        dana.page.get_by_role("button", name="Insert").click()
        dana.page.get_by_role("button", name="Without the picture").click()
        expect(dana.page.locator("#picture")).to_be_hidden()
        expect(dana.words).not_to_have_value(f"\n{PICTURE}")
        dana.page.get_by_role("button", name="Canned replies").click()
        search(dana).fill("no such words")
        expect(dana.page.get_by_text("No canned reply has these words.")).to_be_visible()
        expect(search(dana)).to_have_attribute("aria-expanded", "false")
        dana.page.get_by_label("Language").last.select_option("he")
        expect(options(dana).first).to_contain_text("תודה שפניתם")


def test_a_slash_is_a_slash_where_it_is_no_beginning_of_a_word(
    browser: Browser, kesher_url: str
) -> None:
    noa = wrote(kesher_url)
    with at_the_desk(browser, kesher_url, "דנה") as dana:
        dana.open(noa)
        keys = dana.page.keyboard
        dana.page.locator("#take").click()
        expect(dana.words).to_be_focused()
        keys.type("24/7 ")
        expect(dana.words).to_have_value("24/7 ")
        keys.type("/")
        expect(search(dana)).to_be_focused()
        keys.type("/")
        expect(dana.words).to_be_focused()
        expect(dana.words).to_have_value("24/7 /")
        dana.words.fill("")
        keys.type("/")
        expect(search(dana)).to_be_focused()
        keys.press("Escape")
        expect(dana.words).to_be_focused()
        expect(dana.page.locator("#canned")).to_be_hidden()
        expect(dana.words).to_have_value("")


# --- notes -----------------------------------------------------------------------------------------


def test_a_note_is_another_draft_that_no_phone_gets_and_a_colleague_sees(
    browser: Browser, kesher_url: str
) -> None:
    noa = wrote(kesher_url)
    with (
        at_the_desk(browser, kesher_url, "שירות לקוחות") as dana,
        at_the_desk(browser, kesher_url, "شیرین") as shirin,
    ):
        dana.open(noa)
        shirin.open(noa)
        dana.page.locator("#take").click()
        expect(dana.words).to_be_focused()
        dana.page.keyboard.type("Half a reply")
        dana.page.get_by_role("button", name="Note").click()
        note = dana.page.get_by_label("Your note, which the customer never sees")
        expect(note).to_be_focused()
        expect(note).to_have_value("")
        expect(dana.words).to_be_hidden()
        dana.page.keyboard.type("She has called/twice")
        expect(dana.page.locator("[data-writes=reply] .kept")).to_have_text("draft")
        dana.page.locator("[data-writes=reply]").click()
        expect(dana.words).to_have_value("Half a reply")
        dana.words.fill("")
        dana.page.reload()
        expect(note).to_have_value("She has called/twice")
        expect(dana.words).to_be_hidden()
        note.press("Control+Enter")
        expect(note).to_have_value("")
        expect(dana.text("She has called/twice")).to_contain_text("A note of דנה, for us alone")
        expect(shirin.text("She has called/twice")).to_be_visible()
        shirin.page.keyboard.press("n")
        shirin.page.keyboard.type("I shall call her")
        shirin.page.keyboard.press("Control+Enter")
        expect(dana.text("I shall call her")).to_be_visible()
    assert len(noa.received()) == 1


# --- a snooze --------------------------------------------------------------------------------------


def test_a_snoozed_customer_is_out_of_the_queue_until_they_are_back(
    browser: Browser, kesher_url: str
) -> None:
    noa = wrote(kesher_url)
    with at_the_desk(browser, kesher_url, "דנה") as dana:
        dana.open(noa)
        dana.send("A new one leaves today.")
        expect(dana.page.locator("#to-snooze")).to_be_visible()
        dana.page.keyboard.press("Escape")
        dana.page.keyboard.press("z")
        sheet = dana.page.get_by_role("dialog", name="Snooze")
        sheet.get_by_role("button", name="In an hour").click()
        expect(sheet).to_be_hidden()
        expect(dana.page.locator("#talk .asleep")).to_contain_text("Snoozed until")
        expect(dana.line(noa)).to_be_hidden()
        snoozed = dana.page.get_by_label("Those that are snoozed")
        snoozed.check()
        expect(dana.line(noa)).to_contain_text("Snoozed until")
        snoozed.uncheck()
        dana.page.get_by_role("button", name="Back now").click()
        expect(dana.line(noa)).to_be_visible()
        dana.page.locator("#to-snooze").click()
        field = dana.page.get_by_label("Another time (\u2068Asia/Jerusalem\u2069)")
        latest = field.get_attribute("max") or ""
        field.fill(latest)
        sheet.get_by_role("button", name="Snooze").click()
        expect(dana.page.locator("#talk .asleep")).to_be_visible()
        noa.text("Hello?")
        expect(dana.line(noa)).to_contain_text("Has written")
        expect(dana.page.locator("#talk .asleep")).to_be_hidden()


# --- the close -------------------------------------------------------------------------------------


def test_a_conversation_is_closed_with_what_was_agreed_and_comes_back_to_its_agent(
    browser: Browser, kesher_url: str
) -> None:
    noa = wrote(kesher_url)
    with at_the_desk(browser, kesher_url, "דנה") as dana:
        dana.open(noa)
        dana.send("A new one leaves today.")
        expect(dana.text("A new one leaves today.")).to_contain_text("Delivered")
        dana.page.keyboard.press("Escape")
        dana.page.keyboard.press("c")
        sheet = dana.page.get_by_role("dialog", name="Close conversation")
        ending = sheet.locator(".ending:visible")
        expect(ending).to_contain_text("The customer gets this text. SMS parts: \u20681\u2069")
        sheet.get_by_label("Without a goodbye").check()
        expect(ending).to_have_text("The customer gets no text.")
        sheet.get_by_role("button", name="Propose a summary").click()
        agreed = sheet.get_by_label("What was agreed")
        expect(agreed).to_have_value(f'You wrote: "{ENGLISH}"\nOur answer: A new one leaves today.')
        expect(ending).to_contain_text("/t/…")
        agreed.fill("A new bottle leaves today, at our cost.")
        dana.page.reload()
        dana.page.locator("#to-close").click()
        expect(agreed).to_have_value("A new bottle leaves today, at our cost.")
        sheet.get_by_role("button", name="Close conversation").click()
        expect(sheet).to_be_hidden()
        link = dana.page.locator("#texts a").last
        expect(link).to_contain_text("/t/")
        address = link.get_attribute("href") or ""
        assert "A new bottle leaves today, at our cost." in requests.get(address, timeout=30).text
        noa.text("And the cap?")
        expect(dana.line(noa)).to_contain_text("For")
        expect(dana.line(noa)).to_contain_text("דנה")
        dana.page.locator("#to-close").click()
        expect(agreed).to_have_value("")
    assert address in noa.received()[-2]


# --- for everybody ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1280), ("he", "dark", 1280), ("fa", "light", 390), ("he", "light", 390)],
)
def test_axe_finds_nothing_to_mend_and_nothing_is_too_wide(
    browser: Browser, kesher_url: str, language: str, scheme: Scheme, width: int
) -> None:
    noa = wrote(kesher_url, ENGLISH if language == "en" else HEBREW)
    size = {"width": width, "height": 800}
    with at_the_desk(browser, kesher_url, "דנה", language, scheme, viewport=size) as dana:
        with_pictures(dana.page)

        def look(place: str) -> None:
            dana.page.evaluate(STILL)
            assert (place, violations(dana.page)) == (place, [])
            assert dana.page.evaluate("document.documentElement.scrollWidth") == width
            keep_screenshot(dana.page, f"writing-{language}-{width}-{place}.png")

        page = dana.page
        dana.open(noa)
        page.locator("#to-canned").click()
        expect(options(dana).first).to_be_visible()
        look("canned")
        options(dana).filter(has_text="How to store").click()
        look("blanks")
        page.locator("#blank-first_name").fill(NAMES[language])
        page.locator("#blanks .primary").click()
        expect(page.locator("#picture")).to_be_visible()
        look("picture")
        page.locator("#composer .primary").click()
        page.locator("[data-writes=note]").click()
        page.keyboard.type("24/7")
        look("note")
        page.locator("#to-snooze").click()
        expect(page.locator("#sheet .offers button").first).to_be_visible()
        look("snooze")
        page.locator("#sheet .offers button").first.click()
        expect(page.locator("#talk .asleep")).to_be_visible()
        look("snoozed")
        page.locator("#to-close").click()
        page.locator("#propose").click()
        expect(page.locator("#summary")).not_to_have_value("")
        look("close")


def test_earlier_texts_are_shown_when_they_are_asked_for(browser: Browser, kesher_url: str) -> None:
    noa = wrote(kesher_url)
    for n in range(100):
        noa.text(f"text {n}")
    with at_the_desk(browser, kesher_url, "דנה") as dana:
        dana.open(noa)
        expect(dana.text("text 99")).to_be_visible()
        dana.page.locator("#earlier").click()
        expect(dana.page.locator("#talk").get_by_text(ENGLISH)).to_be_visible()
