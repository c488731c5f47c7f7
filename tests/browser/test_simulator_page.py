"""The page of `make run`, used as a person uses it."""

import os
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

DAY_MS = 24 * 60 * 60 * 1000
numbers = (f"+97250234{n}" for n in count(6001))


@pytest.fixture(autouse=True)
def _own_phone(page: Page) -> None:
    """Every test is another customer, who adds its number as a person does."""
    page.get_by_role("button", name="Add a number").click()
    number = next(numbers)
    page.get_by_label("New number").fill(number)
    page.get_by_label("New number").press("Enter")
    expect(page.get_by_label("Customer’s phone")).to_have_value(number)


def received(page: Page) -> Locator:
    return page.locator(".text.received")


def move_order(page: Page, kind: str) -> None:
    page.get_by_role("button", name=kind, exact=True).click()


def test_a_hebrew_question_is_answered_in_a_bubble_that_runs_right_to_left(page: Page) -> None:
    page.get_by_label("Your text to the shop").fill("מה שעות הפתיחה?")
    page.get_by_role("button", name="Send", exact=True).click()

    expect(received(page)).to_have_count(1)
    bubble = received(page).locator(".bubble")
    expect(bubble).to_contain_text("9:00")
    expect(bubble).to_have_css("direction", "rtl")
    expect(page.locator(".text.sent .bubble")).to_have_css("direction", "rtl")
    expect(page.get_by_label("Your text to the shop")).to_have_value("")


def test_the_buyer_is_told_of_each_step_once_however_often_it_is_delivered(page: Page) -> None:
    move_order(page, "Confirmed")
    expect(received(page)).to_have_count(1)
    move_order(page, "Shipped")
    expect(received(page)).to_have_count(2)
    expect(received(page).last.locator(".state")).to_have_text("delivered")
    expect(page.locator("#result")).to_contain_text("200")
    expect(page.locator(".trace").first).to_contain_text("notify")
    keep_screenshot(page, "simulator.png")

    page.get_by_role("button", name="Repeat last").click()

    expect(page.locator("#result")).to_contain_text("“shipped” again: no new text")
    expect(received(page)).to_have_count(2)


def test_a_text_can_be_sent_without_a_mouse(page: Page) -> None:
    composer = page.get_by_label("Your text to the shop")
    page.locator("body").press("Tab")
    for _ in range(30):
        if composer.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(composer).to_be_focused()

    page.keyboard.type("Do you ship abroad?")
    page.keyboard.press("Enter")

    expect(received(page)).to_have_count(1)
    expect(composer).to_be_focused()


def test_the_clock_can_be_moved_by_a_day(page: Page) -> None:
    before = shown_time(page)

    page.get_by_role("button", name="+1 day").click()

    page.wait_for_function(
        "([before, day]) => Date.parse(document.getElementById('clock').dateTime) >= before + day",
        arg=[before, DAY_MS],
    )


def shown_time(page: Page) -> float:
    page.wait_for_function("Date.parse(document.getElementById('clock').dateTime) > 0")
    return float(page.evaluate("Date.parse(document.getElementById('clock').dateTime)"))


def keep_screenshot(page: Page, name: str) -> None:
    if folder := os.environ.get("KESHER_SCREENSHOTS"):
        page.mouse.move(0, 0)
        page.screenshot(path=Path(folder) / name, animations="disabled")
