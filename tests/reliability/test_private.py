"""Nothing that a customer is or says is in a log line, a metric, an exception or a step of the trace."""

import importlib
import io
import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import pytest
from botocore.exceptions import ClientError

from kesher import store, telemetry
from local.queue import Letter
from local.world import Call
from tests.desk.caller import signed_in
from tests.reliability.life import ORDERS, Life
from tests.reliability.providers import MOODS

PHONE, NAME, TEXT = "+972541237654", "Canaryname", "canarytext"
CANARIES = ("541237654", "canaryname", "canarytext")
ROOMS = ("inbound", "fallback", "converse", "notify", "send", "receipt", "clock", "desk")


class Heard:
    """All that CloudWatch would have been given."""

    def __init__(self, printed: pytest.CaptureFixture[str]) -> None:
        self.logs = io.StringIO()
        self.raised: list[str] = []
        self._printed = printed

    def lines(self) -> list[str]:
        self.logs.write("".join(self._printed.readouterr()))
        return [*self.logs.getvalue().splitlines(), *self.raised]

    def listening(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        def listened(event: Any, context: Any) -> Any:
            try:
                return handler(event, context)
            except Exception as error:
                self.raised += [repr(error), str(error), traceback.format_exc()]
                raise

        return listened


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Heard]:
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "DEBUG")
    heard = Heard(capsys)
    for room in ROOMS:
        app = importlib.import_module(f"functions.{room}.app")
        monkeypatch.setattr(app, "lambda_handler", heard.listening(app.lambda_handler))
    monkeypatch.setattr(telemetry.logger.registered_handler, "stream", heard.logs)
    everyone_else = logging.StreamHandler(heard.logs)
    logging.getLogger().addHandler(everyone_else)
    yield heard
    logging.getLogger().removeHandler(everyone_else)


@pytest.fixture
def life(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    living = Life()
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "false")
    yield living
    living.machine.__exit__(None, None, None)


def an_order(life: Life, order: str, kind: str) -> None:
    life.order(order, kind, PHONE, name=NAME)
    life.run()


def a_whole_life(life: Life) -> None:
    for channel in ("simulator", "twilio"):
        for words in (TEXT, f"where is my order? {TEXT}", "STOP", TEXT, "START", "HELP"):
            life.text(PHONE, words, channel, ProfileName=NAME)
            life.run()
    for order in ORDERS:
        for kind in ("confirmed", "shipped", "delivered", "cancelled", "refunded"):
            an_order(life, order, kind)
    life.advance(3600)


def at_the_desk(life: Life) -> None:
    """What nobody can tell is looked at, settled, and asked for in ways that are refused."""
    life.provider_turns("breaks")
    life.text(PHONE, TEXT, "twilio", ProfileName=NAME)
    life.advance(4 * 3600)
    dana = signed_in(life.machine)
    texts = store.unknown("demo").texts
    assert texts
    dana.get("/unknown")
    dana.get("/unknown", f"cursor={TEXT}{NAME}{PHONE}")
    for each in texts:
        path = f"/unknown/{each.id}/settle"
        dana.get(f"/unknown/{each.id}")
        dana.post(path, {"outcome": TEXT}, key=f"{NAME}{PHONE}")
        dana.post(path, {"outcome": "arrived"}, key=NAME)
        dana.post(path, {"outcome": "did-not-arrive"}, key=NAME)
        dana.post(path, {"outcome": "did-not-arrive"})


def refused(life: Life) -> None:
    """Webhooks that the door says no to, all of them full of what nobody may read."""
    spoken = f'{{"id": 5, "from": "{PHONE}", "text": "{TEXT}", "name": "{NAME}"}}'.encode()
    signed = {"x-simulator-signature": "", "x-shopify-hmac-sha256": TEXT, "webhook-id": NAME}
    for path in ("channels/simulator", "channels/twilio", "platforms/shopify", "platforms/generic"):
        life.world.http("POST", f"/hooks/demo/{path}", signed, spoken)
        life.world.http("POST", f"/hooks/demo/{path}", {}, b"\xff" + spoken)
    life.machine.simulator._post("/hooks/demo/channels/simulator", {"id": 5, "from": PHONE})
    life.machine.simulator._post(
        "/hooks/demo/channels/simulator", {"id": NAME, "from": PHONE, "text": [TEXT]}
    )
    life.machine.simulator._post(
        "/hooks/demo/channels/simulator", {"id": "1", "from": f"{PHONE}{PHONE}", "text": TEXT}
    )
    life.run()


UNREADABLE = (
    f'{{"kind": "KIND", "version": 1, "address": "{PHONE}", "text": ["{TEXT}"]}}',
    f'{{"kind": "KIND", "version": 99, "name": "{NAME}", "text": "{TEXT}"}}',
    f'{{"kind": "KIND", "text": "{TEXT}", {PHONE}: {NAME}',
)
KINDS = {"Messages": "text", "Orders": "order", "Outbox": "outbox", "Receipts": "receipt"}


def unreadable(life: Life) -> None:
    """Queue messages that no room can read."""
    now = life.world.clock.now()
    for queue, kind in KINDS.items():
        for body in UNREADABLE:
            letter = Letter(body.replace("KIND", kind), "group", now, now, {}, "unreadable")
            life.world.queues[f"{queue}Queue"].send(letter)
    life.advance(24 * 3600)


def failing(code: str, service: str, *, every: int) -> Callable[[Call], None]:
    calls: list[Call] = []

    def fault(call: Call) -> None:
        if call.room and call.service == service:
            calls.append(call)
            if len(calls) % every == 0:
                error = {"Error": {"Code": code, "Message": "as AWS says it"}}
                raise ClientError(error, call.operation)  # type: ignore[arg-type]

    return fault


def found_in(life: Life, heard: Heard) -> list[str]:
    steps = (str(asdict(each)) for each in life.world.trace._steps)
    dead = (each.why for queue in life.world.queues.values() for each in queue.dead)
    lines = [*heard.lines(), *steps, *dead]
    return [each for each in lines if any(canary in each.lower() for canary in CANARIES)]


def test_a_life_of_texts_and_orders_leaves_none_of_it_in_logs_and_metrics(
    life: Life, heard: Heard
) -> None:
    a_whole_life(life)
    refused(life)
    assert found_in(life, heard) == []
    assert "CloudWatchMetrics" in heard.logs.getvalue()
    assert '"message":"refused"' in heard.logs.getvalue()


def test_the_desk_shows_people_what_its_logs_do_not_have(life: Life, heard: Heard) -> None:
    at_the_desk(life)
    assert found_in(life, heard) == []


@pytest.mark.parametrize("mood", MOODS)
def test_a_provider_that_fails_in_any_way_makes_nobody_known(
    life: Life, heard: Heard, mood: str
) -> None:
    life.provider_turns(mood)
    life.text(PHONE, TEXT, "twilio", ProfileName=NAME)
    life.text(PHONE, TEXT)
    an_order(life, "1001", "confirmed")
    life.advance(600)
    assert found_in(life, heard) == []


def test_a_message_nobody_can_read_makes_nobody_known(life: Life, heard: Heard) -> None:
    unreadable(life)
    assert heard.raised
    assert found_in(life, heard) == []


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("dynamodb", "ProvisionedThroughputExceededException"),
        ("dynamodb", "TransactionConflictException"),
        ("dynamodb", "ValidationException"),
        ("dynamodb", "InternalServerError"),
        ("sqs", "RequestThrottled"),
        ("ssm", "ThrottlingException"),
    ],
)
@pytest.mark.parametrize("every", [1, 2, 3])
def test_an_error_of_aws_at_any_call_makes_nobody_known(
    life: Life, heard: Heard, service: str, code: str, every: int
) -> None:
    life.world.always_cold = True
    life.world.before.append(failing(code, service, every=every))
    life.text(PHONE, TEXT, "twilio", ProfileName=NAME)
    life.text(PHONE, TEXT)
    an_order(life, "1001", "confirmed")
    an_order(life, "1003", "shipped")
    life.advance(600)
    assert heard.raised
    assert found_in(life, heard) == []


def test_a_crash_makes_nobody_known(life: Life, heard: Heard) -> None:
    for room in ("converse", "notify", "send", "receipt"):
        life.crash(room, "dynamodb", 2, "after")
    life.text(PHONE, TEXT, "twilio", ProfileName=NAME)
    an_order(life, "1001", "confirmed")
    life.advance(3600)
    assert found_in(life, heard) == []


def test_what_is_looked_for_would_be_found(life: Life, heard: Heard) -> None:
    telemetry.logger.debug("heard", extra={"said": TEXT})
    print(NAME)
    heard.raised.append(repr(ValueError(PHONE)))
    assert len(found_in(life, heard)) == 3
