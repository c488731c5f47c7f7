"""What the pages show: the queue, one customer, what was refused; and what looking costs."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from kesher import errors, store
from kesher.desk import problem, words
from kesher.desk.pages import thread
from kesher.domain.conversation import Conversation
from kesher.domain.customer import Customer, customer_id
from kesher.domain.decision import Decision
from kesher.domain.message import Inbound
from local import push
from local.machine import Machine
from local.outside.shop_events import Move
from local.world import Call
from tests.desk.browser import browsing, html, seen, submit
from tests.desk.caller import NOA, Caller, said, signed_in
from tests.desk.test_conversations import BROKEN, SHIRIN, TAMAR, at, got, id_of, waits

HOSTILE = '<script>alert(1)</script>\u202egnp.exe\u202c & "it\'s" {{ 7*7 }}'
LINE = "/conversations"


@pytest.fixture
def dana(machine: Machine) -> Caller:
    return browsing(machine, "dana")


@pytest.fixture
def shirin(machine: Machine) -> Caller:
    return browsing(machine, "shirin")


@contextmanager
def reads(machine: Machine) -> Iterator[Counter[str]]:
    counted: Counter[str] = Counter()
    count = lambda call: counted.update([call.operation] if call.service == "dynamodb" else [])  # noqa: E731
    machine.world.before.append(count)
    yield counted
    machine.world.before.remove(count)


def looked_again(caller: Caller, phone: str = NOA) -> tuple[int, str]:
    """The status of a look at what was just seen, and the ETag that it has."""
    live = caller.get(f"{at(phone)}/live")
    leaving = json.loads(seen(live).one("talk")["hx-vals"] or "")["leaving"]
    query = f"leaving={leaving}"
    again = caller.get(f"{at(phone)}/live", query, if_none_match=live.headers["etag"])
    return again.status, live.headers["etag"]


# --- the queue -------------------------------------------------------------------------------------


def test_who_waits_longest_stands_first_with_language_and_promise(
    machine: Machine, dana: Caller
) -> None:
    waits(machine, TAMAR, NOA)
    page = seen(dana.get(LINE, "", kesher_language="en"))
    assert page.ids("line-") == [f"line-{id_of(TAMAR)}", f"line-{id_of(NOA)}"]
    assert "+972523456789" in page.text
    assert "Waiting English Since \u206812:00\u2069 Promised by \u206812:10\u2069" in page.text
    due = [each["data-due"] for _, each in page.elements if "data-due" in each]
    assert due[0] == said(signed_in(machine).get(LINE))["items"][0]["promised_at"].replace(
        "Z", "+00:00"
    )


def test_a_line_says_who_has_the_customer(machine: Machine, dana: Caller, shirin: Caller) -> None:
    waits(machine)
    submit(shirin, at(deed="take"), {}, "k")
    assert "With \u2068شیرین\u2069" in seen(dana.get(LINE, kesher_language="en")).text
    assert "Yours" in seen(shirin.get(LINE, kesher_language="en")).text
    assert "Has written" in seen(shirin.get(LINE, kesher_language="en")).text


def test_an_empty_queue_and_an_empty_choice_are_told_apart(dana: Caller) -> None:
    every = seen(dana.get(LINE, kesher_language="en")).text
    mine = seen(dana.get(LINE, "mine=true", kesher_language="en")).text
    assert every == "Nobody is waiting. A new text will appear here by itself."
    assert mine == "Nobody like that. Show everybody to see the rest."


def test_a_queue_of_thousands_is_opened_by_one_query_in_one_request(
    machine: Machine, dana: Caller
) -> None:
    since = machine.clock.now()
    for n in range(600):
        address = f"+9725{n:08}"
        talk = Conversation(f"c{n}", since, "waiting", since, waiting_since=since)
        known = Customer(customer_id("demo", address, ""), "demo", address, conversation=talk)
        store.commit(Decision((known,)), machine.shop)
    store.load_shop("demo")
    with reads(machine) as counted:
        page = seen(dana.get("/whole", "limit=50"))
    assert counted == {"Query": 1}
    assert len(page.ids("line-")) == 50
    assert [each["data-cursor"] for _, each in page.elements if "data-cursor" in each] != [""]


def test_a_look_at_an_unchanged_queue_is_one_query_and_304(machine: Machine, dana: Caller) -> None:
    waits(machine)
    etag = dana.get(LINE).headers["etag"]
    with reads(machine) as counted:
        again = dana.get(LINE, if_none_match=etag)
    assert (again.status, again.body, counted) == (304, b"", {"Query": 1})
    assert again.headers["kesher-now"] == machine.clock.now().isoformat()
    waits(machine, TAMAR)
    assert dana.get(LINE, if_none_match=etag).status == 200


# --- one customer ----------------------------------------------------------------------------------


def test_a_thread_tells_customer_script_and_agent_apart_in_words(
    machine: Machine, dana: Caller
) -> None:
    waits(machine)
    submit(dana, at(deed="reply"), {"text": "We are so sorry"}, "k")
    machine.world.run()
    page = seen(dana.get(at(), kesher_language="en")).text
    wrote, answered, replied = (
        page.index(f"Customer {BROKEN} 12:00"),
        page.index("Automatic Thanks for writing to Zayit."),
        page.index("דנה We are so sorry דנה, שירות לקוחות 12:00 Delivered"),
    )
    assert page.index("today") < page.index("A conversation began")
    assert page.index("A conversation began") < wrote < answered < replied


def test_a_note_is_told_apart_from_what_customers_are_sent(machine: Machine, dana: Caller) -> None:
    waits(machine)
    signed_in(machine).post(at(deed="note"), {"text": "She has called twice"})
    page = dana.get(at(), kesher_language="en")
    shown = seen(page).text

    assert "A note of דנה, for us alone She has called twice" in shown
    assert b'class="text by-note"' in page.body


def test_times_are_the_shops_and_digits_the_languages(machine: Machine, dana: Caller) -> None:
    waits(machine)
    machine.world.advance(timedelta(days=1))
    page = seen(dana.get(at(), kesher_language="fa")).text
    assert "دیروز" in page
    assert "۱۲:۰۰" in page
    machine.world.advance(timedelta(days=1))
    assert (
        "\u2068יום שני\u2069, \u206823 בנובמבר\u2069"
        in seen(dana.get(at(), kesher_language="he")).text
    )


def test_the_customers_orders_consent_and_earlier_conversations_stand_beside(
    machine: Machine, dana: Caller
) -> None:
    machine.order_event(Move("1001", "confirmed", phone=NOA))
    waits(machine)
    submit(dana, at(deed="take"), {}, "k1")
    submit(dana, at(deed="close"), {"farewell": "false"}, "k2")
    machine.world.advance(timedelta(days=5))
    waits(machine)
    machine.twilio.text(NOA, "STOP", "SM1")
    machine.world.run()
    page = seen(dana.get(at(), kesher_language="en")).text
    assert "#1001 Confirmed" in page
    assert "Wants none: alerts, answers, order news, offers, surveys" in page
    assert (
        "Earlier conversations \u2068Monday\u2069, \u206823 November\u2069 Closed by \u2068דנה\u2069"
        in page
    )


def test_what_was_stored_is_shown_as_text_whatever_it_says(machine: Machine, dana: Caller) -> None:
    waits(machine, words=HOSTILE)
    customer, _ = store.load_customer("demo", id_of())
    assert customer is not None
    store.commit(Decision((replace(customer, name=f"<b>{HOSTILE}</b>"),)), machine.shop)
    for page in (dana.get("/whole"), dana.get(LINE), dana.get(at()), dana.get(f"{at()}/live")):
        shown = seen(page)
        assert not {"script", "b\u202e"} & shown.tags
        assert "<script>alert(1)</script>" in shown.text
        assert "{{ 7*7 }}" in shown.text
        for _, attributes in shown.elements:
            assert not [each for each in attributes if each.startswith("on") or each == "style"]


def test_a_name_turns_nothing_around_it(machine: Machine, dana: Caller) -> None:
    waits(machine)
    customer, _ = store.load_customer("demo", id_of())
    assert customer is not None
    store.commit(Decision((replace(customer, name="\u202eaoN\u2067"),)), machine.shop)
    for page in (dana.get(LINE), dana.get(at())):
        assert "<bdi>aoN</bdi>" in html(page)
        assert "\u202e" not in html(page)


def test_words_of_a_customer_have_their_own_direction(machine: Machine, dana: Caller) -> None:
    waits(machine, words="הבקבוק הגיע שבור <br> line")
    assert '<p class="words" dir="auto">הבקבוק הגיע שבור &lt;br&gt; line</p>' in html(
        dana.get(at())
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://x y"])
def test_only_the_address_of_a_page_becomes_a_link(
    machine: Machine, dana: Caller, url: str
) -> None:
    machine.text(NOA, "See here, please", [url, "https://media.example/bottle.jpg"])
    machine.world.run()
    page = seen(dana.get(at()))
    links = [each for tag, each in page.elements if tag == "a"]
    assert [each["href"] for each in links] == ["https://media.example/bottle.jpg"]
    assert {each["rel"] for each in links} == {"noopener noreferrer"}


def test_five_hundred_texts_open_in_one_request_by_one_query(
    machine: Machine, dana: Caller
) -> None:
    waits(machine)
    for n in range(499):
        now = machine.clock.now() - timedelta(minutes=n)
        text = Inbound(
            f"{n:020x}", "demo", id_of(), None, "simulator", NOA, "+1", f"text {n}", now, str(n)
        )
        store.commit(Decision((text,)), machine.shop)
    with reads(machine) as counted:
        opened = seen(dana.get(at()))
    assert counted == {"Query": 1}
    assert len(opened.ids("text-")) == 100
    earlier = json.loads(opened.one("earlier")["hx-vals"] or "")
    before = seen(dana.get(f"{at()}/earlier", f"before={earlier['before']}"))
    assert (
        len([each for tag, each in before.elements if "text " in (each.get("class") or "")]) == 100
    )
    assert before.ids("text-") == [], "ids are the newest texts'"


# --- looking again ---------------------------------------------------------------------------------


def test_a_look_at_an_unchanged_thread_is_one_query_and_304(machine: Machine, dana: Caller) -> None:
    waits(machine)
    _, etag = looked_again(dana)
    with reads(machine) as counted:
        again = dana.get(f"{at()}/live", if_none_match=etag)
    assert (again.status, again.body, counted) == (304, b"", {"Query": 1})


def test_a_new_text_and_an_orders_news_are_seen_by_the_next_look(
    machine: Machine, dana: Caller
) -> None:
    waits(machine)
    _, etag = looked_again(dana)
    machine.text(NOA, "Hello?")
    machine.world.run()
    news = dana.get(f"{at()}/live", if_none_match=etag)
    assert (news.status, "Hello?" in html(news)) == (200, True)
    machine.order_event(Move("1001", "confirmed", phone=NOA))
    machine.world.run()
    told = dana.get(f"{at()}/live", if_none_match=news.headers["etag"])
    assert (told.status, "1001" in html(told)) == (200, True)


def test_a_colleagues_note_is_seen_by_the_next_look(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    waits(machine)
    _, etag = looked_again(dana)
    submit(shirin, at(deed="note"), {"text": "She has called twice"}, "k")
    noted = dana.get(f"{at()}/live", if_none_match=etag)
    assert (noted.status, "She has called twice" in html(noted)) == (200, True)
    assert looked_again(dana)[0] == 304


def test_what_becomes_of_a_text_is_seen_by_the_next_look(machine: Machine, dana: Caller) -> None:
    waits(machine)
    submit(dana, at(deed="reply"), {"text": "We are so sorry"}, "k")
    status, _ = looked_again(dana)
    assert status == 304, "it is on its way, and nothing has changed"
    live = dana.get(f"{at()}/live", kesher_language="en")
    leaving = json.loads(seen(live).one("talk")["hx-vals"] or "")["leaving"]
    assert "Waits to leave" in seen(live).text
    machine.world.run()
    then = dana.get(
        f"{at()}/live",
        f"leaving={leaving}",
        if_none_match=live.headers["etag"],
        kesher_language="en",
    )
    assert (then.status, "Waits to leave" in seen(then).text) == (200, False)


def test_a_look_reads_no_text_that_is_not_the_customers(machine: Machine, dana: Caller) -> None:
    waits(machine, NOA, TAMAR)
    others = f"{id_of(TAMAR)}-{'a' * 20}"
    _, etag = looked_again(dana)
    asked: list[Call] = []
    machine.world.before.append(asked.append)
    query = f"leaving={others},nonsense,{id_of()}%23x"
    assert dana.get(f"{at()}/live", query, if_none_match=etag).status == 304
    assert [call.operation for call in asked] == ["Query"]


def test_looks_leave_no_trace_and_what_is_done_does(machine: Machine, dana: Caller) -> None:
    waits(machine)
    before = len(machine.world.trace.after(0)["steps"])
    for path in ("/whole", LINE, at(), f"{at()}/live"):
        dana.get(path)
    assert len(machine.world.trace.after(0)["steps"]) == before
    submit(dana, at(deed="take"), {}, "k")
    assert machine.world.trace.after(0)["steps"][-1]["label"].endswith("/take")


# --- what is done ----------------------------------------------------------------------------------


def test_a_reply_that_is_sent_twice_is_one_text(machine: Machine, dana: Caller) -> None:
    waits(machine)
    for _ in range(3):
        answer = submit(dana, at(deed="reply"), {"text": "A new one leaves today"}, "draft-1")
        assert (answer.status, answer.headers["hx-trigger"]) == (204, "kesher:done")
    machine.world.run()
    assert got(machine)[1:] == ["A new one leaves today\nדנה, שירות לקוחות"]


def test_who_comes_second_is_told_who_has_the_customer(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    waits(machine)
    submit(shirin, at(deed="take"), {}, "k")
    for language, told in (
        ("en", "\u2068شیرین (shirin)\u2069 has this conversation."),
        ("he", "השיחה בטיפול \u2068شیرین (shirin)\u2069."),
    ):
        refused = submit(
            dana, at(deed="reply"), {"text": "Hi"}, f"k-{language}", kesher_language=language
        )
        assert (refused.status, told in seen(refused).text) == (409, True)


def test_a_form_that_says_nothing_is_refused(machine: Machine, dana: Caller) -> None:
    waits(machine)
    for deed, form in (
        ("reply", {}),
        ("reply", {"text": ""}),
        ("reply", {"text": "x" * 1001}),
        ("close", {}),
        ("close", {"farewell": "perhaps"}),
        ("transfer", {"team": "", "agent": ""}),
        ("transfer", {"team": "care", "shop": "keshet"}),
    ):
        refused = submit(dana, at(deed=deed), form, f"k-{deed}-{len(form)}")
        assert (deed, form, refused.status) == (deed, form, 400)


def test_what_is_offered_is_what_can_happen(machine: Machine, dana: Caller, shirin: Caller) -> None:
    def offered(caller: Caller) -> set[str]:
        answer = said(replace(caller, base="/desk/api/v1").get(at()))
        assert answer["conversation"]["state"]
        ids = {"take", "reopen", "give-back", "to-transfer", "to-close"}
        return ids & set(seen(caller.get(at())).ids(""))

    waits(machine)
    assert offered(dana) == {"take", "to-transfer", "to-close"}
    submit(shirin, at(deed="take"), {}, "k1")
    assert offered(dana) == set()
    assert offered(shirin) == {"give-back", "to-transfer", "to-close"}
    assert offered(browsing(machine, "amir")) == {"take", "give-back", "to-transfer", "to-close"}
    submit(shirin, at(deed="close"), {"farewell": "false"}, "k2")
    assert offered(dana) == {"reopen"}


def test_every_deed_that_is_offered_is_one_of_the_conversations() -> None:
    assert set(thread.DEEDS) == {"take", "give back", "transfer", "snooze", "close", "reopen"}


# --- its words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "asked", "language"),
    [("dana", None, "he"), ("shirin", None, "fa"), ("shirin", "en", "en"), ("amir", "xx", "he")],
)
def test_the_desk_speaks_its_agents_language_until_they_switch(
    machine: Machine, agent: str, asked: str | None, language: str
) -> None:
    headers = {"kesher_language": asked} if asked else {}
    desk = seen(browsing(machine, agent).get("/whole", **headers)).one("desk")
    assert (desk["lang"], desk["dir"]) == (language, "ltr" if language == "en" else "rtl")


def test_a_shop_of_other_languages_gets_english(machine: Machine) -> None:
    agents = [replace(each, languages=[]) for each in machine.shop.agents]
    push.push(replace(machine.shop, languages=["ru", "ar"], agents=agents))
    assert seen(browsing(machine).get("/whole")).one("desk")["lang"] == "en"


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_refusal_is_told_in_words(language: str) -> None:
    desk: set[type[errors.Refusal]]
    desk = {errors.NotFound, errors.TooLarge, errors.Unreadable, *_below(errors.AtTheDesk)}
    codes = {problem.code(each) for each in desk} | {problem.BROKEN}
    assert {f"refused_{code.replace('-', '_')}" for code in codes} <= set(words.words(language))


def _below(kind: type[errors.Refusal]) -> set[type[errors.Refusal]]:
    direct: set[type[errors.Refusal]] = set(kind.__subclasses__())
    return direct.union(*(_below(each) for each in direct))


def test_what_breaks_is_told_in_words_and_says_nothing_of_why(
    machine: Machine, dana: Caller
) -> None:
    def broken(_: Call) -> None:
        raise RuntimeError("row +972502345678")

    machine.world.before.append(broken)
    answer = dana.get(LINE, kesher_language="fa")
    assert (answer.status, 'data-code="broken"' in html(answer)) == (500, True)
    assert "972" not in html(answer)
    assert SHIRIN not in html(answer)
