import json
from datetime import timedelta
from typing import Any, cast

import pytest
import responses
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher import channels
from kesher.channels import simulator
from kesher.channels.base import Account, Adapter
from kesher.domain.customer import customer_id
from kesher.domain.message import RANK, Media, ReceiptReceived, Status, TextReceived
from kesher.domain.outbox import Accepted, NoAnswer, NotAccepted, Refused, SendResult
from kesher.domain.shop import Channel, Door
from kesher.errors import BadSignature, Misconfigured, NotFound, Unreadable
from kesher.wire import Request
from tests.builders import KESHET, LINE, NOA, NOW, goes_through_the_queue, spoiled
from tests.channels.runner import (
    CALLBACK,
    TEXT,
    Breakage,
    any_request,
    attempt,
    http,
    label,
    request,
)

ADAPTER = cast("Adapter", simulator)
SECRET = "phones-that-nobody-carries"
ACCOUNT = Account("keshet", "IL", "simulator", LINE, None, {"secret": SECRET})
SAID: dict[str, Any] = {
    "id": "sim-1",
    "from": "050-234-5678",
    "to": LINE,
    "text": "איפה ההזמנה שלי?",
    "media": [{"url": "https://simulator.localhost/1.jpg", "content_type": "image/jpeg"}],
}


def body(**said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()


def test_what_the_simulator_has_signed_is_believed() -> None:
    signed = {"x-simulator-signature": simulator.sign(SECRET, body(**SAID))}
    simulator.verify(request(body(**SAID), signed), ACCOUNT)

    with pytest.raises(BadSignature):
        simulator.verify(request(body(**SAID) + b" ", signed), ACCOUNT)


def test_a_signature_is_hmac_sha256_in_hexadecimal() -> None:
    """RFC 4231, test case 2."""
    assert simulator.sign("Jefe", b"what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


@given(any_request("x-simulator-signature"))
@settings(deadline=None, max_examples=200)
def test_whatever_is_wrong_with_a_request_is_a_bad_signature(stranger: Request) -> None:
    with pytest.raises(BadSignature):
        simulator.verify(stranger, ACCOUNT)


def test_a_text_is_read() -> None:
    assert simulator.parse(request(body(**SAID)), ACCOUNT, NOW) == (
        TextReceived(
            shop="keshet",
            channel="simulator",
            id="sim-1",
            customer=customer_id("keshet", NOA, "simulator"),
            address=NOA,
            line=LINE,
            text="איפה ההזמנה שלי?",
            received_at=NOW,
            media=(Media("https://simulator.localhost/1.jpg", "image/jpeg"),),
        ),
    )


def test_of_many_pictures_ten_are_kept() -> None:
    many = body(id="7", media=[{"url": f"{n}"} for n in range(20_000)], **{"from": NOA})
    (event,) = simulator.parse(request(many), ACCOUNT, NOW)

    assert isinstance(event, TextReceived)
    assert [each.url for each in event.media] == [f"{n}" for n in range(10)]


def test_a_text_needs_only_an_id_and_a_number() -> None:
    (event,) = simulator.parse(request(body(id="7", **{"from": NOA})), ACCOUNT, NOW)

    assert isinstance(event, TextReceived)
    assert (event.id, event.text, event.line, event.media) == ("7", "", LINE, ())


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"[]",
        b"not json",
        b'{"id": "sim-1", "from": "+972502345678", "text": NaN}',
        b"[" * 60_000,
        body(**{"id": "sim-1", "text": "x"}),
        body(**{"from": NOA, "text": "x"}),
        body(**{"id": "", "from": NOA}),
        body(**{"id": "sim-1", "from": "*6050"}),
        body(**{"id": "sim-1", "from": "MyShop"}),
        body(**{"id": "sim-1", "from": None}),
        body(**{"id": "sim-1", "from": NOA, "media": 5}),
        body(**{"id": "sim-1", "from": NOA, "media": ["https://simulator.localhost/1.jpg"]}),
        body(receipt=["delivered"], id="sim-9"),
        body(receipt={"status": "delivered"}, id="sim-9"),
    ],
)
def test_what_is_not_a_text_is_unreadable(said: bytes) -> None:
    with pytest.raises(Unreadable):
        simulator.parse(request(said), ACCOUNT, NOW)


@pytest.mark.parametrize("status", ["sent", "delivered", "undelivered", "failed", "read"])
def test_a_receipt_says_what_became_of_a_text(status: Status) -> None:
    said = request(body(receipt=status, id="sim-9"))

    assert simulator.parse(said, ACCOUNT, NOW, "9f5b13ed") == (
        ReceiptReceived("keshet", "simulator", status, NOW, "9f5b13ed", "sim-9"),
    )


def test_a_receipt_that_says_nothing_we_know_is_ignored() -> None:
    assert simulator.parse(request(body(receipt="teleported", id="sim-9")), ACCOUNT, NOW) == ()


@given(st.one_of(spoiled(SAID), spoiled({"receipt": "delivered", "id": "sim-9"}), st.binary()))
@settings(deadline=None, max_examples=400)
def test_whatever_a_body_says_is_read_or_unreadable(said: bytes) -> None:
    try:
        events = simulator.parse(request(said), ACCOUNT, NOW)
    except Unreadable:
        return
    assert all(goes_through_the_queue(each) for each in events)
    assert all(each.status in RANK for each in events if isinstance(each, ReceiptReceived))


def test_the_answer_is_empty() -> None:
    assert (simulator.answer(request()).status, simulator.answer(request()).body) == (204, "")


@pytest.mark.parametrize(
    ("does", "result"),
    [
        (http(201, {"id": "sim-9"}), Accepted("sim-9")),
        (http(200, {"id": 9}), Accepted("9")),
        (http(201, "<html>"), NoAnswer("no id in the answer")),
        (http(201, []), NoAnswer("no id in the answer")),
        (http(201, {}), NoAnswer("no id in the answer")),
        (http(204), NoAnswer("no id in the answer")),
        (http(307, "", Location="/elsewhere"), NoAnswer("no id in the answer")),
        (http(400, {"error": SECRET}), Refused("HTTP 400")),
        (http(404, ""), Refused("HTTP 404")),
        (http(429, "", Retry_After="7"), NotAccepted("throttled", timedelta(seconds=7))),
        (http(500, ""), NoAnswer("the provider failed: HTTP 500")),
        ("refuses", NotAccepted("could not connect: NewConnectionError")),
        ("speaks no TLS", NoAnswer("no answer: SSLError")),
        ("stalls", NoAnswer("no answer: ReadTimeout")),
        ("resets", NoAnswer("the connection broke before the answer")),
    ],
    ids=label,
)
def test_what_the_simulator_answers_tells_whether_it_has_the_text(
    does: bytes | Breakage, result: SendResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert result == attempt(ADAPTER, ACCOUNT, does, monkeypatch)[0]


def test_a_text_is_sent_as_the_simulator_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _, it = attempt(ADAPTER, ACCOUNT, http(201, {"id": "sim-9"}), monkeypatch)
    ((first, headers, sent),) = it.heard

    assert first == "POST /messages HTTP/1.1"
    assert headers["authorization"] == f"Bearer {SECRET}"
    assert json.loads(sent) == {
        "to": NOA,
        "from": LINE,
        "text": TEXT.text,
        "callback": CALLBACK,
    }


@responses.activate
def test_unless_told_otherwise_a_text_stays_on_this_machine() -> None:
    responses.post("https://simulator.localhost/messages", json={"id": "sim-9"}, status=201)

    assert simulator.send(ACCOUNT, TEXT, CALLBACK) == Accepted("sim-9")


LISTED = SAID | {"at": "2026-11-22T09:00:00+00:00"}


@responses.activate
def test_what_phones_wrote_is_listed_as_the_webhook_would_have_said_it() -> None:
    listed = responses.get("https://simulator.localhost/messages", json={"texts": [LISTED]})
    (text,) = simulator.parse(request(body(**SAID)), ACCOUNT, NOW)

    assert list(simulator.recent(ACCOUNT, NOW - timedelta(days=1))) == [(text,)]
    (call,) = listed.calls
    assert call.request.params == {"since": "2026-11-21T09:00:00+00:00"}
    assert call.request.headers["Authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([], "no answer to that: HTTP 200"),
        ({"texts": {"id": "sim-1"}}, "texts is not a list of objects"),
        ({"texts": [LISTED, "sim-2"]}, "texts is not a list of objects"),
        ({"texts": [LISTED | {"at": "noon"}]}, "at is no instant"),
        ({"texts": [LISTED | {"at": None}]}, "at is no instant"),
        ({"texts": [LISTED | {"from": "*6050"}]}, "a text needs an id and a phone number in from"),
    ],
)
@responses.activate
def test_a_list_that_cannot_be_read_is_no_answer(said: object, why: str) -> None:
    responses.get("https://simulator.localhost/messages", json=said)

    assert list(simulator.recent(ACCOUNT, NOW)) == [NoAnswer(why)]


def test_an_account_shows_no_secret() -> None:
    assert SECRET not in f"{ACCOUNT!r} {ACCOUNT}"
    assert frozenset(ACCOUNT.credentials) == simulator.CREDENTIALS


@pytest.mark.parametrize("kind", sorted(channels.NAMES - channels.ONLY_SEND))
def test_every_channel_has_the_one_shape(kind: str) -> None:
    adapter = channels.adapter(kind)

    assert adapter.CREDENTIALS
    for deed in ("verify", "parse", "answer", "send", "find", "recent"):
        assert callable(getattr(adapter, deed))


@pytest.mark.parametrize("kind", ["carrier_pigeon", "base", "", "..", "twilio.send"])
def test_a_channel_nobody_wrote_is_not_found(kind: str) -> None:
    with pytest.raises(NotFound):
        channels.adapter(kind)


def door(reference: str) -> Door:
    twilio = Channel("twilio", LINE, "https://twilio.example", {"auth_token": reference})
    return Door("keshet", "IL", [twilio], [])


def test_an_account_has_its_secrets_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESHET_TOKEN", SECRET)
    account = channels.account(door("env:KESHET_TOKEN"), "twilio")

    assert account == Account(
        "keshet", "IL", "twilio", LINE, "https://twilio.example", {"auth_token": SECRET}
    )


@pytest.mark.parametrize("reference", ["env:KESHET_TOKEN", "KESHET_TOKEN", "plain-secret", "env:"])
def test_a_missing_or_empty_secret_opens_nothing(
    reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KESHET_TOKEN", "")

    with pytest.raises(Misconfigured):
        channels.account(door(reference), "twilio")


def test_a_channel_the_shop_has_not_is_not_found() -> None:
    with pytest.raises(NotFound):
        channels.account(door("env:KESHET_TOKEN"), "simulator")
    with pytest.raises(NotFound):
        channels.account(KESHET.door, "vonage")
