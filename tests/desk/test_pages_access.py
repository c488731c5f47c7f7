"""Who gets to see a page: each of them, with everything that is no good token for it."""

import pytest

from kesher import desk, store
from kesher.desk.pages import Page
from kesher.domain.shop import LEVELS
from kesher.store.table import table
from local.gateway import HttpAnswer
from local.machine import Machine
from tests.desk.browser import at_the_pages, browsing, html, submit
from tests.desk.caller import Caller, agent, holding
from tests.desk.test_access import (
    BODIES,
    NO_TOKENS,
    NOT_ALLOWED,
    prepared,
    reaching_the_room,
    wanted,
)

PAGES = pytest.mark.parametrize(
    "page", desk.PAGES, ids=lambda each: f"{each.route.method} {each.route.path}"
)
FORBIDDEN = 'data-code="forbidden"'


def asked(caller: Caller, page: Page, text: str) -> HttpAnswer:
    path = page.route.path.replace("{customer}", text.partition("-")[0]).replace("{figure}", "csat")
    path = path.replace("{message}", text).replace("{escalation}", text)
    if page.route.method == "GET":
        return caller.get(path, wanted(page.route, text))
    known, deed = page.route.path, path.rpartition("/")[2]
    said: dict[str, object] = dict(BODIES.get(known, BODIES.get(deed)) or {})
    form = {name: str(value).lower() if value is True else value for name, value in said.items()}
    return submit(caller, path, form, key=f"key-{path}")


@PAGES
def test_with_a_good_token_every_page_answers(machine: Machine, text: str, page: Page) -> None:
    prepared(machine, text, page.route)
    who = next(each.id for each in machine.shop.agents if each.may(page.route.least))
    answer = asked(browsing(machine, who), page, text)
    assert answer.status == {"GET": 200, "POST": 204}[page.route.method]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


@PAGES
def test_without_a_good_token_no_page_answers(machine: Machine, text: str, page: Page) -> None:
    before, calls = table().count(), reaching_the_room(machine)
    for name, made in NO_TOKENS.items():
        caller = at_the_pages(holding(machine, made(machine, agent(machine, "amir"))))
        assert (name, asked(caller, page, text).status) == (name, 401)
    assert calls == []
    assert before == table().count()


@PAGES
def test_who_does_not_work_here_is_refused_in_words(
    machine: Machine, text: str, page: Page
) -> None:
    before = table().count()
    for name, made in NOT_ALLOWED.items():
        caller = at_the_pages(holding(machine, made(machine, agent(machine, "amir"))))
        refused = asked(caller, page, text)
        assert (name, refused.status, FORBIDDEN in html(refused)) == (name, 403, True)
    assert before == table().count()


@PAGES
def test_a_lower_level_than_a_page_takes_is_refused(
    machine: Machine, text: str, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    for least in LEVELS[1:]:
        monkeypatch.setitem(vars(page.route), "least", least)
        lower = LEVELS[: LEVELS.index(least)]
        for level in lower:
            groups = {"cognito:groups": [level]}
            token = machine.world.issuer.token(agent(machine, "amir"), groups)
            refused = asked(at_the_pages(holding(machine, token)), page, text)
            assert (refused.status, FORBIDDEN in html(refused)) == (403, True)


def test_no_page_shows_anything_of_another_shop(
    machine: Machine, text: str, neighbour: Caller
) -> None:
    theirs = at_the_pages(neighbour)
    address = store.unknown("demo").texts[0].address
    for page in desk.PAGES:
        answer = asked(theirs, page, text)
        named = {"{customer}", "{message}", "{escalation}"}
        expected = 404 if any(each in page.route.path for each in named) else 200
        assert (page.route.path, answer.status) == (page.route.path, expected)
        assert address not in html(answer)


def test_a_path_that_is_no_page_is_refused_in_words(machine: Machine) -> None:
    dana = browsing(machine)
    refused = dana.get("/nothing")
    assert (refused.status, 'data-code="not-found"' in html(refused)) == (404, True)
    refused = dana.ask("PUT", "/conversations")
    assert (refused.status, refused.headers["allow"]) == (405, "GET")
    assert 'data-code="wrong-method"' in html(refused)
