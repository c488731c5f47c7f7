"""Nothing that a customer is or says is in a log line, a metric, an exception or a step of the trace."""

import re
from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import ClientError

from kesher import store, telemetry
from local.queue import Letter
from local.world import Call
from tests.desk.caller import signed_in
from tests.reliability.heard import NAME, PHONE, TEXT, Heard
from tests.reliability.life import CUSTOMERS, ORDERS, Life
from tests.reliability.providers import MOODS


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
        life.lose(PHONE, TEXT, channel)
    for order in ORDERS:
        for kind in ("confirmed", "shipped", "delivered", "cancelled", "refunded"):
            an_order(life, order, kind)
    life.advance(3600)


def at_the_desk(life: Life) -> None:
    """What nobody can tell is looked at, settled, and asked for in ways that are refused."""
    life.provider_turns("breaks and will not tell")
    life.text(PHONE, TEXT, "twilio", ProfileName=NAME)
    life.advance(4 * 3600)
    dana = signed_in(life.machine)
    texts = store.unknown("demo").texts
    assert texts
    dana.get("/unknown")
    dana.get("/unknown", f"cursor={TEXT}{NAME}{PHONE}")
    customer = f"/conversations/{texts[0].customer}"
    dana.post(f"{customer}/note", {"text": f"{TEXT} {NAME}"})
    dana.post(f"{customer}/close", {"farewell": True, "summary": f"{TEXT} {NAME} {PHONE}"})
    life.run()
    (token,) = re.findall(r"/t/(\S+)", life.machine.received(PHONE)[-1]["text"])
    assert life.world.http("GET", f"/t/{token}", {}, b"").status == 200
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


def test_a_life_of_texts_and_orders_leaves_none_of_it_in_logs_and_metrics(
    life: Life, heard: Heard
) -> None:
    a_whole_life(life)
    refused(life)
    assert heard.of_customers(life.world) == []
    assert "CloudWatchMetrics" in heard.logs.getvalue()
    assert '"message":"refused"' in heard.logs.getvalue()


def test_a_code_leaves_neither_itself_nor_its_buyer_in_logs(life: Life, heard: Heard) -> None:
    an_order(life, "1001", "confirmed")
    for words in ("order 1001", "111111"):
        life.text(CUSTOMERS[1], words)
        life.run()
    life.text(CUSTOMERS[1], codes(life)[0])
    life.run()
    life.crash("send", "dynamodb", 2, "after")
    life.text(CUSTOMERS[2], "order 1001")
    life.advance(1800)

    assert "confirmed" in life.machine.received(CUSTOMERS[1])[-1]["text"]
    assert len(codes(life)) == 2
    said = [*heard.lines(), *(str(each) for each in life.world.trace._steps)]
    assert [line for line in said if any(code in line for code in codes(life))] == []
    assert heard.of_customers(life.world) == []


def codes(life: Life) -> list[str]:
    """Those that the order's phone got."""
    got = (each["text"] for each in life.machine.received(PHONE))
    return [code for text in got for code in re.findall(r"(?<!\d)\d{6}(?!\d)", text)]


def test_the_desk_shows_people_what_its_logs_do_not_have(life: Life, heard: Heard) -> None:
    at_the_desk(life)
    assert heard.of_customers(life.world) == []


@pytest.mark.parametrize("mood", MOODS)
def test_a_provider_that_fails_in_any_way_makes_nobody_known(
    life: Life, heard: Heard, mood: str
) -> None:
    life.provider_turns(mood)
    life.lose(PHONE, TEXT, "twilio")
    life.text(PHONE, TEXT, "twilio", ProfileName=NAME)
    life.text(PHONE, TEXT)
    an_order(life, "1001", "confirmed")
    life.advance(1800)
    assert heard.of_customers(life.world) == []


def test_a_message_nobody_can_read_makes_nobody_known(life: Life, heard: Heard) -> None:
    unreadable(life)
    assert heard.raised
    assert heard.of_customers(life.world) == []


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
    life.lose(PHONE, TEXT, "twilio")
    life.advance(1800)
    assert heard.raised
    assert heard.of_customers(life.world) == []


def test_a_crash_makes_nobody_known(life: Life, heard: Heard) -> None:
    for room in ("converse", "notify", "send", "receipt"):
        life.crash(room, "dynamodb", 2, "after")
    life.text(PHONE, TEXT, "twilio", ProfileName=NAME)
    an_order(life, "1001", "confirmed")
    life.advance(3600)
    assert heard.of_customers(life.world) == []


def test_what_is_looked_for_would_be_found(life: Life, heard: Heard) -> None:
    telemetry.logger.debug("heard", extra={"said": TEXT})
    print(NAME)
    heard.raised.append(repr(ValueError(PHONE)))
    assert len(heard.of_customers(life.world)) == 3
