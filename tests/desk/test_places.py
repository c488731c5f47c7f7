"""The desk's places beside the queue: what people are alerted of, and texts nobody can tell about."""

from datetime import timedelta

import pytest

from local.machine import Machine
from tests.desk.browser import browsing, html, seen, submit
from tests.desk.caller import NOA, Caller, nobody_can_tell, said, signed_in
from tests.desk.test_conversations import TAMAR, id_of

ANGRY = "You are thieves, where is my money"


@pytest.fixture
def dana(machine: Machine) -> Caller:
    return browsing(machine, "dana")


@pytest.fixture
def shirin(machine: Machine) -> Caller:
    return browsing(machine, "shirin")


def raised(machine: Machine, *phones: str, words: str = ANGRY) -> list[str]:
    """The ids of what their texts raise."""
    for phone in phones or (NOA,):
        machine.text(phone, words)
        machine.world.run()
        machine.world.advance(timedelta(minutes=1))
    return [each["id"] for each in said(signed_in(machine).get("/escalations"))["items"]]


def text_at(caller: Caller, place: str, query: str = "", language: str = "en") -> str:
    return seen(caller.get(place, query, kesher_language=language)).text


# --- the ways there --------------------------------------------------------------------------------


def test_the_ways_say_how_much_there_is_to_be_done(machine: Machine, dana: Caller) -> None:
    assert text_at(dana, "/places") == "Queue Escalations Unknown texts"
    nobody_can_tell(machine, "+972541111111")
    first, _ = raised(machine, NOA, TAMAR)
    assert text_at(dana, "/places") == "Queue Escalations 2 Unknown texts 1"
    submit(dana, f"/escalations/{first}/take", {}, "k")
    assert text_at(dana, "/places", language="fa") == "صف موارد فوری ۱ پیام‌های نامعلوم ۱"


def test_figures_are_a_place_for_whoever_leads(dana: Caller, shirin: Caller) -> None:
    assert "/desk/figures" not in html(dana.get("/places")) + html(dana.get("/whole"))
    for page in ("/places", "/whole"):
        assert 'href="/desk/figures"' in html(shirin.get(page))


def test_a_look_at_unchanged_ways_is_304(machine: Machine, dana: Caller) -> None:
    etag = dana.get("/places").headers["etag"]
    assert dana.get("/places", if_none_match=etag).status == 304
    raised(machine)
    assert dana.get("/places", if_none_match=etag).status == 200


# --- escalations -----------------------------------------------------------------------------------


def test_a_matter_says_what_who_in_which_words_since_when_and_how_far_it_climbed(
    machine: Machine, dana: Caller
) -> None:
    (id,) = raised(machine)
    page = dana.get("/escalations", kesher_language="en")
    shown = seen(page)
    assert shown.ids("matter-") == [f"matter-{id}"]
    for told in ("5678 Angry Urgent Nobody has it yet", ANGRY, "Since \u206812:00\u2069"):
        assert told in shown.text
    assert (
        "Rung \u20681\u2069 of \u20683\u2069 Alerted: slack Next one at \u206812:15\u2069"
        in shown.text
    )
    assert f'href="/desk/{id_of(NOA)}"' in html(page)


def test_the_oldest_stands_first_and_pages_lead_on(machine: Machine, dana: Caller) -> None:
    first, second = raised(machine, NOA, TAMAR)
    page = seen(dana.get("/escalations", "limit=1"))
    (on,) = [e["href"] or "" for _, e in page.elements if "cursor=" in (e.get("href") or "")]
    assert page.ids("matter-") == [f"matter-{first}"]
    assert seen(dana.get("/escalations", on.partition("?")[2])).ids("matter-") == [
        f"matter-{second}"
    ]


def test_who_comes_second_is_told_who_was_first(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    (id,) = raised(machine)
    taken = submit(shirin, f"/escalations/{id}/take", {}, "k1")
    assert (taken.status, taken.headers["hx-trigger"]) == (204, "kesher:done")
    refused = submit(dana, f"/escalations/{id}/take", {}, "k2", kesher_language="en")
    assert refused.status == 409
    assert "\u2068شیرین (shirin)\u2069 has it already." in seen(refused).text
    assert "With \u2068شیرین\u2069" in text_at(dana, "/escalations")
    assert f"take-{id}" not in html(dana.get("/escalations"))
    assert "Yours" in text_at(shirin, "/escalations")


def test_what_is_done_leaves_the_list(machine: Machine, dana: Caller, shirin: Caller) -> None:
    (id,) = raised(machine)
    assert submit(dana, f"/escalations/{id}/close", {}, "k1").status == 204
    assert text_at(dana, "/escalations").endswith("Nothing is waiting for anybody to see to it.")
    late = submit(shirin, f"/escalations/{id}/take", {}, "k2", kesher_language="en")
    assert (late.status, "It is closed already." in seen(late).text) == (409, True)


def test_words_of_a_customer_are_text_whatever_they_say(machine: Machine, dana: Caller) -> None:
    raised(machine, words=f"{ANGRY} <b>{{{{ 7*7 }}}}</b>")
    page = html(dana.get("/escalations"))
    assert f'<blockquote dir="auto">{ANGRY} &lt;b&gt;{{{{ 7*7 }}}}&lt;/b&gt;</blockquote>' in page


# --- texts that nobody can tell about --------------------------------------------------------------


def test_a_text_in_doubt_is_shown_with_whom_to_call(machine: Machine, dana: Caller) -> None:
    (text,) = nobody_can_tell(machine)
    page = dana.get("/unknown", kesher_language="en")
    shown = seen(page)
    assert shown.ids("text-") == [f"text-{text.id}"]
    assert f"{NOA} answers simulator" in shown.text
    assert text.text.split("\n", maxsplit=1)[0] in shown.text
    assert f'href="/desk/{text.customer}"' in html(page)


@pytest.mark.parametrize(
    ("outcome", "status"), [("arrived", "delivered"), ("did-not-arrive", "failed")]
)
def test_who_found_out_says_so_once(
    machine: Machine, dana: Caller, shirin: Caller, outcome: str, status: str
) -> None:
    (text,) = nobody_can_tell(machine)
    path = f"/unknown/{text.id}/settle"
    assert submit(dana, path, {"outcome": outcome}, "k1").status == 204
    assert text_at(dana, "/unknown").endswith("Of every text it is known what became of it.")
    assert [e.status for e in machine._outbound(NOA) if e.id == text.id] == [status]
    again = submit(shirin, path, {"outcome": outcome}, "k2", kesher_language="he")
    assert again.status in {204, 409}
    other = {"arrived": "did-not-arrive", "did-not-arrive": "arrived"}[outcome]
    refused = submit(shirin, path, {"outcome": other}, "k3", kesher_language="he")
    assert (refused.status, "כבר צוין" in seen(refused).text) == (409, True)


def test_a_form_that_says_no_outcome_is_refused(machine: Machine, dana: Caller) -> None:
    (text,) = nobody_can_tell(machine)
    for form in ({}, {"outcome": "perhaps"}):
        assert submit(dana, f"/unknown/{text.id}/settle", form, f"k{len(form)}").status == 400
