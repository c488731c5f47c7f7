"""Texts of which nobody can tell: shown, and settled by who has found out."""

import json
from datetime import timedelta
from typing import Any

import pytest

from kesher import store
from kesher.domain import outbox
from kesher.domain.message import Outbound
from kesher.domain.outbox import Outcome
from kesher.errors import LostRace
from kesher.store import posts
from kesher.store.table import Row, table
from local import faults
from local.machine import Machine
from local.outside.simulator import HOST
from local.world import Call
from tests.desk.caller import NOA, Caller, forged, no_answer, nobody_can_tell, said, signed_in

ARRIVED, DID_NOT = {"outcome": "arrived"}, {"outcome": "did-not-arrive"}
PHONES = ("+972502345678", "+972523456789", "+989123456789")


@pytest.fixture
def dana(machine: Machine) -> Caller:
    return signed_in(machine)


@pytest.fixture
def text(machine: Machine) -> Outbound:
    (found,) = nobody_can_tell(machine)
    return found


def now_of(text: Outbound) -> Outbound:
    loaded = store.load_outbound("demo", text.id)
    assert loaded is not None
    return loaded[0]


def settle(caller: Caller, text: Outbound, outcome: Any, **more: Any) -> Any:
    return caller.post(f"/unknown/{text.id}/settle", outcome, **more)


# --- the list --------------------------------------------------------------------------------------


def test_the_list_shows_whom_to_call_and_what_they_were_to_be_told(
    dana: Caller, text: Outbound
) -> None:
    page = said(dana.get("/unknown"))
    (item,) = page["items"]
    assert item["id"] == text.id
    assert (item["address"], item["text"]) == (NOA, text.text)
    assert (item["attempts"], item["channel"]) == (2, "simulator")
    assert page["next"] is None


def test_pages_lead_through_the_whole_list_the_oldest_first(machine: Machine, dana: Caller) -> None:
    all_of_them = [each.id for each in nobody_can_tell(machine, *PHONES)]
    for limit in (1, 2, 3, 4):
        found, after = [], ""
        while after is not None:
            page = said(dana.get("/unknown", f"limit={limit}&cursor={after}"))
            found += [each["id"] for each in page["items"]]
            after = page["next"]
        assert found == all_of_them, limit


def test_a_page_goes_on_where_it_ended_when_its_end_is_settled(
    machine: Machine, dana: Caller
) -> None:
    first, second, third = nobody_can_tell(machine, *PHONES)
    after = said(dana.get("/unknown", "limit=2"))["next"]
    for each in (first, second):
        settle(dana, each, ARRIVED)
    page = said(dana.get("/unknown", f"cursor={after}"))
    assert [each["id"] for each in page["items"]] == [third.id]


def test_a_text_that_is_still_asked_about_is_not_on_the_list(
    machine: Machine, dana: Caller
) -> None:
    machine.world.hosts[HOST] = no_answer
    machine.text(NOA, "When are you open?")
    machine.world.run()
    (asked,) = machine._outbound(NOA)
    assert asked.status == "unknown"
    assert said(dana.get("/unknown"))["items"] == []
    assert dana.get(f"/unknown/{asked.id}").status == 404
    assert settle(dana, asked, ARRIVED).status == 409


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=101", "limit=-1", "limit=x", "limit=1.5", "limit=", "limit=1&limit=2"),
        *("page=2", "cursor=x", "cursor=%D7%A9", f"cursor={'A' * 201}"),
        f"cursor={forged('yesterday', 'x')}",
        f"cursor={forged('2026-11-23T10:00:00+00:00', 'x')}",
        f"cursor={forged('2026-11-23T10:00:00', 'a' * 32 + '-' + 'b' * 20)}",
        f"cursor={forged('one')}",
    ],
)
def test_a_query_that_makes_no_sense_is_refused(dana: Caller, query: str) -> None:
    refused = dana.get("/unknown", query)
    assert (refused.status, said(refused)["code"]) == (400, "unreadable")


def test_a_text_by_itself_has_the_etag_that_the_list_shows(dana: Caller, text: Outbound) -> None:
    alone = dana.get(f"/unknown/{text.id}")
    assert said(alone) == said(dana.get("/unknown"))["items"][0]
    assert alone.headers["etag"] == said(alone)["etag"]


@pytest.mark.parametrize("id", ["x", "head#profile", f"{'0' * 32}-{'0' * 20}", "%23", "..", "א"])
def test_a_text_that_is_not_there_is_404(dana: Caller, id: str) -> None:
    assert dana.get(f"/unknown/{id}").status == 404
    assert dana.post(f"/unknown/{id}/settle", ARRIVED).status == 404


# --- settled ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("outcome", "status"), [(ARRIVED, "delivered"), (DID_NOT, "failed")])
def test_who_has_found_out_settles_it_and_is_remembered(
    machine: Machine, dana: Caller, text: Outbound, outcome: Any, status: str
) -> None:
    assert said(settle(dana, text, outcome)) == {"id": text.id, "status": status}
    after = now_of(text)
    assert (after.status, after.settled_by) == (status, "dana")
    assert after.settled_at == machine.clock.now()
    assert said(dana.get("/unknown"))["items"] == []
    assert dana.get(f"/unknown/{text.id}").status == 404


def test_a_receipt_that_comes_later_still_lifts_it(
    machine: Machine, dana: Caller, text: Outbound
) -> None:
    settle(dana, text, DID_NOT)
    delivered(machine, text)
    assert now_of(text).status == "delivered"


def delivered(machine: Machine, text: Outbound) -> None:
    """So its provider says."""
    callback = f"/hooks/demo/channels/simulator/receipts/{text.id}"
    machine.simulator._report(callback, "delivered", "their-id")
    machine.world.run()


def test_the_second_who_found_out_otherwise_is_told_so(
    machine: Machine, dana: Caller, text: Outbound
) -> None:
    settle(dana, text, ARRIVED)
    refused = settle(signed_in(machine, "shirin"), text, DID_NOT)
    assert (refused.status, said(refused)["code"]) == (409, "conflict")
    assert now_of(text).settled_by == "dana"


def test_the_second_who_found_out_the_same_changes_nothing(
    machine: Machine, dana: Caller, text: Outbound
) -> None:
    settle(dana, text, ARRIVED)
    before = now_of(text)
    assert settle(signed_in(machine, "shirin"), text, ARRIVED).status == 200
    assert now_of(text) == before


@pytest.mark.parametrize("seen", ['"1"', '"0", "1"', "nonsense", 'W/"9"'])
def test_who_has_seen_another_version_is_told_to_read_again(
    dana: Caller, text: Outbound, seen: str
) -> None:
    refused = settle(dana, text, ARRIVED, if_match=seen)
    assert (refused.status, said(refused)["code"]) == (412, "changed")
    assert now_of(text) == text


def test_who_has_seen_this_version_or_does_not_care_settles(machine: Machine, dana: Caller) -> None:
    for each, seen in zip(nobody_can_tell(machine, *PHONES), ["{}", '"1", {}', "*"], strict=True):
        given = seen.replace("{}", f'"{each.version}"')
        assert settle(dana, each, ARRIVED, if_match=given).status == 200


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"null", b"{}", b'{"outcome": "lost"}', b'{"outcome": 1}', b"\xff"),
        *(
            b'{"outcome": "arrived", "shop": "keshet"}',
            b'{"outcome":"arrived","outcome":"arrived"}',
        ),
    ],
)
def test_a_body_that_makes_no_sense_is_refused(dana: Caller, text: Outbound, body: bytes) -> None:
    path = f"/unknown/{text.id}/settle"
    kind = {"content_type": "application/json", "idempotency_key": "k"}
    refused = dana.ask("POST", path, body, headers=kind)
    assert (refused.status, said(refused)["code"]) == (400, "unreadable")
    assert dana.ask("POST", path, b"x" * 70_000, headers=kind).status == 413
    assert now_of(text) == text
    assert settle(dana, text, ARRIVED, key="k").status == 200


# --- once ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "מפתח"])
def test_a_post_without_a_good_key_is_refused(dana: Caller, text: Outbound, key: str) -> None:
    body = json.dumps(ARRIVED).encode()
    headers = {"content_type": "application/json"} | ({"idempotency_key": key} if key else {})
    refused = dana.ask("POST", f"/unknown/{text.id}/settle", body, headers=headers)
    assert (refused.status, said(refused)["code"]) == (400, "unreadable")
    assert now_of(text) == text


def test_the_same_post_is_done_once_and_answered_alike_for_a_week(
    machine: Machine, dana: Caller, text: Outbound
) -> None:
    first = settle(dana, text, DID_NOT, key="k")
    delivered(machine, text)
    machine.world.advance(posts.KEPT - timedelta(minutes=1))
    assert settle(signed_in(machine), text, DID_NOT, key="k") == first
    machine.world.advance(timedelta(minutes=2))
    assert settle(signed_in(machine), text, DID_NOT, key="k").status == 409


def test_a_key_is_good_for_one_request(machine: Machine, dana: Caller) -> None:
    first, second = nobody_can_tell(machine, *PHONES[:2])
    settle(dana, first, ARRIVED, key="k")
    for other, outcome in ((first, DID_NOT), (second, ARRIVED)):
        refused = settle(dana, other, outcome, key="k")
        assert (refused.status, said(refused)["code"]) == (422, "key-reused")
    assert now_of(second) == second


def test_a_refusal_is_not_kept_so_its_key_may_be_used_again(dana: Caller, text: Outbound) -> None:
    assert settle(dana, text, ARRIVED, key="k", if_match='"1"').status == 412
    assert settle(dana, text, ARRIVED, key="k").status == 200


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("mode", [faults.killed_before, faults.killed_after, faults.lost_response])
def test_a_room_that_dies_is_asked_again_with_the_same_key(
    machine: Machine, dana: Caller, text: Outbound, mode: Any, nth: int
) -> None:
    """While it may still be running, the answer is 409; when its time is over, it is done again."""
    mode(faults.in_room("desk", "dynamodb"), nth).install(machine.world)
    seen = f'"{text.version}"'
    answers = []
    for _ in range(3):
        answers.append(settle(dana, text, ARRIVED, key="k", if_match=seen).status)
        machine.world.advance(timedelta(seconds=31))
    assert answers[-1] == 200
    assert set(answers) <= {500, 409, 200}
    assert (now_of(text).status, now_of(text).version) == ("delivered", text.version + 1)


def test_while_it_is_worked_on_the_caller_is_told_when_to_ask_again(
    machine: Machine, dana: Caller, text: Outbound
) -> None:
    faults.killed_before(faults.in_room("desk", "dynamodb"), 2).install(machine.world)
    assert settle(dana, text, ARRIVED, key="k").status == 500
    refused = settle(dana, text, ARRIVED, key="k")
    assert (refused.status, said(refused)["code"]) == (409, "being-worked-on")
    assert refused.headers["retry-after"] == "30"


def test_a_race_that_is_lost_again_and_again_is_a_conflict(
    dana: Caller, text: Outbound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "commit", _lost)
    refused = settle(dana, text, ARRIVED)
    assert (refused.status, said(refused)["code"]) == (409, "conflict")


def _lost(*_: Any) -> None:
    raise LostRace("again")


def test_what_is_kept_of_a_post_names_nobody(dana: Caller, text: Outbound) -> None:
    settle(dana, text, ARRIVED)
    kept = [row.serialize() for row in table().scan(Row.pk == "demo#posts")]
    assert len(kept) == 1
    assert NOA not in str(kept)
    assert text.text not in str(kept)


@pytest.mark.parametrize(("theirs", "status"), [("did-not-arrive", 409), ("arrived", 200)])
def test_of_two_who_settle_at_once_the_first_is_remembered(
    machine: Machine, dana: Caller, text: Outbound, theirs: Outcome, status: int
) -> None:
    """Shirin's is written between what Dana's request reads and what it writes."""

    def meanwhile(call: Call) -> None:
        if call.operation == "BatchGetItem":
            machine.world.after.remove(meanwhile)
            decision = outbox.settled_by_hand(text, theirs, by="shirin", now=machine.clock.now())
            assert decision is not None
            store.commit(decision, machine.shop)

    machine.world.after.append(meanwhile)
    assert settle(dana, text, ARRIVED).status == status
    assert (now_of(text).settled_by, now_of(text).version) == ("shirin", text.version + 1)
