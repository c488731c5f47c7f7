"""What the public door refuses, and that nothing of it reaches a queue or the table."""

import base64
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from kesher import instant, store
from kesher.store.table import table
from kesher.wire import BODY_LIMIT
from local.machine import Machine
from local.outside import generic, shopify, twilio
from local.outside.shop_events import Order

TWILIO, SHOPIFY, GENERIC, SIMULATOR = (
    "/hooks/demo/channels/twilio",
    "/hooks/demo/platforms/shopify",
    "/hooks/demo/platforms/generic",
    "/hooks/demo/channels/simulator",
)
FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Case:
    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"From=%2B972502345678&Body=hi&MessageSid=SM1"
    why: str = ""


WRONG = base64.b64encode(b"wrong" * 4).decode()
CASES = {
    "twilio, no signature": Case(TWILIO, 401, FORM),
    "twilio, wrong signature": Case(TWILIO, 401, FORM | {"x-twilio-signature": WRONG}),
    "twilio, no base64": Case(TWILIO, 401, FORM | {"x-twilio-signature": "%%%"}),
    "twilio, not ASCII": Case(TWILIO, 401, FORM | {"x-twilio-signature": "שלום"}),
    "twilio, empty body": Case(TWILIO, 401, FORM | {"x-twilio-signature": WRONG}, b""),
    "twilio, broken form": Case(TWILIO, 401, FORM | {"x-twilio-signature": WRONG}, b"%%%=&&=%ff"),
    "twilio receipt, no signature": Case(f"{TWILIO}/receipts/x", 401, FORM),
    "simulator, no signature": Case(SIMULATOR, 401, JSON, b"{}"),
    "shopify, no signature": Case(SHOPIFY, 401, JSON, b"{}"),
    "shopify, wrong signature": Case(SHOPIFY, 401, JSON | {"x-shopify-hmac-sha256": WRONG}, b"{}"),
    "shopify, newer headers": Case(SHOPIFY, 401, JSON | {"shopify-hmac-sha256": "é"}, b"{}"),
    "generic, no signature": Case(GENERIC, 401, JSON, b"{}"),
    "generic, odd time": Case(
        GENERIC,
        401,
        JSON | {"webhook-id": "m", "webhook-timestamp": "1e9", "webhook-signature": "v1,x"},
        b"{}",
    ),
    "generic, no comma": Case(
        GENERIC,
        401,
        JSON | {"webhook-id": "m", "webhook-timestamp": "1795428000", "webhook-signature": "v1"},
        b"\xff",
    ),
    "unknown shop": Case("/hooks/nobody/channels/twilio", 404, FORM),
    "impossible shop": Case("/hooks/No..Shop/channels/twilio", 404, FORM),
    "unknown channel": Case("/hooks/demo/channels/pigeon", 404, FORM),
    "unknown platform": Case("/hooks/demo/platforms/bazaar", 404, JSON, b"{}"),
    "unknown route": Case("/hooks/demo/letters", 404),
    "a path the resolver knows not": Case('/hooks/demo/channels/"', 404, FORM),
    "65 kB": Case(SHOPIFY, 413, JSON, b"x" * (BODY_LIMIT + 1)),
    "65 kB of a form": Case(TWILIO, 413, FORM, b"x" * (BODY_LIMIT + 1)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_refused_request_leaves_nothing_behind(machine: Machine, case: Case) -> None:
    before = table().count()

    answer = machine.world.http("POST", case.path, case.headers, case.body)
    machine.world.run()

    assert case.status == answer.status
    assert before == table().count()
    assert all(not queue.letters and not queue.dead for queue in machine.world.queues.values())


def signed_shopify(machine: Machine, topic: str, raw: bytes) -> Any:
    headers = shopify.sign({"X-Shopify-Topic": topic}, raw, machine.secrets["SHOPIFY_SECRET"])
    return machine.world.http("POST", SHOPIFY, JSON | headers, raw)


def signed_generic(machine: Machine, raw: bytes) -> Any:
    order = Order("1", "", "he", instant.now())
    headers = generic.sign(
        generic.headers("confirmed", order, "m1"), raw, machine.secrets["GENERIC_SECRET"]
    )
    return machine.world.http("POST", GENERIC, headers, raw)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"{", "not JSON"),
        (b"[]", "not a JSON object"),
        (b'{"id": NaN}', "NaN is no JSON number"),
        (b'{"a":' + b"[" * 30000 + b"]" * 30000 + b"}", "nested too deeply"),
        (b'{"name": "#1"}', "id is missing"),
        (b'{"id": 1, "id": 2}', "'id' stands twice"),
        (b"\xff\xfe", "not JSON"),
    ],
    ids=["cut", "list", "NaN", "deep", "no id", "twice", "not UTF-8"],
)
def test_a_signed_body_that_cannot_be_read_is_told_why(
    machine: Machine, raw: bytes, why: str
) -> None:
    answer = signed_shopify(machine, "orders/create", raw)
    assert answer.status == 400
    assert why in json.loads(answer.body)["error"]


def test_a_stranger_is_told_which_field_is_wrong(machine: Machine) -> None:
    event = generic.body("confirmed", Order("9", "+972502345678", "he", instant.now()), "m1")
    del event["data"]["order"]["id"]
    answer = signed_generic(machine, json.dumps(event).encode())
    assert answer.status == 400
    said = json.loads(answer.body)["error"]
    assert said == "Object missing required field `id` - at `$.data.order`"


def test_events_of_no_interest_are_taken_with_thanks(machine: Machine) -> None:
    assert signed_shopify(machine, "products/update", b'{"id": 1}').status == 200
    machine.world.run()
    assert all(not queue.letters for queue in machine.world.queues.values())


def test_the_newer_family_of_events_is_refused_with_the_remedy(machine: Machine) -> None:
    raw = b'{"topic": "Order", "data": {}}'
    signed = shopify.sign({}, raw, machine.secrets["SHOPIFY_SECRET"])["X-Shopify-Hmac-Sha256"]
    headers = JSON | {"shopify-topic": "Order", "shopify-hmac-sha256": signed}
    answer = machine.world.http("POST", SHOPIFY, headers, raw)
    assert answer.status == 400
    assert "orders/create" in json.loads(answer.body)["error"]


@pytest.mark.parametrize("secret", ["SHOPIFY_SECRET", "SHOPIFY_PREVIOUS_SECRET"])
@pytest.mark.parametrize("family", ["X-Shopify-", "shopify-"])
def test_both_secrets_and_both_header_families_open_the_door(
    machine: Machine, secret: str, family: str
) -> None:
    order = Order("1001", "+972502345678", "he", instant.now())
    raw = json.dumps(shopify.body("confirmed", order, "d")).encode()
    signed = shopify.sign(shopify.headers("confirmed", order, "d"), raw, machine.secrets[secret])
    renamed = {name.replace("X-Shopify-", family): value for name, value in signed.items()}
    assert machine.world.http("POST", SHOPIFY, renamed, raw).status == 200
    machine.world.run()
    assert len(machine.received("+972502345678")) == 1


def test_the_signature_covers_the_public_url_and_the_raw_query(machine: Machine) -> None:
    form = {"MessageSid": "SM1", "From": "+972502345678", "To": "+972552345678", "Body": "hi"}
    url = f"{machine.public_url}{TWILIO}?lane=a%20b"
    headers = FORM | {"x-twilio-signature": twilio.signature("twilio-demo-auth-token", url, form)}
    body = b"MessageSid=SM1&From=%2B972502345678&To=%2B972552345678&Body=hi"

    assert machine.world.http("POST", TWILIO, headers, body).status == 401
    assert machine.world.http("POST", TWILIO, headers, body, "lane=a b").status == 401
    assert machine.world.http("POST", TWILIO, headers, body, "lane=a%20b").status == 200


def test_health_names_the_version(machine: Machine) -> None:
    answer = machine.world.http("GET", "/health", {}, b"")
    assert (answer.status, json.loads(answer.body)) == (200, {"status": "ok", "version": "0.1.0"})


def test_a_text_that_met_a_broken_door_comes_in_by_the_fallback(machine: Machine) -> None:
    path = f"{TWILIO}/fallback"
    form = {"MessageSid": "SM1", "From": "+972502345678", "Body": "hello", "ErrorCode": "11200"}
    signed = twilio.signature("twilio-demo-auth-token", machine.public_url + path, form)
    body = b"MessageSid=SM1&From=%2B972502345678&Body=hello&ErrorCode=11200"

    answer = machine.world.http("POST", path, FORM | {"x-twilio-signature": signed}, body)
    machine.world.run()

    assert answer.status == 200
    assert len(machine.received("+972502345678")) == 1


def test_a_forged_fallback_ends_in_the_dead_letters(machine: Machine) -> None:
    path = f"{TWILIO}/fallback"
    machine.world.http("POST", path, FORM | {"x-twilio-signature": WRONG}, b"MessageSid=SM1")
    for _ in range(8):
        machine.world.advance(timedelta(seconds=180))

    assert len(machine.world.queues["FallbackQueue"].dead) == 1
    assert store.history("demo", "nobody") == ()


def test_one_shop_cannot_be_signed_for_by_another(machine: Machine) -> None:
    """Promise 6, at the door: the secret is looked up by the shop in the path."""
    raw = b'{"id": 1}'
    headers = shopify.sign({"X-Shopify-Topic": "orders/create"}, raw, "another shop's secret")
    assert machine.world.http("POST", SHOPIFY, headers, raw).status == 401
