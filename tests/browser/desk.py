"""Agents in front of the desk's page, and the phones of their customers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal

import requests
from playwright.sync_api import Browser, Locator, Page, expect

Scheme = Literal["light", "dark"]
_numbers = (f"+97252700{n}" for n in count(1001))


@dataclass(frozen=True)
class Phone:
    url: str
    number: str

    def text(self, words: str) -> None:
        said = {"text": words}
        at = f"{self.url}/local/phones/{self.number}/messages"
        assert requests.post(at, json=said, timeout=30).status_code == 202

    def received(self) -> list[str]:
        answer = requests.get(f"{self.url}/local/phones/{self.number}", timeout=30)
        return [each["text"] for each in answer.json()]


def new_phone(url: str) -> Phone:
    return Phone(url, next(_numbers))


@dataclass(frozen=True)
class Desk:
    """An agent's page."""

    page: Page

    def line(self, phone: Phone) -> Locator:
        return self.page.locator("#queue a", has_text=phone.number)

    def open(self, phone: Phone) -> None:
        self.line(phone).click()
        expect(self.page.locator("#talk-title")).to_have_text(phone.number)

    @property
    def words(self) -> Locator:
        return self.page.locator("#text")

    @property
    def texts(self) -> Locator:
        return self.page.locator("#texts .text")

    def text(self, words: str) -> Locator:
        return self.texts.filter(has_text=words)

    def send(self, words: str) -> None:
        self.words.fill(words)
        self.page.locator("#composer .primary").click()


@contextmanager
def at_the_desk(
    browser: Browser,
    url: str,
    name: str,
    language: str = "en",
    scheme: Scheme = "light",
    **context: Any,
) -> Iterator[Desk]:
    """Signed in as somebody does, in an interface of this language."""
    size = {"viewport": {"width": 1440, "height": 900}}
    with browser.new_context(color_scheme=scheme, **(size | context)) as opened:
        opened.add_init_script(f"localStorage.setItem('kesher.language', '{language}')")
        page = opened.new_page()
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda said: broken.append(said.text) if _is_ours(said.text) else None)
        page.goto(f"{url}/desk")
        sign_in(page, name)
        yield Desk(page)
        assert broken == []


def sign_in(page: Page, name: str) -> None:
    page.locator("#sign-in").click()
    page.get_by_role("button", name=name).click()
    expect(page.locator("#queue")).to_be_visible()


def _is_ours(said: str) -> bool:
    """A script or style that the policy has kept from running; not an answer that was to be expected."""
    return "Content Security Policy" in said
