"""A conversation is summed up, and its customer reads that behind a link."""

import base64
import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest

from kesher import store, summary
from kesher.domain.customer import customer_id
from local.gateway import HttpAnswer
from local.machine import Machine
from local.outside.shop_events import Move
from local.world import Call
from tests.desk.caller import NOA, Caller, said, signed_in

HERS = customer_id("demo", NOA, "")
PATH = f"/conversations/{HERS}"
AGREED = "נשלח לכם בקבוק חדש במקום זה שבהזמנה 1001.\n<script>alert(1)</script> & 5% הנחה"


@pytest.fixture
def dana(machine: Machine) -> Caller:
    machine.order_event(Move("1001", "confirmed", phone=NOA))
    machine.world.run()
    machine.text(NOA, "הבקבוק הגיע שבור")
    machine.world.run()
    dana = signed_in(machine, "dana")
    dana.post(f"{PATH}/reply", {"text": "נשלח לכם חדש"})
    machine.world.run()
    return dana


def close(caller: Caller, text: Any = AGREED, key: str = "k") -> Any:
    return caller.post(f"{PATH}/close", {"farewell": True, "summary": text}, key=key)


def link(machine: Machine) -> str:
    machine.world.run()
    (found,) = re.findall(r"(/t/\S+)$", machine.received(NOA)[-1]["text"])
    return str(found)


def read(machine: Machine, path: str) -> HttpAnswer:
    return machine.world.http("GET", path, {}, b"")


def page(machine: Machine, path: str) -> str:
    answer = read(machine, path)
    assert answer.status == 200
    return answer.body.decode()


# --- the proposal ------------------------------------------------------------------------------------


def test_a_summary_is_proposed_in_the_customers_language(dana: Caller) -> None:
    answer = said(dana.get(f"{PATH}/summary"))
    lines = answer["text"].replace("\u200e", "").splitlines()

    assert (answer["language"], answer["agent"], answer["role"]) == ("he", "דנה", "שירות לקוחות")
    assert "1001" in lines[0]
    assert lines[1:] == ['כתבתם: "הבקבוק הגיע שבור"', "התשובה שלנו: נשלח לכם חדש"]


def test_of_who_has_not_written_nothing_is_proposed(machine: Machine) -> None:
    machine.order_event(Move("1001", "confirmed", phone=NOA))
    machine.world.run()

    assert signed_in(machine).get(f"{PATH}/summary").status == 404


# --- the page ----------------------------------------------------------------------------------------


def test_the_customer_reads_what_was_agreed(machine: Machine, dana: Caller) -> None:
    assert close(dana).status == 200
    html = page(machine, link(machine))

    assert '<html lang="he" dir="rtl">' in html
    assert "נשלח לכם בקבוק חדש במקום זה שבהזמנה 1001." in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 5% הנחה" in html
    assert "<script" not in html
    assert "דנה, שירות לקוחות" in html
    assert "Zayit" in html
    assert "אושרה ונמצאת בהכנה" in html
    assert "+972552345678" in html


def test_a_browser_keeps_nothing_runs_nothing_and_tells_nobody(
    machine: Machine, dana: Caller
) -> None:
    close(dana)
    good, bad = read(machine, link(machine)), read(machine, "/t/x")
    (style,) = re.findall(r"<style>(.*)</style>", good.body.decode())
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    for answer in (good, bad):
        sent = {name.lower(): value for name, value in answer.headers.items()}
        assert sent["content-type"] == "text/html; charset=utf-8"
        assert sent["cache-control"] == "no-store"
        assert sent["referrer-policy"] == "no-referrer"
        assert sent["x-robots-tag"] == "noindex, nofollow"
        assert sent["content-security-policy"] == (
            f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none';"
            " form-action 'none'; frame-ancestors 'none'"
        )
        assert '<meta name="robots" content="noindex, nofollow">' in answer.body.decode()


def test_the_way_back_is_to_the_agent_while_a_text_reopens(machine: Machine, dana: Caller) -> None:
    close(dana)
    path = link(machine)
    before = page(machine, path)
    machine.world.advance(timedelta(hours=machine.shop.service.reopen_hours))
    after = page(machine, path)

    assert "והתשובה תגיע אל דנה" in before
    assert "והתשובה תגיע אל" not in after
    assert "אפשר לכתוב לנו בכל עת" in after


def test_who_replies_to_the_text_is_back_with_the_agent_it_names(
    machine: Machine, dana: Caller
) -> None:
    close(dana)
    machine.text(NOA, "ועוד משהו")
    machine.world.run()

    assert said(dana.get(PATH))["conversation"]["agent"] == "dana"
    assert read(machine, link_before_last(machine)).status == 200


def link_before_last(machine: Machine) -> str:
    texts = [each["text"] for each in machine.received(NOA)]
    return str(next(found[0] for each in texts if (found := re.findall(r"(/t/\S+)$", each))))


def test_a_wrong_an_expired_and_a_revoked_token_look_the_same(
    machine: Machine, dana: Caller
) -> None:
    close(dana)
    path = link(machine)
    token = path.removeprefix("/t/")
    swapped = f"/t/{token[:-1]}{'A' if token[-1] != 'A' else 'Q'}"
    wrong = [
        read(machine, each) for each in (swapped, "/t/x", "/t/%20", "/t/א", f"{path}A", f"{path}=")
    ]
    machine.world.advance(timedelta(days=30))
    expired = read(machine, path)
    dana.post(f"{PATH}/reopen", None)
    machine.text(NOA, "ועוד משהו")
    machine.world.run()
    close(dana, key="k2")
    again = link(machine)
    assert read(machine, again).status == 200
    store.erase(machine.shop, HERS, "erased:0")
    revoked = read(machine, again)

    bodies = {each.body for each in (*wrong, expired, revoked)}
    assert {each.status for each in (*wrong, expired, revoked)} == {404}
    assert len(bodies) == 1
    assert summary.gone().html.encode() in bodies


def test_what_is_no_token_is_not_looked_up(machine: Machine) -> None:
    calls: list[Call] = []
    machine.world.before.append(calls.append)
    for each in ("x", "demo", "a" * 21, "a" * 23, "a" * 21 + ".", "a" * 21 + "%2F"):
        assert read(machine, f"/t/{each}").status == 404

    assert calls == []


def test_every_language_says_that_a_page_is_gone_in_its_own_direction() -> None:
    html = summary.gone().html

    assert re.findall(r'<p lang="(..)" dir="(...)">', html) == [
        ("en", "ltr"),
        ("he", "rtl"),
        ("fa", "rtl"),
        ("ar", "rtl"),
        ("ru", "ltr"),
    ]


# --- the link ----------------------------------------------------------------------------------------


def test_two_links_are_two_tokens_of_128_bits_and_the_table_has_their_digests(
    machine: Machine, dana: Caller
) -> None:
    close(dana)
    first = link(machine)
    dana.post(f"{PATH}/reopen", None)
    close(dana, key="k2")
    second = link(machine)
    kept = {each.digest for each in store.load_person("demo", HERS).summaries}

    assert first != second
    assert all(re.fullmatch("/t/[A-Za-z0-9_-]{22}", each) for each in (first, second))
    assert len(base64.urlsafe_b64decode(f"{first.removeprefix('/t/')}==")) * 8 == 128
    assert kept == {
        hashlib.sha256(each.removeprefix("/t/").encode()).hexdigest() for each in (first, second)
    }
    assert page(machine, first)


def test_the_same_close_is_told_once_with_one_link(machine: Machine, dana: Caller) -> None:
    first = close(dana)
    assert said(close(dana)) == said(first)
    machine.world.run()

    links = [each for each in machine.received(NOA) if "/t/" in each["text"]]
    assert len(links) == len(store.load_person("demo", HERS).summaries) == 1
    assert said(close(dana, "Another"))["code"] == "key-reused"


def test_what_is_kept_of_the_post_has_neither_summary_nor_link(
    machine: Machine, dana: Caller
) -> None:
    answered = close(dana)

    assert "/t/" not in str(said(answered))
    assert "בקבוק" not in str(said(answered))


@pytest.mark.parametrize("text", ["", " \n", "\x00", "x" * 2001, 7])
def test_a_summary_that_says_nothing_or_too_much_is_refused(dana: Caller, text: Any) -> None:
    assert close(dana, text).status == 400


def test_a_customer_is_handed_their_summaries(machine: Machine, dana: Caller) -> None:
    close(dana)

    (kept,) = store.load_person("demo", HERS).summaries
    assert kept.page.text == AGREED
