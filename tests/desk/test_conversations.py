"""People and the customers who wait for them: listed, taken, answered, passed on, closed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kesher import calendars, store, words
from kesher.domain import attend
from kesher.domain import conversation as talks
from kesher.domain.attend import Case
from kesher.domain.customer import customer_id
from kesher.domain.message import Inbound, Outbound
from kesher.domain.scene import House
from local import faults, push
from local.machine import Machine
from local.outside.shop_events import Move
from local.world import Call
from tests.desk.caller import MINUTE, NOA, Caller, agent, forged, said, signed_in

SHIRIN, TAMAR = "+989123456789", "+972523456789"
BROKEN = "The bottle came broken"
DANAS = "דנה, שירות לקוחות"


def id_of(phone: str = NOA) -> str:
    return customer_id("demo", phone, "")


def at(phone: str = NOA, deed: str = "") -> str:
    return f"/conversations/{id_of(phone)}{deed and '/' + deed}"


def waits(machine: Machine, *phones: str, words: str = BROKEN) -> None:
    for phone in phones or (NOA,):
        machine.text(phone, words)
        machine.world.run()
        machine.world.advance(timedelta(seconds=20))


def reply(caller: Caller, text: str, phone: str = NOA, **more: Any) -> Any:
    return caller.post(at(phone, "reply"), {"text": text}, **more)


def listed(caller: Caller, query: str = "") -> list[str]:
    return [each["address"] for each in said(caller.get("/conversations", query))["items"]]


def got(machine: Machine, phone: str = NOA) -> list[str]:
    return [each["text"] for each in machine.received(phone)]


@pytest.fixture
def dana(machine: Machine) -> Caller:
    return signed_in(machine, "dana")


@pytest.fixture
def shirin(machine: Machine) -> Caller:
    return signed_in(machine, "shirin")


# --- the list --------------------------------------------------------------------------------------


def test_who_waits_longest_stands_first_with_what_they_were_promised(
    machine: Machine, dana: Caller
) -> None:
    waits(machine, TAMAR, NOA)
    machine.text(SHIRIN, "When are you open?")
    machine.world.run()
    first, second = said(dana.get("/conversations"))["items"]

    assert (first["address"], second["address"]) == (TAMAR, NOA)
    assert (first["state"], first["waits"], first["agent"]) == ("waiting", True, None)
    assert first["since"] < second["since"] < first["promised_at"]
    assert (first["customer"], first["language"]) == (id_of(TAMAR), "en")


def test_the_list_gives_the_etag_that_the_conversation_has(machine: Machine, dana: Caller) -> None:
    waits(machine)
    (line,) = said(dana.get("/conversations"))["items"]
    alone = dana.get(at())

    assert line["etag"] == said(alone)["etag"] == alone.headers["etag"]


def test_the_list_is_asked_for_by_team_language_state_and_agent(
    machine: Machine, dana: Caller
) -> None:
    waits(machine, TAMAR, NOA)
    waits(machine, SHIRIN, words="بطری شکسته رسید")
    dana.post(at(NOA, "take"), None)
    dana.post(at(SHIRIN, "transfer"), {"team": "persian"})

    assert listed(dana) == [TAMAR, NOA, SHIRIN]
    assert listed(dana, "state=assigned") == listed(dana, "mine=true") == [NOA]
    assert listed(dana, "state=waiting") == [TAMAR, SHIRIN]
    assert listed(dana, "language=fa") == listed(dana, "team=persian&language=fa") == [SHIRIN]
    assert listed(dana, "team=care") == [TAMAR, NOA]
    assert listed(dana, "team=persian") == [TAMAR, NOA, SHIRIN]


def test_pages_lead_through_the_whole_list(machine: Machine, dana: Caller) -> None:
    phones = [f"+97252345678{n}" for n in range(5)]
    waits(machine, *phones)
    dana.post(at(phones[2], "take"), None)
    waiting = [each for each in phones if each != phones[2]]
    for query, those in (("", phones), ("state=waiting&", waiting)):
        for limit in (1, 2, 4, 5):
            found, after = [], ""
            while after is not None:
                page = said(dana.get("/conversations", f"{query}limit={limit}&cursor={after}"))
                found += [each["address"] for each in page["items"]]
                after = page["next"]
            assert found == those, (query, limit)


@pytest.mark.parametrize("path", ["/conversations", at()])
@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=101", "state=closed", "mine=maybe", "page=2"),
        *("cursor=x", "before=x", f"cursor={forged('yesterday', 'x')}"),
        f"cursor={forged('2026-11-23T10:00:00', 'a' * 32)}",
        f"before={forged('2026-11-23T10:00:00+00:00', 'x')}",
    ],
)
def test_a_query_that_makes_no_sense_is_refused(
    machine: Machine, dana: Caller, path: str, query: str
) -> None:
    waits(machine)
    assert dana.get(path, query).status == 400


# --- one customer ----------------------------------------------------------------------------------


def test_a_conversation_shows_the_customer_their_orders_and_the_thread(
    machine: Machine, dana: Caller
) -> None:
    machine.order_event(Move("1001", "confirmed", phone=NOA))
    machine.world.advance(MINUTE)
    waits(machine)
    reply(dana, "A new one is on its way")
    machine.world.run()
    whole = said(dana.get(at()))

    assert whole["customer"]["address"] == NOA
    assert (whole["conversation"]["state"], whole["conversation"]["agent"]) == ("assigned", "dana")
    assert [each["status"] for each in whole["orders"]] == ["confirmed"]
    ours = [(each["direction"], each["written_by"]) for each in whole["texts"]]
    assert ours == [("out", None), ("in", None), ("out", None), ("out", "dana")]
    assert [each["text"] for each in whole["texts"]][1] == BROKEN
    assert whole["texts"][-1]["status"] == "delivered"
    assert whole["before"] is None


def test_an_order_shows_the_day_it_is_expected_until_it_has_come(
    machine: Machine, dana: Caller
) -> None:
    """Past or not: whoever answers the customer has to know."""
    machine.order_event(Move("1001", "shipped", "generic", NOA))
    waits(machine)
    for later in (timedelta(0), timedelta(days=4)):
        machine.world.advance(later)
        (order,) = said(dana.get(at()))["orders"]
        assert (order["status"], order["expected_on"]) == ("shipped", "2026-11-25")

    machine.order_event(Move("1001", "delivered", "generic", NOA))
    machine.world.run()
    (order,) = said(dana.get(at()))["orders"]
    assert (order["status"], order["expected_on"]) == ("delivered", None)


def test_a_long_thread_is_read_backwards(machine: Machine, dana: Caller) -> None:
    waits(machine)
    for n in range(4):
        machine.text(NOA, f"And {n}")
        machine.world.run()
    whole = [each["id"] for each in said(dana.get(at()))["texts"]]
    assert len(whole) > 5
    found: list[str] = []
    before = ""
    while before is not None:
        page = said(dana.get(at(), f"limit=2&before={before}"))
        found = [each["id"] for each in page["texts"]] + found
        before = page["before"]
    assert found == whole


@pytest.mark.parametrize("id", ["x", "0" * 32, "head#profile", "%23", "א"])
def test_a_customer_who_is_not_there_is_404(dana: Caller, id: str) -> None:
    assert dana.get(f"/conversations/{id}").status == 404
    assert dana.post(f"/conversations/{id}/take", None).status == 404
    assert dana.post(f"/conversations/{id}/reply", {"text": "Hello"}).status == 404


def test_the_customer_of_another_shop_is_404(machine: Machine) -> None:
    waits(machine)
    push.push(replace(machine.shop, shop="keshet", name="Keshet"))
    owner = agent(machine, "amir")
    theirs = Caller(machine, lambda: machine.world.issuer.token(owner, shop="keshet"))

    assert listed(theirs) == []
    assert theirs.get(at()).status == 404
    assert reply(theirs, "Hello").status == 404
    assert theirs.post(at(deed="close"), {"farewell": True}).status == 404


# --- whose it is -----------------------------------------------------------------------------------


def test_of_two_agents_one_has_the_customer_and_the_other_is_told_who(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    waits(machine)
    taken = shirin.post(at(deed="take"), None)
    refused = dana.post(at(deed="take"), None)

    assert (taken.status, said(taken)["state"], said(taken)["agent"]) == (200, "assigned", "shirin")
    assert (refused.status, said(refused)["code"]) == (409, "held")
    assert "شیرین (shirin)" in said(refused)["detail"]
    assert said(reply(dana, "Hello"))["code"] == "held"
    assert dana.post(at(deed="close"), {"farewell": True}).status == 409


def test_of_two_who_take_at_once_the_first_has_the_customer(machine: Machine, dana: Caller) -> None:
    """Shirin's is written between what Dana's request reads and what it writes."""
    waits(machine)

    def meanwhile(call: Call) -> None:
        if call.operation == "BatchGetItem":
            machine.world.after.remove(meanwhile)
            known, _ = store.load_customer("demo", id_of())
            assert known is not None
            house = House(words.voice(machine.shop), calendars.calendar(machine.shop))
            case = Case(known, agent(machine, "shirin"), house, machine.clock.now())
            store.commit(attend.take(case), machine.shop)

    machine.world.after.append(meanwhile)
    refused = dana.post(at(deed="take"), None)
    assert (refused.status, said(refused)["code"]) == (409, "held")
    assert said(dana.get(at()))["conversation"]["agent"] == "shirin"


def test_who_has_seen_another_version_is_told_to_read_again(machine: Machine, dana: Caller) -> None:
    waits(machine)
    seen = said(dana.get(at()))["etag"]
    machine.text(NOA, "And the box is wet")
    machine.world.run()

    assert said(reply(dana, "Sorry!", if_match=seen))["code"] == "changed"
    assert reply(dana, "Sorry!", if_match=said(dana.get(at()))["etag"]).status == 200


def test_a_lead_takes_over_from_an_agent(machine: Machine, dana: Caller, shirin: Caller) -> None:
    waits(machine)
    dana.post(at(deed="take"), None)

    assert said(shirin.post(at(deed="take"), None))["agent"] == "shirin"
    assert reply(dana, "Hello").status == 409


# --- a reply ---------------------------------------------------------------------------------------


def test_a_reply_arrives_signed_once_and_the_script_is_silent(
    machine: Machine, dana: Caller
) -> None:
    waits(machine)
    before = len(got(machine))
    answered = reply(dana, "A new one is on its way")
    machine.world.run()
    machine.text(NOA, "When are you open?")
    machine.world.run()
    reply(dana, "Until six")
    machine.world.run()

    assert (answered.status, said(answered)["state"]) == (200, "assigned")
    first, second = got(machine)[before:]
    assert first.startswith("A new one is on its way\n")
    assert first.endswith(DANAS)
    assert second == "Until six"
    assert said(answered)["message"] in {each["id"] for each in machine.received(NOA)}


def test_the_same_reply_is_sent_once_and_another_of_the_same_words_again(
    machine: Machine, dana: Caller
) -> None:
    waits(machine)
    before = len(got(machine))
    first = reply(dana, "Yes", key="k")
    assert said(reply(dana, "Yes", key="k")) == said(first)
    assert said(reply(dana, "No", key="k"))["code"] == "key-reused"
    reply(dana, "Yes", key="k2")
    machine.world.run()

    assert len(got(machine)) == before + 2


@pytest.mark.parametrize("nth", [1, 2, 3, 4])
@pytest.mark.parametrize("mode", [faults.killed_before, faults.killed_after])
def test_a_reply_whose_room_dies_is_sent_once_when_it_is_asked_again(
    machine: Machine, dana: Caller, mode: Any, nth: int
) -> None:
    waits(machine)
    before = len(got(machine))
    seen = said(dana.get(at()))["etag"]
    mode(faults.in_room("desk", "dynamodb"), nth).install(machine.world)
    answers = []
    for _ in range(3):
        answers.append(reply(dana, "Yes", key="k", if_match=seen).status)
        machine.world.advance(timedelta(seconds=31))
    machine.world.advance(5 * MINUTE)

    assert answers[-1] == 200
    assert len(got(machine)) == before + 1


def test_who_wants_no_texts_gets_none_and_nothing_is_queued(machine: Machine, dana: Caller) -> None:
    waits(machine)
    machine.text(NOA, "STOP")
    machine.world.run()
    before = store.history("demo", id_of())
    refused = reply(dana, "Hello")

    assert (refused.status, said(refused)["code"]) == (409, "opted-out")
    assert store.history("demo", id_of()) == before


@pytest.mark.parametrize("text", ["", " \n", "\x00", "x" * 1001, None, 7])
def test_a_reply_that_says_nothing_or_too_much_is_refused(
    machine: Machine, dana: Caller, text: Any
) -> None:
    waits(machine)
    assert reply(dana, text).status == 400


# --- back, on, and to its end ----------------------------------------------------------------------


def test_a_customer_whose_agent_falls_silent_is_back_in_their_place(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    waits(machine, NOA, TAMAR)
    dana.post(at(NOA, "take"), None)
    machine.world.advance(talks.LEASE - MINUTE)
    assert listed(shirin, "state=waiting") == [TAMAR]
    machine.world.advance(2 * MINUTE)

    assert listed(shirin, "state=waiting") == [NOA, TAMAR]
    assert listed(dana, "mine=true&state=waiting") == [NOA]
    assert said(shirin.post(at(NOA, "take"), None))["agent"] == "shirin"


def test_who_was_answered_stays_with_their_agent_until_they_wait_again(
    machine: Machine, dana: Caller
) -> None:
    waits(machine)
    reply(dana, "A new one is on its way")
    machine.world.advance(4 * talks.LEASE)
    assert listed(dana, "state=assigned") == [NOA]
    machine.text(NOA, "When?")
    machine.world.run()
    machine.world.advance(talks.LEASE + 2 * MINUTE)

    assert listed(dana, "state=waiting") == [NOA]


def test_a_silence_over_night_is_no_silence(machine: Machine, dana: Caller) -> None:
    machine.world.advance(timedelta(hours=5, minutes=55))
    waits(machine)
    dana.post(at(deed="take"), None)
    machine.world.advance(timedelta(hours=12))
    assert listed(dana, "state=assigned") == [NOA]
    machine.world.advance(timedelta(hours=4))
    assert listed(dana, "state=waiting") == [NOA]


def test_who_is_passed_on_brings_their_thread_along(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    waits(machine)
    reply(dana, "My colleague knows more")
    moved = dana.post(at(deed="transfer"), {"team": "persian", "agent": "shirin"})
    machine.world.run()
    thread = [each["text"] for each in said(shirin.get(at()))["texts"]]

    assert (said(moved)["state"], said(moved)["team"]) == ("waiting", "persian")
    assert listed(shirin, "mine=true&state=waiting&team=persian") == [NOA]
    assert BROKEN in thread
    assert any(each.startswith("My colleague knows more") for each in thread)
    reply(shirin, "Hello!")
    machine.world.run()
    assert got(machine)[-1].startswith("Hello!\n")


@pytest.mark.parametrize(
    ("to", "status"),
    [({}, 400), ({"team": None}, 400), ({"team": "nobody"}, 409), ({"agent": "nobody"}, 409)],
)
def test_nobody_is_passed_on_to_nobody(
    machine: Machine, dana: Caller, to: Any, status: int
) -> None:
    waits(machine)
    assert dana.post(at(deed="transfer"), to).status == status


@pytest.mark.parametrize("farewell", [True, False])
def test_a_close_is_told_if_wanted_and_leaves_the_list(
    machine: Machine, dana: Caller, farewell: bool
) -> None:
    waits(machine)
    before = len(got(machine))
    closed = dana.post(at(deed="close"), {"farewell": farewell}, key="k")
    again = dana.post(at(deed="close"), {"farewell": farewell}, key="k")
    machine.world.run()

    assert said(closed)["state"] == "closed"
    assert said(again) == said(closed)
    assert [DANAS in each for each in got(machine)[before:]] == ([True] if farewell else [])
    assert listed(dana) == []


def test_who_writes_again_within_the_window_is_back_where_they_were(
    machine: Machine, dana: Caller
) -> None:
    waits(machine)
    reply(dana, "A new one is on its way")
    before = said(dana.post(at(deed="close"), {"farewell": True}))
    machine.world.advance(timedelta(hours=71))
    waits(machine, words="It came broken again")
    again = said(dana.get(at()))["conversation"]

    assert (again["id"], again["agent"]) == (before["conversation"], "dana")
    assert (again["state"], again["team"]) == ("waiting", before["team"])
    assert listed(dana, "mine=true&state=waiting") == [NOA]


def test_who_writes_later_begins_anew_and_what_was_is_remembered(
    machine: Machine, dana: Caller
) -> None:
    waits(machine)
    first = said(dana.post(at(deed="close"), {"farewell": False}))["conversation"]
    machine.world.advance(timedelta(hours=73))
    waits(machine)
    whole = said(dana.get(at()))

    assert whole["conversation"]["id"] != first
    assert [(each["id"], each["closed_by"]) for each in whole["closed"]] == [(first, "dana")]
    assert [each.conversation.id for each in store.load_person("demo", id_of()).conversations] == [
        first
    ]


def test_what_is_reopened_and_closed_again_is_remembered_once(
    machine: Machine, dana: Caller, shirin: Caller
) -> None:
    waits(machine)
    dana.post(at(deed="close"), {"farewell": False})
    again = said(shirin.post(at(deed="reopen"), None))
    assert (again["state"], again["agent"]) == ("assigned", "shirin")
    assert dana.post(at(deed="reopen"), None).status == 409
    shirin.post(at(deed="close"), {"farewell": False})

    assert [each["closed_by"] for each in said(dana.get(at()))["closed"]] == ["shirin"]


def test_what_was_closed_long_ago_is_not_reopened(machine: Machine, dana: Caller) -> None:
    waits(machine)
    dana.post(at(deed="close"), {"farewell": False})
    machine.world.advance(timedelta(hours=72))
    refused = dana.post(at(deed="reopen"), None)

    assert (refused.status, said(refused)["code"]) == (409, "conflict")


DEEDS: dict[str, Callable[[Caller], Any]] = {
    "take": lambda it: it.post(at(deed="take"), None, key="k"),
    "give-back": lambda it: it.post(at(deed="give-back"), None, key="k"),
    "transfer": lambda it: it.post(at(deed="transfer"), {"team": "care"}, key="k"),
    "close": lambda it: it.post(at(deed="close"), {"farewell": True}, key="k"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_whose_answer_was_lost_is_done_once(
    machine: Machine, dana: Caller, deed: str
) -> None:
    waits(machine)
    if deed != "take":
        dana.post(at(deed="take"), None)
    version = said(dana.get(at()))["etag"]
    fault = faults.killed_before(lambda call: call.operation == "UpdateItem", 1)
    fault.install(machine.world)
    assert DEEDS[deed](dana).status == 500
    machine.world.advance(timedelta(seconds=31))

    done = DEEDS[deed](dana)
    assert done.status == 200
    assert int(said(done)["etag"].strip('"')) == int(version.strip('"')) + 1


def test_what_is_kept_of_a_post_is_not_what_was_said(machine: Machine, dana: Caller) -> None:
    waits(machine)
    answered = said(reply(dana, "A new one is on its way"))

    assert NOA not in str(answered)
    assert "on its way" not in str(answered)


def test_the_thread_is_stored_under_one_conversation(machine: Machine, dana: Caller) -> None:
    waits(machine)
    reply(dana, "A new one is on its way")
    dana.post(at(deed="close"), {"farewell": True})
    history = store.history("demo", id_of())

    assert {type(each) for each in history} == {Inbound, Outbound}
    assert len({each.conversation for each in history}) == 1
