"""Somebody at the desk, as their browser asks for its pages."""

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from kesher.desk.pages import BASE
from local.gateway import HttpAnswer
from local.machine import Machine
from tests.desk.caller import Caller, signed_in

FORM = "application/x-www-form-urlencoded"


def at_the_pages(caller: Caller) -> Caller:
    return replace(caller, base=BASE)


def browsing(machine: Machine, id: str = "dana") -> Caller:
    return at_the_pages(signed_in(machine, id))


def submit(caller: Caller, path: str, form: dict[str, Any], key: str, **more: str) -> HttpAnswer:
    named = {"content_type": FORM, "idempotency_key": key} | more
    return caller.ask("POST", path, urlencode(form).encode(), headers=named)


def html(answer: HttpAnswer) -> str:
    return answer.body.decode()


class Seen(HTMLParser):
    """What a reader of the HTML sees of it: elements with their attributes, and text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._text: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self._text).split())

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def ids(self, beginning: str) -> list[str]:
        found = (attributes.get("id") or "" for _, attributes in self.elements)
        return [each for each in found if each.startswith(beginning)]

    def one(self, id: str) -> dict[str, str | None]:
        (found,) = [each for _, each in self.elements if each.get("id") == id]
        return found


def seen(answer: HttpAnswer) -> Seen:
    return Seen(html(answer))
