"""Killed in the worst moments, delivered twice, late: one text."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import requests

from kesher import store
from kesher.domain.customer import customer_id
from kesher.domain.message import Inbound, Outbound
from local import faults
from local.faults import Planned, in_room
from local.machine import Machine
from local.outside.answers import answer
from local.outside.shop_events import Move
from local.outside.twilio import signature
from local.queue import Letter

NOA = "+972502345678"


def outbound() -> list[Outbound]:
    history = store.history("demo", customer_id("demo", NOA, ""))
    return [each for each in history if isinstance(each, Outbound)]


def test_killed_between_the_providers_answer_and_our_record_leaves_one_text(
    machine: Machine,
) -> None:
    faults.killed_after(in_room("send", "http")).install(machine.world)
    machine.text(NOA, "שלום, יש מישהו?")
    machine.world.run()
    machine.world.advance(timedelta(hours=2))

    assert len(machine.phones.got[NOA]) == 1
    assert [each["status"] for each in machine.received(NOA)] == ["delivered"]


@pytest.mark.parametrize("channel", ["simulator", "twilio"])
def test_killed_there_and_never_reported_on_the_provider_is_asked(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    monkeypatch.setattr(machine.world, "later", lambda _: None)
    faults.killed_after(in_room("send", "http")).install(machine.world)
    if channel == "simulator":
        machine.text(NOA, "שלום, יש מישהו?")
    else:
        machine.twilio.text(NOA, "שלום, יש מישהו?", "SM1")
    machine.world.advance(timedelta(hours=2))

    assert len(machine.phones.got[NOA]) == 1
    assert [each.status for each in outbound()] == ["accepted"]


def test_what_nobody_can_tell_is_sent_once_more_and_then_listed(machine: Machine) -> None:
    sends: list[str] = []

    def mute(request: requests.PreparedRequest) -> requests.Response:
        if request.method == "POST":
            sends.append(str(request.body))
        return answer(502 if request.method == "POST" else 403, {})

    machine.world.hosts["twilio.localhost"] = mute
    machine.twilio.text(NOA, "שלום, יש מישהו?", "SM1")
    machine.world.advance(timedelta(days=1))

    assert len(sends) == 2
    assert [each.status for each in outbound()] == ["unknown"]
    assert outbound() == list(store.unknown("demo").texts)


@pytest.mark.parametrize("channel", ["simulator", "twilio"])
def test_everything_delivered_twice_is_told_once(machine: Machine, channel: str) -> None:
    machine.world.deliver_twice = True
    if channel == "simulator":
        machine.text(NOA, "מה שעות הפתיחה?")
    else:
        machine.twilio.text(NOA, "מה שעות הפתיחה?", "SM1")
    machine.world.run()
    machine.order_event(Move("1001", "confirmed"))
    machine.order_event(Move("1001", "shipped"))
    machine.world.advance(timedelta(hours=1))

    assert len(machine.phones.got[NOA]) == 3
    assert {"delivered"} == {each.status for each in outbound()}


def test_the_same_webhook_again_and_again_is_one_text(machine: Machine) -> None:
    for day in range(10):
        machine.twilio.text(NOA, "מה שעות הפתיחה?", "SM1")
        machine.world.advance(timedelta(days=day))
    history = store.history("demo", customer_id("demo", NOA, ""))
    assert sum(isinstance(each, Inbound) for each in history) == 1
    assert len(machine.phones.got[NOA]) == 1


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("killed", [faults.killed_before, faults.killed_after])
@pytest.mark.parametrize("room", ["converse", "send", "notify"])
def test_killed_at_any_call_of_the_table_nothing_is_lost_and_nothing_doubled(
    machine: Machine, room: str, killed: Callable[..., Planned], nth: int
) -> None:
    killed(in_room(room, "dynamodb"), nth).install(machine.world)
    machine.text(NOA, "מה שעות הפתיחה?")
    machine.order_event(Move("1001", "confirmed"))
    machine.world.advance(timedelta(hours=2))
    steps = machine.world.trace.after(0)["steps"]
    assert sum(each["outcome"].endswith("killed") for each in steps) == 1

    texts = [each.text for each in machine.phones.got.get(NOA, [])]
    statuses = sorted(each.status for each in outbound())
    assert len(texts) == len(set(texts))
    assert len(statuses) == 2
    assert len(texts) == statuses.count("delivered")
    assert set(statuses) <= {"delivered", "unknown"}


@pytest.mark.parametrize("room", ["converse", "notify"])
@pytest.mark.parametrize("killed", [faults.killed_before, faults.killed_after])
def test_a_lost_queue_message_is_found_by_the_clock(
    machine: Machine, room: str, killed: Callable[..., Planned]
) -> None:
    killed(in_room(room, "sqs")).install(machine.world)
    machine.text(NOA, "מה שעות הפתיחה?")
    machine.order_event(Move("1001", "confirmed"))
    machine.world.advance(timedelta(minutes=5))
    assert len(machine.phones.got[NOA]) == 2


def test_a_provider_that_is_down_is_tried_again_while_the_text_is_true(machine: Machine) -> None:
    answers = [answer(429, {"code": 20429})] * 3

    def busy(request: requests.PreparedRequest) -> requests.Response:
        return answers.pop() if answers else machine.twilio(request)

    machine.world.hosts["twilio.localhost"] = busy
    machine.twilio.text(NOA, "שלום, יש מישהו?", "SM1")
    machine.world.run()
    assert [each.status for each in outbound()] == ["queued"]

    machine.world.advance(timedelta(minutes=15))
    assert [each.status for each in outbound()] == ["delivered"]
    assert outbound()[0].attempt == 4


def test_a_reply_nobody_could_send_in_time_expires(machine: Machine) -> None:
    machine.world.hosts["twilio.localhost"] = lambda _: answer(429, {"code": 20429})
    machine.twilio.text(NOA, "שלום, יש מישהו?", "SM1")
    machine.world.advance(timedelta(days=1))
    assert [each.status for each in outbound()] == ["expired"]


def test_a_callback_that_comes_before_the_providers_answer_counts(machine: Machine) -> None:
    def hasty(request: requests.PreparedRequest) -> requests.Response:
        given = machine.twilio(request)
        machine.world._happen()
        machine.world._happen()
        return given

    machine.world.hosts["twilio.localhost"] = hasty
    machine.twilio.text(NOA, "שלום, יש מישהו?", "SM1")
    machine.world.run()
    assert [each.status for each in outbound()] == ["delivered"]


POISONED = ("MessagesQueue", "OrdersQueue", "OutboxQueue", "ReceiptsQueue")


@pytest.mark.parametrize("name", POISONED)
def test_what_cannot_be_read_is_set_aside_at_once_and_holds_up_nobody(
    machine: Machine, name: str
) -> None:
    queue, now = machine.world.queues[name], machine.world.clock.now()
    poison = Letter(
        '{"kind": "text", "version": 99}', "g" if queue.spec.fifo else "", now, now, {}, ""
    )
    queue.send(poison)
    queue.send(replace(poison, id=""))
    machine.world.run()

    assert (queue.letters, len(queue.dead)) == ([], 2)
    assert {each.body for each in queue.dead} == {poison.body}
    assert all("or the one before, got 'text' version 99" in each.why for each in queue.dead)
    assert machine.world.clock.now() == now


def test_what_the_fallback_cannot_read_is_set_aside_at_once(machine: Machine) -> None:
    form, path = {"From": NOA, "Body": "no id"}, "/hooks/demo/channels/twilio/fallback"
    signed = signature(machine.twilio.auth_token, machine.public_url + path, form)
    machine.world.http("POST", path, {"x-twilio-signature": signed}, urlencode(form).encode())
    machine.world.run()
    queue = machine.world.queues["FallbackQueue"]

    assert (queue.letters, [each.why for each in queue.dead]) == ([], ["MessageSid is missing"])


def test_an_event_that_keeps_failing_is_given_up_and_what_waits_behind_it_goes_on(
    machine: Machine,
) -> None:
    """Only what cannot be read is set aside at once: any other failure may pass."""
    machine.order_event(Move("1001", "confirmed"))
    queue = machine.world.queues["OrdersQueue"]
    queue.letters[0].body = queue.letters[0].body.replace('"demo"', '"no-such-shop"')
    machine.world.run()
    machine.order_event(Move("1001", "shipped"))
    machine.world.advance(timedelta(minutes=20))
    assert (len(queue.dead), queue.letters) == (1, [])
    assert len(machine.received(NOA)) == 1
