"""A morning at the desk: two customers, two agents, and a manager who sees the numbers move."""

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import Desk, at_the_desk, new_phone

pytestmark = pytest.mark.browser

BROKEN = "שלום, הבקבוק הגיע שבור. אפשר להחליף?"
LATE = "Can I talk to a person? My parcel is late."


def test_two_customers_two_agents_and_a_manager(browser: Browser, kesher_url: str) -> None:
    noa, tom = new_phone(kesher_url), new_phone(kesher_url)
    with (
        at_the_desk(browser, kesher_url, "Amir") as amir,
        at_the_desk(browser, kesher_url, "דנה", "he") as dana,
        at_the_desk(browser, kesher_url, "شیرین", "fa") as shirin,
    ):
        before = figures(amir, kesher_url)
        noa.text(BROKEN)
        tom.text(LATE)
        dana.open(noa)
        shirin.open(tom)
        assert figures(amir, kesher_url) == moved(before, waiting=2)

        by_a_canned_reply(dana, "בודקים")
        dana.open(tom)
        dana.page.route("**/live*", lambda route: route.abort())
        shirin.page.locator("#take").click()
        expect(shirin.words).to_be_focused()
        is_told_who_was_first(dana, "Tom, let me look", "شیرین")
        shirin.send("Your parcel comes tomorrow.")
        expect(shirin.text("Your parcel comes tomorrow.")).to_contain_text("رسید")
        assert figures(amir, kesher_url) == moved(before, answered=2)

        tom.text("And the invoice?")
        expect(shirin.text("And the invoice?")).to_be_visible()
        transfers(shirin.page, "דנה")
        dana.open(tom)
        expect(dana.words).to_have_value("Tom, let me look")
        dana.send("Here it is, Tom.")
        expect(dana.text("Here it is, Tom.")).to_contain_text("נמסרה")
        closes(dana, "The invoice is sent; the parcel comes tomorrow.")
        assert figures(amir, kesher_url) == moved(before, answered=3, resolved=1)

    said = [each.splitlines()[0] for each in tom.received()]
    assert said.index("Your parcel comes tomorrow.") < said.index("Here it is, Tom.")
    (link,) = [word for word in tom.received()[-1].split() if "/t/" in word]
    assert "The invoice is sent" in requests.get(link, timeout=30).text
    assert noa.received()[-1].endswith("דנה, שירות לקוחות")


def by_a_canned_reply(desk: Desk, words: str) -> None:
    desk.words.press("/")
    desk.page.keyboard.type(words)
    desk.page.keyboard.press("Enter")
    desk.page.get_by_label("שם פרטי").fill("נועה")
    desk.page.keyboard.press("Enter")
    expect(desk.words).to_be_focused()
    said = desk.words.input_value()
    desk.page.keyboard.press("Control+Enter")
    expect(desk.text(said.splitlines()[0])).to_be_visible()


def is_told_who_was_first(desk: Desk, words: str, holder: str) -> None:
    """Who has not seen yet that another has taken the customer."""
    desk.send(words)
    expect(desk.page.get_by_role("alert")).to_contain_text(holder)
    expect(desk.words).to_have_value(words)
    desk.page.unroute("**/live*")


def transfers(page: Page, to: str) -> None:
    page.locator("#to-transfer").click()
    page.locator("#to-agent").select_option(label=to)
    page.locator("#transfer .primary").click()
    expect(page.locator("#transfer")).to_be_hidden()


def closes(desk: Desk, agreed: str) -> None:
    desk.page.locator("#to-close").click()
    desk.page.locator("#propose").click()
    expect(desk.page.locator("#summary")).not_to_have_value("")
    desk.page.locator("#summary").fill(agreed)
    desk.page.locator("#sheet form .primary").click()
    expect(desk.page.locator("#sheet")).to_be_hidden()
    expect(desk.page.locator("#texts a").last).to_contain_text("/t/")


# --- what the manager reads --------------------------------------------------------------------------

Numbers = dict[str, int]


def figures(desk: Desk, url: str) -> Numbers:
    desk.page.goto(f"{url}/desk/figures")
    expect(desk.page.get_by_role("heading", name="Figures")).to_be_visible()
    rows = desk.page.locator("#took-title + .table tbody tr")
    ended = [int(each) for each in rows.locator("td:nth-child(2)").all_inner_texts()]
    first, _, following, _, resolved = ended
    waiting = desk.page.locator(".tile .big").first.inner_text()
    return {"waiting": int(waiting), "answered": first + following, "resolved": resolved}


def moved(before: Numbers, **by: int) -> Numbers:
    return {name: n + by.get(name, 0) for name, n in before.items()}
