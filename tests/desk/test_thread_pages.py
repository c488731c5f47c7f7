"""What the pages offer beside a reply: canned replies, notes, a snooze, a close with a summary."""

import re
from datetime import datetime, timedelta

import pytest

from kesher import store
from kesher.domain.message import Outbound
from local.machine import Machine
from local.outside.shop_events import Move
from tests.desk.browser import Seen, browsing, html, seen, submit
from tests.desk.caller import NOA, Caller, said, signed_in
from tests.desk.test_conversations import at, got, listed, waits

HEBREW = "הבקבוק הגיע שבור"


@pytest.fixture
def dana(machine: Machine) -> Caller:
    """Who has a customer of hers in front of her."""
    machine.order_event(Move("1001", "confirmed", phone=NOA))
    waits(machine, words=HEBREW)
    return browsing(machine, "dana")


@pytest.fixture
def answered(machine: Machine, dana: Caller) -> Caller:
    submit(dana, at(deed="reply"), {"text": "נשלח לכם חדש"}, "answered")
    machine.world.run()
    return dana


def offered(page: Seen) -> dict[str, dict[str, str | None]]:
    """The canned replies of a page by name."""
    found = (each for _, each in page.elements if each.get("role") == "option")
    return {each["data-name"] or "": each for each in found}


# --- canned replies --------------------------------------------------------------------------------


def test_canned_replies_are_offered_in_the_customers_language_and_filled_in(dana: Caller) -> None:
    page = seen(dana.get(at(deed="canned"), kesher_language="en"))
    replies = offered(page)
    assert list(replies) == [
        *("looking_into_it", "order_state", "tracking", "picture_please", "storing", "new_one")
    ]
    assert "1001" in (replies["order_state"]["data-text"] or "")
    assert replies["storing"]["data-picture"] == "https://zayit.example/storing.png"
    assert "A new one instead SMS parts: \u20682\u2069 אנחנו מצטערים." in page.text


def test_they_are_sought_by_words_language_and_team(dana: Caller) -> None:
    assert list(offered(seen(dana.get(at(deed="canned"), "q=new_one")))) == ["new_one"]
    assert list(offered(seen(dana.get(at(deed="canned"), "team=persian&q=new_one")))) == []
    assert "picture of it" in html(dana.get(at(deed="canned"), "language=en&q=picture_please"))


def test_a_blank_that_nobody_knows_is_named_and_asked_for(dana: Caller) -> None:
    page = seen(dana.get(at(deed="canned"), "name=tracking", kesher_language="en"))
    assert "\u2039Tracking number\u203a" in page.text
    asked = page.one("blank-tracking")
    assert (asked["name"], "required" in asked) == ("tracking", True)
    filled = seen(dana.get(at(deed="canned"), "name=tracking&tracking=RR1"))
    assert (offered(filled)["tracking"]["data-text"] or "").endswith("RR1")
    assert filled.ids("blanks") == []


# --- a note ----------------------------------------------------------------------------------------


def test_a_note_is_kept_whoever_has_the_customer_and_no_phone_gets_it(
    machine: Machine, dana: Caller
) -> None:
    submit(browsing(machine, "shirin"), at(deed="take"), {}, "k")
    before = got(machine)
    for _ in range(2):
        assert submit(dana, at(deed="note"), {"text": "היא התקשרה פעמיים"}, "n").status == 204
    machine.world.run()
    assert got(machine) == before
    assert html(dana.get(at())).count("היא התקשרה פעמיים") == 1


# --- a snooze --------------------------------------------------------------------------------------


def test_a_snooze_is_offered_until_when_the_shop_opens(answered: Caller) -> None:
    page = seen(answered.get(at(deed="snooze"), kesher_language="en"))
    assert "In an hour 13:00" in page.text
    assert "Tomorrow, when we open \u2068tomorrow\u2069, \u20689:00\u2069" in page.text
    assert "After Shabbat \u2068Sunday, 29 November\u2069, \u20689:00\u2069" in page.text
    offers = [each.get("value") for _, each in page.elements if each.get("name") == "until"]
    assert "2026-11-24T07:00:00+00:00" in offers
    field = page.one("until")
    assert (field["min"], field["max"]) == ("2026-11-23T12:00", "2026-12-23T12:00")


@pytest.mark.parametrize("until", ["2026-11-24T09:00", "2026-11-24T07:00:00+00:00"])
def test_a_time_without_an_offset_is_the_shops(
    machine: Machine, answered: Caller, until: str
) -> None:
    assert submit(answered, at(deed="snooze"), {"until": until}, "k").status == 204
    talk = said(signed_in(machine).get(at()))["conversation"]
    assert datetime.fromisoformat(talk["snoozed_until"]).isoformat() == "2026-11-24T07:00:00+00:00"


@pytest.mark.parametrize("until", ["", "tomorrow", "2026-11-23T09:00", "2027-01-01T09:00"])
def test_a_time_that_makes_no_sense_is_refused(answered: Caller, until: str) -> None:
    assert submit(answered, at(deed="snooze"), {"until": until}, "k").status == 400


def test_queue_and_thread_tell_until_when_and_it_is_ended_by_hand(
    machine: Machine, answered: Caller
) -> None:
    submit(answered, at(deed="snooze"), {"until": "2026-11-24T09:00"}, "k")
    told, english = "Snoozed until \u2068tomorrow, 9:00\u2069", {"kesher_language": "en"}
    thread = seen(answered.get(at(), **english))
    assert told in thread.text
    assert told in seen(answered.get("/conversations", "snoozed=true", **english)).text
    assert told not in seen(answered.get("/conversations", **english)).text
    assert thread.one("wake")["hx-post"] == f"/desk/pages{at(deed='take')}"
    submit(answered, at(deed="take"), {}, "k2")
    assert listed(signed_in(machine)) == [NOA]
    assert told not in seen(answered.get(at(), **english)).text


def test_who_waits_is_not_offered_to_be_hidden(machine: Machine, answered: Caller) -> None:
    assert "to-snooze" in seen(answered.get(at())).ids("to-")
    waits(machine, words="ומתי?")
    assert "to-snooze" not in seen(answered.get(at())).ids("to-")


# --- the close -------------------------------------------------------------------------------------


def endings(page: Seen) -> list[str | None]:
    return [each["data-ending"] for _, each in page.elements if "data-ending" in each]


def test_closing_shows_what_the_customer_would_read_and_its_parts(
    machine: Machine, answered: Caller
) -> None:
    page = seen(answered.get(at(deed="close"), kesher_language="en"))
    assert endings(page) == ["true true", "true false", "false true", "false false"]
    assert "Whoever has the link can read it" in page.text
    assert "The customer gets no text." in page.text
    parts, words = re.findall(r"parts: \u2068(\d)\u2069 ([^/]*) http://[^/]*/t/… The", page.text)[0]
    submit(answered, at(deed="close"), {"farewell": "true", "summary": "נשלח חדש"}, "k")
    sent = store.history("demo", at().rpartition("/")[2])
    (last,) = [each for each in sent if isinstance(each, Outbound) and "/t/" in each.text]
    assert str(last.parts) == parts
    assert " ".join(last.text.split()).startswith(words)


def test_who_wants_no_texts_is_closed_quietly(machine: Machine, answered: Caller) -> None:
    machine.twilio.text(NOA, "STOP", "SM1")
    machine.world.run()
    page = seen(answered.get(at(deed="close"), kesher_language="en"))
    assert (endings(page), page.ids("summary")) == ([], [])
    assert submit(answered, at(deed="close"), {"farewell": "false"}, "k").status == 204


def test_a_summary_is_proposed_and_its_link_stands_in_the_thread(
    machine: Machine, answered: Caller
) -> None:
    page = seen(answered.get(at(deed="summary")))
    (proposed,) = [each["value"] or "" for tag, each in page.elements if tag == "data"]
    assert "1001" in proposed.splitlines()[0]
    submit(answered, at(deed="close"), {"farewell": "false", "summary": proposed}, "k")
    machine.world.run()
    thread = seen(answered.get(at(), kesher_language="en"))
    (link,) = [each["href"] or "" for tag, each in thread.elements if tag == "a"]
    assert got(machine)[-1].splitlines()[-1] == link
    read = machine.world.http("GET", link.removeprefix("http://127.0.0.1:8080"), {}, b"")
    assert HEBREW in read.body.decode()
    assert thread.text.count("Closed by") == 1


def test_an_address_that_a_customer_wrote_is_no_link(machine: Machine, dana: Caller) -> None:
    waits(machine, words="See\nhttps://phishing.example/")
    assert "a" not in seen(dana.get(at())).tags


@pytest.mark.parametrize("deed", ["canned", "snooze", "close", "summary"])
def test_of_who_has_not_written_there_is_nothing_to_do(machine: Machine, deed: str) -> None:
    machine.order_event(Move("1001", "confirmed", phone=NOA))
    machine.world.run()
    expected = 200 if deed == "canned" else 404
    assert browsing(machine).get(at(deed=deed)).status == expected


def test_a_customer_who_writes_again_is_back_with_who_closed(
    machine: Machine, answered: Caller
) -> None:
    submit(answered, at(deed="close"), {"farewell": "true", "summary": "נשלח חדש"}, "k")
    machine.world.advance(timedelta(hours=1))
    waits(machine, words="ועוד משהו, אפשר גם פקק?")
    assert "For \u2068דנה\u2069" in seen(answered.get("/conversations", kesher_language="en")).text
