import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from random import Random
from typing import Any, cast
from urllib.parse import parse_qs, quote, urlencode

import pytest
import requests
import responses
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher.channels import base, twilio
from kesher.channels.base import Account, Adapter, Page
from kesher.domain.customer import customer_id
from kesher.domain.message import Media, ReceiptReceived, Status, TextReceived
from kesher.domain.outbox import (
    Accepted,
    CannotTell,
    FindResult,
    NoAnswer,
    NotAccepted,
    NotFound,
    Refused,
    SendResult,
)
from kesher.errors import BadSignature, Unreadable
from kesher.wire import Request, form_pairs
from tests.builders import ANY_TEXT, LINE, NOA, NOW, goes_through_the_queue, spoiled
from tests.channels.runner import (
    CALLBACK,
    TEXT,
    Breakage,
    any_request,
    attempt,
    http,
    label,
    payload,
    provider,
    request,
)

ADAPTER = cast("Adapter", twilio)
SID = "AC5f1d0c7a9be24e33a1d27c60f8a9413b"
ACCOUNT = Account(
    shop="keshet",
    country="IL",
    kind="twilio",
    sender=LINE,
    base_url=None,
    credentials={"account_sid": SID, "auth_token": "token-that-nobody-may-see"},
)
VECTORS = Account("keshet", "IL", "twilio", LINE, None, {"account_sid": SID, "auth_token": "12345"})
CALL = (
    "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309"
    "&To=%2B18005551212"
)
COMPANY = "https://mycompany.com/myapp.php"
JSON_BODY = b'{"property": "value", "boolean": true}'
JSON_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
MESSAGE = "SM20c4e1d9b07f45a28e6f3a5b8c9d0014"


def signature(url: str, fields: list[tuple[str, str]]) -> str:
    """Twilio's own words: the URL, then each name and value, sorted, once."""
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    digest = hmac.new(b"12345", signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def parse(name: str, message: str | None = None) -> TextReceived | ReceiptReceived:
    (event,) = twilio.parse(request(payload(f"twilio/{name}.form")), ACCOUNT, NOW, message)
    return event


@pytest.mark.parametrize(
    ("url", "query", "body", "signed"),
    [
        (COMPANY, "foo=1&bar=2", CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (
            "https://mycompany.com:443/myapp.php",
            "foo=1&bar=2",
            CALL,
            "kvajT1Ptam85bY51eRf/AJRuM3w=",
        ),
        (COMPANY, "foo=1&bar=2", CALL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (
            "https://mycompany.com:443/myapp.php",
            "foo=1&bar=2",
            CALL,
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
        ),
        ("http://mycompany.com/myapp.php", "foo=1&bar=2", CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("http://mycompany.com:80/myapp.php", "foo=1&bar=2", CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (
            COMPANY,
            "foo=1&bar=2",
            "Digits=5678&Digits=1234&Digits=1234&Sid=CA123&SidAccount=AC123",
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
        (
            COMPANY,
            f"foo=1&bar=2&bodySHA256={JSON_HASH}",
            JSON_BODY.decode(),
            "a9nBmqA0ju/hNViExpshrM61xv4=",
        ),
        (COMPANY, "foo=1&bar=2&Body=It's+amazing", CALL, "TfZzewPq8wqrGlMfyAud8+/IvJ0="),
        (COMPANY, "foo=1&bar=2&Body=It%27s+amazing", CALL, "TfZzewPq8wqrGlMfyAud8+/IvJ0="),
        (
            COMPANY,
            "foo=1&bar=2",
            "MessagingBinding.Address=%2B1325xxxxxxx&MessagingBinding.Address=%2B1415xxxxxxx",
            "83O6e2vORAoJHUNzJjDWN1jz+BA=",
        ),
    ],
)
def test_what_twilio_has_signed_is_believed(url: str, query: str, body: str, signed: str) -> None:
    headers = {"x-twilio-signature": signed}
    twilio.verify(request(body.encode(), headers, url=url, query=query), VECTORS)

    with pytest.raises(BadSignature):
        twilio.verify(request(body.encode() + b" ", headers, url=url, query=query), VECTORS)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-twilio-signature": ""},
        {"x-twilio-signature": "   "},
        {"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8"},
        {"x-twilio-signature": "rsoydt4t1cutdk1pdd93/vvr8b8="},
        {"x-twilio-signature": "ＲSOYDt4T1cUTdK1PDd93/VVr8B8="},
        {"x-twilio-signature": signature(f"{COMPANY}?foo=1&bar=2", [])},
        {"authorization": "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
    ],
)
def test_any_other_signature_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        twilio.verify(request(CALL.encode(), headers, url=COMPANY, query="foo=1&bar=2"), VECTORS)


@pytest.mark.parametrize(
    ("method", "url", "query", "body"),
    [
        ("POST", COMPANY, "foo=1&bar=3", CALL),
        ("POST", COMPANY, "bar=2&foo=1", CALL),
        ("POST", COMPANY, "", CALL),
        ("POST", COMPANY + "/", "foo=1&bar=2", CALL),
        ("POST", "https://yourcompany.com/myapp.php", "foo=1&bar=2", CALL),
        ("POST", "https://mycompany.com:8443/myapp.php", "foo=1&bar=2", CALL + "&x="),
        ("POST", COMPANY, "foo=1&bar=2", CALL + "&Extra="),
        ("POST", COMPANY, "foo=1&bar=2", CALL.replace("1234", "1235")),
        ("GET", COMPANY, "foo=1&bar=2", CALL),
    ],
)
def test_what_was_changed_on_its_way_is_refused(
    method: str, url: str, query: str, body: str
) -> None:
    headers = {"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}

    with pytest.raises(BadSignature):
        twilio.verify(request(body.encode(), headers, method=method, url=url, query=query), VECTORS)


def test_a_json_body_must_be_the_one_whose_hash_was_signed() -> None:
    query = f"foo=1&bar=2&bodySHA256={JSON_HASH}"
    headers = {"x-twilio-signature": "a9nBmqA0ju/hNViExpshrM61xv4="}

    with pytest.raises(BadSignature):
        twilio.verify(
            request(JSON_BODY.replace(b"true", b"false"), headers, url=COMPANY, query=query),
            VECTORS,
        )


def test_the_user_in_a_url_is_signed_with_it() -> None:
    url = "https://kesher:words@mycompany.com/myapp.php"
    headers = {"x-twilio-signature": signature(url, [("Body", "שלום")])}

    twilio.verify(request(urlencode({"Body": "שלום"}).encode(), headers, url=url), VECTORS)


def test_a_get_is_signed_by_its_url_alone() -> None:
    query = urlencode({"Body": "שלום עולם", "MessageSid": "SM1"})
    headers = {"x-twilio-signature": signature(f"{COMPANY}?{query}", [])}

    twilio.verify(request(b"", headers, method="GET", url=COMPANY, query=query), VECTORS)


@given(st.lists(st.tuples(st.text(), st.text())), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=200)
def test_any_form_verifies_blank_repeated_and_unsorted(
    fields: list[tuple[str, str]], dice: Random
) -> None:
    headers = {"x-twilio-signature": signature(COMPANY, fields)}
    sent = list(fields)
    dice.shuffle(sent)

    twilio.verify(request(urlencode(sent).encode(), headers, url=COMPANY), VECTORS)
    twilio.verify(
        request("&".join(f"{quote(n)}={quote(v)}" for n, v in sent).encode(), headers, url=COMPANY),
        VECTORS,
    )


@given(any_request("x-twilio-signature"))
@settings(deadline=None, max_examples=300)
def test_whatever_is_wrong_with_a_request_is_a_bad_signature(stranger: Request) -> None:
    with pytest.raises(BadSignature):
        twilio.verify(stranger, ACCOUNT)


def test_a_text_is_read_with_its_blanks_quotes_and_emoji() -> None:
    assert parse("text") == TextReceived(
        shop="keshet",
        channel="twilio",
        id="SM01c4e1d9b07f45a28e6f3a5b8c9d0001",
        customer=customer_id("keshet", NOA, "twilio"),
        address=NOA,
        line=LINE,
        text="שלום, איפה ההזמנה שלי? 🎁 it's #1042 & more",
        received_at=NOW,
    )


def test_a_picture_comes_with_its_address_and_kind() -> None:
    event = parse("picture")

    assert isinstance(event, TextReceived)
    assert event.text == ""
    assert event.media == (
        Media(
            f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages/MM02/Media/ME0a",
            "image/jpeg",
        ),
        Media(
            f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages/MM02/Media/ME0b",
            "video/3gpp",
        ),
    )


@pytest.mark.parametrize(
    ("name", "wanted", "text"),
    [
        ("stop_answered", "opt-out", "הסר"),
        ("start_answered", "opt-in", "START"),
        ("help_answered", "help", "Help"),
        ("text", None, "שלום, איפה ההזמנה שלי? 🎁 it's #1042 & more"),
    ],
)
def test_what_twilio_has_answered_itself_is_passed_on(
    name: str, wanted: str | None, text: str
) -> None:
    event = parse(name)

    assert isinstance(event, TextReceived)
    assert (wanted, text) == (event.provider_consent, event.text)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("whatsapp_text", "whatsapp:+989123456789"),
        ("whatsapp_without_number", "whatsapp:IR.88213"),
        ("from_a_company", "BankLeumi"),
    ],
)
def test_a_sender_need_not_be_a_number(name: str, address: str) -> None:
    event = parse(name)

    assert isinstance(event, TextReceived)
    assert (address, customer_id("keshet", address, "twilio")) == (event.address, event.customer)


def test_a_profile_name_is_a_line_without_marks() -> None:
    fields = {"MessageSid": "SM1", "From": NOA, "ProfileName": "שירין \u202eيمירכ\n" + "x" * 99}
    (event,) = twilio.parse(request(urlencode(fields).encode()), ACCOUNT, NOW)

    assert isinstance(event, TextReceived)
    assert event.name == ("שירין يمירכ " + "x" * 99)[:40]
    whatsapp = parse("whatsapp_text")
    assert isinstance(whatsapp, TextReceived)
    assert whatsapp.name == "שירין کریمی"


def test_controls_in_a_text_are_dropped() -> None:
    event = parse("controls")

    assert isinstance(event, TextReceived)
    assert event.text == "ab\nc"


def test_a_text_by_get_is_read_from_its_url() -> None:
    query = payload("twilio/text.form").decode()
    (event,) = twilio.parse(request(b"", method="GET", query=query), ACCOUNT, NOW)

    assert event == parse("text")


@pytest.mark.parametrize("status", ["received", "receiving", ""])
def test_a_text_need_not_say_that_it_was_received(status: str) -> None:
    fields = {"MessageSid": "SM1", "From": NOA, "Body": "שלום", "SmsStatus": status}
    (event,) = twilio.parse(request(urlencode(fields).encode()), ACCOUNT, NOW)

    assert isinstance(event, TextReceived)


@pytest.mark.parametrize("count", ["", "0", "-1", "two", "²", "1.5", "9" * 5000, "999"])
def test_a_strange_count_of_pictures_loses_no_text(count: str) -> None:
    fields = {"MessageSid": "SM1", "From": NOA, "Body": "שלום", "NumMedia": count}
    (event,) = twilio.parse(request(urlencode(fields).encode()), ACCOUNT, NOW)

    assert isinstance(event, TextReceived)
    assert event.text == "שלום"
    assert len(event.media) <= 10


def test_a_text_without_an_id_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="MessageSid"):
        twilio.parse(request(urlencode({"From": NOA, "Body": "שלום"}).encode()), ACCOUNT, NOW)


@pytest.mark.parametrize(
    ("name", "status", "code", "opted_out"),
    [
        ("queued", "accepted", None, False),
        ("sent", "sent", None, False),
        ("delivered", "delivered", None, False),
        ("undelivered", "undelivered", "30005", False),
        ("failed_opted_out", "failed", "21610", True),
    ],
)
def test_a_receipt_says_what_became_of_a_text(
    name: str, status: Status, code: str | None, opted_out: bool
) -> None:
    assert parse(name, "9f5b13ed-75e5") == ReceiptReceived(
        shop="keshet",
        channel="twilio",
        status=status,
        at=NOW,
        message="9f5b13ed-75e5",
        provider_id=MESSAGE,
        customer=customer_id("keshet", NOA, "twilio"),
        code=code,
        opted_out=opted_out,
    )


def test_a_receipt_of_reading_comes_from_whatsapp() -> None:
    event = parse("read")

    assert isinstance(event, ReceiptReceived)
    assert (event.status, event.provider_id, event.message) == ("read", MESSAGE, None)


@pytest.mark.parametrize("name", ["blank_receipt", "new_status"])
def test_a_receipt_that_says_nothing_we_know_is_ignored(name: str) -> None:
    assert twilio.parse(request(payload(f"twilio/{name}.form")), ACCOUNT, NOW, "9f5b13ed") == ()


@pytest.mark.parametrize(
    "status",
    [
        *("queued", "sending", "sent", "failed", "delivered", "undelivered", "accepted"),
        *("scheduled", "read", "partially_delivered", "canceled"),
    ],
)
def test_every_documented_status_is_known(status: str) -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": status, "SmsStatus": status, "To": NOA}
    (event,) = twilio.parse(request(urlencode(fields).encode()), ACCOUNT, NOW)

    assert isinstance(event, ReceiptReceived)


FIELDS = st.sampled_from(
    [
        *("MessageSid", "From", "To", "Body", "NumMedia", "MediaUrl0", "MediaContentType0"),
        *("SmsStatus", "MessageStatus", "ErrorCode", "OptOutType", "ProfileName", "MediaUrl9"),
    ]
)
VALUES = st.one_of(
    st.text(),
    st.sampled_from(
        ["", "0", "1", "9" * 5000, "²", "٣", NOA, "received", "sent", "failed", "STOP"]
    ),
)


@given(
    st.one_of(
        st.binary(),
        st.dictionaries(FIELDS, VALUES).map(lambda fields: urlencode(fields).encode()),
    ),
    st.sampled_from(["POST", "GET"]),
    st.one_of(st.none(), st.text()),
    ANY_TEXT,
)
@settings(deadline=None, max_examples=400)
def test_whatever_a_body_says_is_read_or_unreadable(
    body: bytes, method: str, message: str | None, query: str
) -> None:
    try:
        events = twilio.parse(request(body, method=method, query=query), ACCOUNT, NOW, message)
    except Unreadable:
        return
    assert all(goes_through_the_queue(each) for each in events)


def test_the_answer_is_twiml_that_says_nothing() -> None:
    answer = twilio.answer(request())

    assert (answer.status, answer.content_type) == (200, "text/xml")
    assert answer.body.endswith("<Response/>")


def sent_by_us(seconds: float = 0, **fields: object) -> dict[str, object]:
    """A text as Twilio's list has it, made so many seconds after we tried to send ours."""
    made = format_datetime(NOW + timedelta(seconds=seconds))
    ours = {"sid": "SM1", "from": LINE, "messaging_service_sid": None, "body": TEXT.text}
    return ours | {"date_created": made} | fields


@pytest.mark.parametrize(
    ("listing", "found"),
    [
        ([sent_by_us()], Accepted("SM1")),
        ([sent_by_us(sid="SM9", body="other words"), sent_by_us()], Accepted("SM1")),
        ([sent_by_us() | {"from": None, "messaging_service_sid": LINE}], Accepted("SM1")),
        ([sent_by_us(-5)], Accepted("SM1")),
        ([sent_by_us(60)], Accepted("SM1")),
        ([], NotFound()),
        ([sent_by_us(body="other words")], NotFound()),
        ([sent_by_us() | {"from": "+972500000000"}], NotFound()),
        ([sent_by_us(-6)], NotFound()),
        ([sent_by_us(61)], NotFound()),
        ([sent_by_us(date_created=None)], NotFound()),
        ([sent_by_us(date_created="yesterday")], NotFound()),
        ([sent_by_us(sid=None)], NotFound()),
    ],
)
def test_a_text_is_found_by_its_sender_words_and_time(
    listing: list[object], found: FindResult
) -> None:
    """One that was made later says the same and is another: a customer may be told a thing twice."""
    with provider(http(200, {"messages": listing})) as it:
        assert found == twilio.find(replace(ACCOUNT, base_url=it.url), TEXT, CALLBACK)
    ((asked, headers, _),) = it.heard

    assert asked.startswith(f"GET /2010-04-01/Accounts/{SID}/Messages.json?To=%2B972502345678&")
    assert headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("does", "kind"),
    [
        (http(200, {"messages": None}), CannotTell),
        (http(200, []), CannotTell),
        (http(403, {"code": 20003}), CannotTell),
        (http(404), CannotTell),
        (http(302, "", Location="https://elsewhere.example"), CannotTell),
        (http(200, "no JSON"), NoAnswer),
        (http(429, {"code": 20429}), NoAnswer),
        (http(503), NoAnswer),
        ("refuses", NoAnswer),
        ("resets", NoAnswer),
        ("stalls", NoAnswer),
    ],
    ids=label,
)
def test_a_provider_that_is_down_is_told_from_one_that_will_not_say(
    does: bytes | Breakage, kind: type[FindResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "TIMEOUT", (1.0, 0.3))
    with provider(does) as it:
        found = twilio.find(replace(ACCOUNT, base_url=it.url), TEXT, CALLBACK)

    assert type(found) is kind


def error(code: int, status: int) -> bytes:
    """As Twilio words it; here it even gives our token away."""
    said = {"code": code, "message": f"no: {ACCOUNT.credentials['auth_token']}", "status": status}
    return http(status, said)


@pytest.mark.parametrize(
    ("does", "result"),
    [
        (http(201, {"sid": "SM1", "status": "queued", "error_code": None}), Accepted("SM1")),
        (http(200, {"sid": "SM1"}), Accepted("SM1")),
        (http(201, "<html>"), NoAnswer("no sid in the answer")),
        (http(201, ""), NoAnswer("no sid in the answer")),
        (http(201, ["SM1"]), NoAnswer("no sid in the answer")),
        (http(201, {"status": "queued"}), NoAnswer("no sid in the answer")),
        (http(307, "", Location="/elsewhere"), NoAnswer("no sid in the answer")),
        (error(21211, 400), Refused("21211")),
        (error(21610, 400), Refused("21610", opted_out=True)),
        (error(21610, 403), Refused("21610", opted_out=True)),
        (error(21614, 400), Refused("21614")),
        (error(21617, 400), Refused("21617")),
        (error(20404, 404), Refused("20404")),
        (http(400, "<html>"), Refused("HTTP 400")),
        (http(400, "[]"), Refused("HTTP 400")),
        (error(21611, 400), NotAccepted("21611")),
        (error(14107, 400), NotAccepted("14107")),
        (error(63018, 400), NotAccepted("63018")),
        (error(20003, 401), NotAccepted("20003: the credentials were refused")),
        (http(403, ""), NotAccepted("HTTP 403: the credentials were refused")),
        (error(20429, 400), NotAccepted("20429")),
        (error(20429, 429), NotAccepted("throttled")),
        (http(429, "", Retry_After="7"), NotAccepted("throttled", timedelta(seconds=7))),
        (http(429, "", Retry_After="Sun, 22 Nov 2026 09:00:00 GMT"), NotAccepted("throttled")),
        (http(429, "", Retry_After="-1"), NotAccepted("throttled")),
        (http(429, "", Retry_After="²"), NotAccepted("throttled")),
        (error(20500, 500), NoAnswer("the provider failed: HTTP 500")),
        (http(502, "<html>"), NoAnswer("the provider failed: HTTP 502")),
        (http(503, "", Retry_After="7"), NoAnswer("the provider failed: HTTP 503")),
        ("refuses", NotAccepted("could not connect: NewConnectionError")),
        ("speaks no TLS", NoAnswer("no answer: SSLError")),
        ("stalls", NoAnswer("no answer: ReadTimeout")),
        ("resets", NoAnswer("the connection broke before the answer")),
        ("stops midway", NoAnswer("no answer: ChunkedEncodingError")),
    ],
    ids=label,
)
def test_what_twilio_answers_tells_whether_it_has_the_text(
    does: bytes | Breakage, result: SendResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert result == attempt(ADAPTER, ACCOUNT, does, monkeypatch)[0]


def test_an_endless_wait_is_no_wait_we_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    does = http(429, "", Retry_After="9" * 30)
    result, _ = attempt(ADAPTER, ACCOUNT, does, monkeypatch)

    assert isinstance(result, NotAccepted)


def test_a_host_without_an_address_has_not_got_the_text() -> None:
    nowhere = Account("keshet", "IL", "twilio", LINE, "http://twilio.invalid", ACCOUNT.credentials)

    assert isinstance(twilio.send(nowhere, TEXT, CALLBACK), NotAccepted)


def test_a_text_is_sent_as_twilio_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _, it = attempt(ADAPTER, ACCOUNT, http(201, {"sid": "SM1"}), monkeypatch)
    ((first, headers, body),) = it.heard

    assert first == f"POST /2010-04-01/Accounts/{SID}/Messages.json HTTP/1.1"
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert base64.b64decode(headers["authorization"].removeprefix("Basic ")).decode() == (
        f"{SID}:token-that-nobody-may-see"
    )
    assert parse_qs(body.decode(), keep_blank_values=True, strict_parsing=True) == {
        "To": [NOA],
        "From": [LINE],
        "Body": [TEXT.text],
        "StatusCallback": [CALLBACK],
    }


def test_a_messaging_service_is_named_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    service = "MG7d1f0a2b3c4d5e6f708192a3b4c5d6e7"
    message = type(TEXT)(**{**vars(TEXT), "line": service})
    _, it = attempt(ADAPTER, ACCOUNT, http(201, {"sid": "SM1"}), monkeypatch, message)
    form = parse_qs(it.heard[0][2].decode())

    assert [service] == form["MessagingServiceSid"]
    assert "From" not in form


@responses.activate
def test_unless_told_otherwise_a_text_goes_to_twilio() -> None:
    url = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json"
    responses.post(url, json={"sid": "SM1"}, status=201)

    assert twilio.send(ACCOUNT, TEXT, CALLBACK) == Accepted("SM1")


@responses.activate
@pytest.mark.parametrize(
    ("broken", "result"),
    [
        (requests.ConnectTimeout("…"), NotAccepted("could not connect: ConnectTimeout")),
        (requests.ReadTimeout("…"), NoAnswer("no answer: ReadTimeout")),
        (requests.ConnectionError(), NoAnswer("the connection broke before the answer")),
        (requests.TooManyRedirects("…"), NoAnswer("no answer: TooManyRedirects")),
    ],
)
def test_only_a_call_that_never_began_is_made_again(
    broken: requests.RequestException, result: SendResult
) -> None:
    responses.post(f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json", body=broken)

    assert result == twilio.send(ACCOUNT, TEXT, CALLBACK)


MESSAGES = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json"
SERVICE = "MG7d1f0a2b3c4d5e6f708192a3b4c5d6e7"
DAY = timedelta(days=1)


def listed(n: int = 1, /, **said: object) -> dict[str, object]:
    """A text as the list has it."""
    return {
        "sid": f"SM{n:032x}",
        "direction": "inbound",
        "from": NOA,
        "to": LINE,
        "body": "שלום 🎁",
        "date_created": "Sun, 22 Nov 2026 08:59:58 +0000",
        "date_sent": "Sun, 22 Nov 2026 09:00:00 +0000",
        "num_media": "0",
        "messaging_service_sid": None,
        "status": "received",
        **said,
    }


def page(*messages: object, next_page_uri: object = None) -> dict[str, object]:
    return {"messages": list(messages), "next_page_uri": next_page_uri, "page_size": 1000}


def recent(account: Account = ACCOUNT) -> list[Page]:
    return list(twilio.recent(account, NOW - DAY))


def asked(n: int) -> dict[str, str]:
    """What the n-th request wanted to know."""
    request: Any = responses.calls[n].request
    params: dict[str, str] = request.params
    return params


def only_text(*pages: Page) -> TextReceived:
    ((text,),) = (each for each in pages if not isinstance(each, NoAnswer))
    return text


@responses.activate
def test_a_listed_text_is_the_one_its_webhook_would_have_brought() -> None:
    responses.get(MESSAGES, json=page(listed(body="שלום\x00 🎁\r\n")))
    fields = {"MessageSid": f"SM{1:032x}", "From": NOA, "To": LINE, "Body": "שלום\x00 🎁\r\n"}
    (hooked,) = twilio.parse(request(urlencode(fields).encode()), ACCOUNT, NOW)

    assert recent() == [(hooked,)]


@responses.activate
def test_the_list_is_asked_for_the_texts_to_our_sender_since_then() -> None:
    responses.get(MESSAGES, json=page())

    assert recent() == [()]
    assert asked(0) == {"To": LINE, "DateSent>": "2026-11-21T09:00:00Z", "PageSize": "1000"}
    basic = responses.calls[0].request.headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(basic).decode() == f"{SID}:token-that-nobody-may-see"


@responses.activate
def test_pages_are_followed_to_the_last_each_when_it_is_wanted() -> None:
    path = f"/2010-04-01/Accounts/{SID}/Messages.json?To=%2B1&PageSize=2&Page="
    for n, more in enumerate([f"{path}1&PageToken=PASM1", f"{path}2&PageToken=PASM2", None], 1):
        responses.get(MESSAGES, json=page(listed(n), next_page_uri=more))

    pages = twilio.recent(ACCOUNT, NOW - DAY)
    assert only_text(next(pages)).id == f"SM{1:032x}"
    assert len(responses.calls) == 1
    assert [only_text(each).id for each in pages] == [f"SM{n:032x}" for n in (2, 3)]
    assert [asked(n).get("PageToken") for n in range(3)] == [None, "PASM1", "PASM2"]
    assert {asked(n)["To"] for n in range(3)} == {LINE}


@responses.activate
@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/2010-04-01/Accounts/Messages.json?Page=1",
        "//elsewhere.example/?Page=1",
        "@elsewhere.example/?Page=1",
        "/2010-04-01/Accounts/AC0/Messages.json?Page=1&To=%2B15005550006",
    ],
)
def test_wherever_the_next_page_is_said_to_be_the_token_goes_to_twilio(address: str) -> None:
    responses.get(MESSAGES, json=page(next_page_uri=address))
    responses.get(MESSAGES, json=page(listed()))

    assert only_text(recent()[1]).address == NOA
    assert str(responses.calls[1].request.url).startswith(f"{MESSAGES}?Page=1&")
    assert asked(1)["To"] == LINE


@responses.activate
def test_of_a_list_only_what_came_in_to_our_sender_is_taken() -> None:
    strangers: tuple[dict[str, object], ...] = (
        listed(2, direction="outbound-api", to=NOA, **{"from": LINE}),
        listed(3, to="+97233724401"),
        listed(4, to=None),
        listed(5, direction=None),
        listed(6, **{"from": ""}),
        {},
    )
    responses.get(MESSAGES, json=page(*strangers, listed(1)))

    assert only_text(*recent()).id == f"SM{1:032x}"


@responses.activate
def test_of_a_messaging_service_that_is_taken_which_names_it() -> None:
    responses.get(
        MESSAGES,
        json=page(
            listed(1, messaging_service_sid=SERVICE, to="+97233724401"),
            listed(2, messaging_service_sid="MG0"),
            listed(3),
            listed(4, messaging_service_sid=SERVICE, direction="outbound-api"),
        ),
    )

    text = only_text(*recent(replace(ACCOUNT, sender=SERVICE)))
    assert (text.id, text.line) == (f"SM{1:032x}", "+97233724401")
    assert "To" not in asked(0)


@responses.activate
@pytest.mark.parametrize(("count", "pictures"), [("2", 2), ("0", 0), ("12", 10), (3, 3), (None, 0)])
def test_of_pictures_the_list_says_how_many(count: object, pictures: int) -> None:
    responses.get(MESSAGES, json=page(listed(body=None, num_media=count)))

    text = only_text(*recent())
    where = f"{MESSAGES.removesuffix('.json')}/SM{1:032x}/Media.json"
    assert (text.text, text.media) == ("", (Media(where, ""),) * pictures)


@responses.activate
@pytest.mark.parametrize(
    "dates",
    [
        {"date_sent": "Sun, 22 Nov 2026 11:00:00 +0200"},
        {"date_sent": "Sun, 22 Nov 2026 09:00:00 -0000"},
        {"date_sent": None, "date_created": "Sun, 22 Nov 2026 09:00:00 GMT"},
    ],
)
def test_a_listed_text_was_received_when_it_is_said_to_have_been(dates: dict[str, object]) -> None:
    responses.get(MESSAGES, json=page(listed(**dates)))

    assert only_text(*recent()).received_at == NOW


@responses.activate
@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([], "no answer to that: HTTP 200"),
        ({}, "the list of messages is none"),
        ({"messages": None}, "the list of messages is none"),
        ({"messages": {"sid": "SM1"}}, "the list of messages is none"),
        (page(listed(), "SM2"), "the list of messages is none"),
        (page(listed(sid=None)), "MessageSid is missing"),
        (page(listed(sid=7)), "a message of the list has a sid that is no string"),
        (page(listed(body=["שלום"])), "a message of the list has a body that is no string"),
        (page(listed(date_sent="yesterday")), "a message of the list has no date"),
        (page(listed(date_sent=None, date_created=None)), "a message of the list has no date"),
        (page(listed(), next_page_uri=7), "the address of the next page is none"),
        (page(listed(), next_page_uri="/"), "the address of the next page is none"),
        (page(listed(), next_page_uri="/?Page=\ud800"), "the address of the next page is none"),
    ],
)
def test_a_list_that_cannot_be_read_is_no_answer(said: object, why: str) -> None:
    responses.get(MESSAGES, json=said)

    assert recent() == [NoAnswer(why)]


@responses.activate
@pytest.mark.parametrize("body", ["", "<html>", "[" * 100_000, '{"messages": ', "\ud800"])
def test_what_is_no_json_is_no_answer(body: str) -> None:
    responses.get(MESSAGES, body=body.encode(errors="surrogatepass"))

    (said,) = recent()
    assert isinstance(said, NoAnswer)


@responses.activate
@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_a_list_that_is_refused_is_no_answer(status: int) -> None:
    responses.get(MESSAGES, json=page(listed()), status=status)

    (said,) = recent()
    assert isinstance(said, NoAnswer)
    assert f"HTTP {status}" in said.why


@responses.activate
def test_after_a_page_that_failed_there_are_none() -> None:
    more = f"/2010-04-01/Accounts/{SID}/Messages.json?Page=1"
    responses.get(MESSAGES, json=page(listed(), next_page_uri=more))
    responses.get(MESSAGES, body=requests.ReadTimeout("…"))

    assert recent()[1:] == [NoAnswer("could not ask: ReadTimeout")]


@given(spoiled(page(listed(), listed(2, num_media="1"), next_page_uri="/?Page=1&PageToken=PA1")))
@settings(deadline=None, max_examples=300)
def test_whatever_a_list_says_is_read_or_no_answer(said: bytes) -> None:
    with responses.RequestsMock() as answering:
        answering.get(MESSAGES, body=said)
        first = next(twilio.recent(ACCOUNT, NOW - DAY))
    if not isinstance(first, NoAnswer):
        assert all(goes_through_the_queue(each) for each in first)


@responses.activate
@pytest.mark.parametrize("messages", [None, "SM1", ["SM1"], {"sid": "SM1"}])
def test_a_text_is_not_looked_for_in_what_is_no_list(messages: object) -> None:
    responses.get(MESSAGES, json={"messages": messages})

    assert twilio.find(ACCOUNT, TEXT, CALLBACK) == CannotTell("the list of messages is none")


@responses.activate
@pytest.mark.parametrize(
    "date", ["Sun, 22 Nov 2026 09:00:00 -0000", "Sun, 22 Nov 2026 09:00:00 GMT"]
)
def test_a_text_is_found_whatever_zone_its_date_names(date: str) -> None:
    made = {"sid": "SM1", "from": LINE, "body": TEXT.text, "date_created": date}
    responses.get(MESSAGES, json=page(made))

    assert twilio.find(ACCOUNT, TEXT, CALLBACK) == Accepted("SM1")


def test_an_account_shows_no_secret() -> None:
    assert "token-that-nobody-may-see" not in f"{ACCOUNT!r} {ACCOUNT}"
    assert frozenset(ACCOUNT.credentials) == twilio.CREDENTIALS


def refused(stranger: Request) -> str:
    with pytest.raises(BadSignature) as refusal:
        twilio.verify(stranger, VECTORS)
    return str(refusal.value)


def test_a_refusal_says_what_is_wrong() -> None:
    signed = {"x-twilio-signature": "a9nBmqA0ju/hNViExpshrM61xv4="}
    query = f"foo=1&bar=2&bodySHA256={JSON_HASH}"

    assert refused(request(b"{}", signed, url=COMPANY)) == "the signature does not match"
    assert refused(request(b"{}", signed, url=COMPANY, query=query)) == (
        "the body is not the one that was signed"
    )


@pytest.mark.parametrize("user", ["kesher:words@", "kesher@home:words@", "kesher@"])
def test_the_user_in_a_url_stays_where_the_port_comes_and_goes(user: str) -> None:
    configured, signed = f"https://{user}mycompany.com/a", f"https://{user}mycompany.com:443/a"
    for here, there in ((configured, signed), (signed, configured)):
        headers = {"x-twilio-signature": signature(there, [("Body", "שלום")])}
        body = urlencode({"Body": "שלום"}).encode()
        twilio.verify(request(body, headers, url=here), VECTORS)


def test_of_a_field_the_first_equals_sign_divides() -> None:
    headers = {"x-twilio-signature": signature(COMPANY, [("Ab", "c=d"), ("Aa", "z")])}
    twilio.verify(request(b"Ab=c=d&Aa=z", headers, url=COMPANY), VECTORS)
    assert form_pairs(b"a=b=c&d&=e") == [(b"a", b"b=c"), (b"d", b""), (b"", b"e")]
