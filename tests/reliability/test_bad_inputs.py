"""Nothing that anybody can post to the public door breaks anything, or leaves anything behind that
should not be there."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesher.store.table import table
from kesher.wire import BODY_LIMIT, DEEPEST, LONGEST_NUMBER
from local import push, template
from local.gateway import HttpRequest, http_event
from local.machine import Machine
from tests.builders import ANY_TEXT, JSON
from tests.reliability import summary
from tests.reliability.heard import NAME, PHONE, TEXT, Heard
from tests.reliability.senders import PATHS, Post, resigned, signature_of, signed
from tests.reliability.spoiling import Payload, numbered, payloads, spoilt
from tests.reliability.stranger import Stranger

SENDERS = sorted(PATHS)
PLAIN = {"twilio": "text", "simulator": "text", "shopify": "orders_create", "generic": "confirmed"}
RECEIPT = f"{'0' * 32}-{'0' * 20}"


def always(examples: int) -> settings:
    """The same so many in every run."""
    return settings(max_examples=examples, derandomize=True, database=None, deadline=None)


def whole(sender: str) -> Payload:
    (found,) = (e for e in payloads() if (e.sender, e.name) == (sender, PLAIN[sender]))
    return found


def posted(sender: str, body: bytes, machine: Machine, **headers: str) -> Post:
    """Rightly signed."""
    return signed(sender, Post(PATHS[sender], body, headers), machine.clock.now())


def sent(payload: Payload, machine: Machine) -> Post:
    post = Post(PATHS[payload.sender], payload.body, payload.headers)
    return signed(payload.sender, post, machine.clock.now())


# --- rightly signed, and wrong ------------------------------------------------------------------------


@pytest.mark.parametrize("payload", payloads(), ids=str)
def test_anything_may_stand_in_any_field_of_any_real_body(
    stranger: Stranger, payload: Payload
) -> None:
    """Every fifth is an order or a text of its own; the others happen to one and the same."""
    for n, body in enumerate(spoilt(payload)):
        post = sent(replace(payload, body=numbered(body, 0 if n % 5 else n)), stranger.machine)
        assert stranger.posts(post) in {200, 204, 400, 413}


@pytest.mark.parametrize("sender", SENDERS)
def test_a_body_may_be_any_bytes(stranger: Stranger, sender: str) -> None:
    good = whole(sender).body
    cut = st.tuples(st.integers(0, len(good)), st.binary(max_size=8), st.integers(0, 8)).map(
        lambda each: good[: each[0]] + each[1] + good[each[0] + each[2] :]
    )
    json_of_any_shape = JSON.map(lambda each: json.dumps(each).encode())

    @always(250)
    @given(st.one_of(cut, st.binary(max_size=300), json_of_any_shape))
    def any_bytes(body: bytes) -> None:
        status = stranger.posts(posted(sender, body, stranger.machine))
        assert status in {200, 204, 400, 401}
        assert status != 401 or sender == "generic", "which signs text, and these were bytes"

    any_bytes()


@pytest.mark.parametrize("sender", ["simulator", "twilio"])
def test_a_receipt_may_be_about_anything(stranger: Stranger, sender: str) -> None:
    bodies = {"simulator": b'{"receipt": "delivered", "id": "1"}', "twilio": b"MessageStatus=sent"}
    odd = ["%00", "..", "%2F", "x" * 3000, "é", "'", '"', "#", "a b", "%", RECEIPT, RECEIPT + "0"]

    @always(200)
    @given(st.one_of(st.sampled_from(odd), ANY_TEXT))
    def anything(message: str) -> None:
        post = Post(f"{PATHS[sender]}/receipts/{message}", bodies[sender])
        status = stranger.posts(signed(sender, post, stranger.machine.clock.now()))
        assert status == 404 or message == RECEIPT

    anything()


def deep(levels: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    """An object of so many levels."""
    return b'{"id": ' + opening * (levels - 1) + b"1" + closing * (levels - 1) + b"}"


STRICT = {
    "NaN": b'{"id": NaN}',
    "infinity": b'{"id": -Infinity}',
    "more than any float": b'{"id": 1, "n": 1e999}',
    "a huge number": b'{"id": ' + b"1" * (LONGEST_NUMBER + 1) + b"}",
    "a number no machine reads": b'{"id": ' + b"1" * 60_000 + b"}",
    "a key twice": b'{"id": 1, "id": 1}',
    "a key twice within": b'{"id": 1, "in": [{"a": 1, "a": 2}]}',
    "UTF-16": '{"id": 1}'.encode("utf-16"),
    "UTF-32": '{"id": 1}'.encode("utf-32"),
    "Latin-1": '{"id": "é"}'.encode("latin-1"),
    "half a character": b'{"id": "\xed\xa0\x80"}',
    "overlong": b'{"id": "\xc0\x80"}',
    "a bare NUL": b'{"id": "\x00"}',
    "no quotes": b"{id: 1}",
    "one quote": b"{'id': 1}",
    "a comma too many": b'{"id": 1,}',
    "two of them": b'{"id": 1}{"id": 2}',
    "a comment": b'{"id": 1} // one',
    "nothing": b"",
    "blanks": b" \n\t",
    "a list": b'[{"id": 1}]',
    "a string": b'"id"',
    "null": b"null",
    "a bracket": b"[",
    **{f"{n} levels": deep(n) for n in (DEEPEST + 1, 100, 500, 995, 1000, 5000, 30_000)},
    "objects in objects": deep(900, b'{"a":', b"}"),
    "open for ever": b'{"id": ' + b"[" * 60_000,
}


@pytest.mark.parametrize("sender", ["simulator", "shopify", "generic"])
def test_what_is_no_strict_json_is_refused(stranger: Stranger, sender: str) -> None:
    for name, body in STRICT.items():
        as_text = sender == "generic" and not _is_text(body)
        status = stranger.posts(posted(sender, body, stranger.machine))
        assert status == (401 if as_text else 400), name


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_what_is_only_just_strict_is_taken(stranger: Stranger) -> None:
    for body in (deep(DEEPEST), b'{"id": 18446744073709551615}', b'\xef\xbb\xbf{"id": 1}'):
        post = posted("shopify", body, stranger.machine, **{"x-shopify-topic": "products/update"})
        assert stranger.posts(post) == 200


@pytest.mark.parametrize("sender", SENDERS)
def test_sixty_four_kilobytes_are_the_limit(stranger: Stranger, sender: str) -> None:
    good = whole(sender).body + (b"&Extra=" if sender == "twilio" else b"")
    for over in (-1, 0, 1, 1000, BODY_LIMIT, 10 * BODY_LIMIT):
        status = stranger.posts(posted(sender, good.ljust(BODY_LIMIT + over), stranger.machine))
        assert status == 413 if over > 0 else status in {200, 204}


# --- forged -------------------------------------------------------------------------------------------


def flipped(written: str) -> Iterator[str]:
    """Each with another character at one place, or without it."""
    for n, char in enumerate(written):
        yield written[:n] + chr(ord(char) ^ 1) + written[n + 1 :]
        yield written[:n] + written[n + 1 :]


NO_SIGNATURES = (
    *("", " ", "v1", "v1,", ",", "=", "%", "null", "é", "ש", "١٢", "\x00", "\ud800", "\u202e"),
    *("x" * 10_000, "A" * 27 + "=", "0" * 64, "v1," * 3000, "v1,x " * 2000, TEXT, NAME, PHONE),
)


@pytest.mark.parametrize("sender", SENDERS)
def test_a_signature_with_any_letter_changed_opens_nothing(stranger: Stranger, sender: str) -> None:
    good = sent(whole(sender), stranger.machine)
    right = signature_of(sender, good)
    for wrong in (*flipped(right), *NO_SIGNATURES, right.swapcase(), right * 2, f"x{right}"):
        assert stranger.posts(resigned(sender, good, wrong)) == 401


@pytest.mark.parametrize("sender", SENDERS)
def test_a_body_with_any_byte_changed_is_not_believed(stranger: Stranger, sender: str) -> None:
    good = sent(whole(sender), stranger.machine)
    for n, byte in enumerate(good.body):
        changed = good.body[:n] + bytes([byte ^ 1]) + good.body[n + 1 :]
        assert stranger.posts(replace(good, body=changed)) == 401


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp"])
def test_what_is_signed_beside_the_body_cannot_be_changed(stranger: Stranger, name: str) -> None:
    good = sent(whole("generic"), stranger.machine)
    for wrong in (*flipped(good.headers[name]), *NO_SIGNATURES, "1e9", "-1", "0", "9" * 11):
        assert stranger.posts(replace(good, headers={**good.headers, name: wrong})) == 401


@pytest.mark.parametrize("sender", SENDERS)
def test_a_url_with_any_letter_changed_leads_nowhere(stranger: Stranger, sender: str) -> None:
    good = sent(whole(sender), stranger.machine)
    for path in flipped(good.path):
        assert stranger.posts(replace(good, path=path)) == 404


def test_a_query_that_was_not_signed_is_not_believed(stranger: Stranger) -> None:
    good = sent(whole("twilio"), stranger.machine)
    for query in (
        "a=1",
        "=",
        "bodySHA256=",
        "bodySHA256=x",
        "bodySHA256=é",
        "&",
        "a=%ff",
        "\ud800",
    ):
        assert stranger.posts(replace(good, query=query)) == 401


@pytest.mark.parametrize("sender", SENDERS)
def test_a_signature_holds_for_its_own_shop_and_route(stranger: Stranger, sender: str) -> None:
    ours = stranger.machine.shop
    push.push(replace(ours, shop="kikar", channels=ours.channels[:1], platforms=ours.platforms[:1]))
    good = sent(whole(sender), stranger.machine)
    elsewhere = [path for path in PATHS.values() if path != good.path]
    for path in (*elsewhere, f"{PATHS['twilio']}/receipts/{RECEIPT}"):
        assert stranger.posts(replace(good, path=path)) == 401
    theirs = "whsec_" + base64.b64encode(b"the other shop's").decode()
    forged = signed(sender, Post(good.path, good.body), stranger.machine.clock.now(), theirs)
    assert stranger.posts(forged) == 401


def test_a_forgery_at_the_fallback_goes_no_further(stranger: Stranger) -> None:
    path = f"{PATHS['twilio']}/fallback"
    good = sent(whole("twilio"), stranger.machine)
    for wrong in (signature_of("twilio", good), *NO_SIGNATURES, *flipped("A" * 27 + "=")):
        stranger.posts(replace(resigned("twilio", good, wrong), path=path))
    for body in (b"", b"\xff", b"\x00", b"%%%=&&=%ff", b"x" * 300_000, b"\xed\xa0\x80" * 3000):
        stranger.posts(replace(good, path=path, body=body))
    for shop, channel in (("nobody", "twilio"), ("demo", "pigeon"), ("%00", '"'), ("..", "a b")):
        stranger.posts(replace(good, path=f"/hooks/{shop}/channels/{channel}/fallback"))


# --- odd requests -------------------------------------------------------------------------------------

ODD = (
    *(
        "%2F",
        "%2f..%2f",
        "..",
        ".",
        "%2e%2e",
        "%00",
        "\x00",
        "\n",
        "a\nb",
        "demo\n",
        "\ud800",
        "\ufffe",
    ),
    *(
        '"',
        "'",
        "\\",
        "`",
        "^",
        "#",
        "?",
        "&",
        ";",
        ":",
        "@",
        "a b",
        "+",
        "*",
        "{shop}",
        "<shop>",
        "$",
    ),
    *(
        "é",
        "שלום",
        "DEMO",
        "Demo",
        "demo ",
        " demo",
        "demo-",
        "-demo",
        "_",
        "__init__",
        "base",
        "os",
    ),
    *("x" * 41, "x" * 5000, "٣", "null", "0", "../../etc/passwd", "kesher.settings", "demo%20"),
)


@pytest.mark.parametrize(
    "route",
    [
        "/hooks/{}/channels/twilio",
        "/hooks/demo/channels/{}",
        "/hooks/{}/platforms/generic",
        "/hooks/demo/platforms/{}",
        "/hooks/{}/channels/twilio/receipts/x",
        "/hooks/demo/channels/{}/receipts/x",
        "/hooks/demo/channels/twilio/{}",
        "/hooks/demo/{}",
        "/{}",
    ],
)
def test_an_odd_path_leads_nowhere(stranger: Stranger, route: str) -> None:
    form = whole("twilio").body

    @always(80)
    @given(st.one_of(st.sampled_from(ODD), ANY_TEXT))
    def anywhere(part: str) -> None:
        post = Post(route.replace("{}", part), form)
        assert stranger.posts(post) == 404
        assert stranger.posts(signed("twilio", post, stranger.machine.clock.now())) == 404

    for part in ODD:
        assert stranger.posts(Post(route.replace("{}", part), form)) == 404
    anywhere()


@pytest.mark.parametrize("sender", SENDERS)
def test_a_method_of_no_route_leads_nowhere(stranger: Stranger, sender: str) -> None:
    good = sent(whole(sender), stranger.machine)
    for method in (
        "PUT",
        "PATCH",
        "DELETE",
        "HEAD",
        "OPTIONS",
        "TRACE",
        "CONNECT",
        "post",
        "",
        "é",
    ):
        assert stranger.posts(replace(good, method=method)) == 404
        assert stranger.posts(Post("/health", method=method)) == 404


@pytest.mark.parametrize("sender", ["simulator", "twilio"])
def test_any_query_may_come_by_get(stranger: Stranger, sender: str) -> None:
    @always(150)
    @given(st.one_of(ANY_TEXT, st.sampled_from([whole("twilio").body.decode(), "From=%ff&Body"])))
    def any_query(query: str) -> None:
        post = Post(PATHS[sender], method="GET", query=query)
        assert stranger.posts(post) == 401
        status = stranger.posts(signed(sender, post, stranger.machine.clock.now()))
        assert status in {200, 400}

    any_query()


KINDS = (
    *("", "text/plain", "text/html; charset=utf-16", "application/xml", "multipart/form-data"),
    *("image/png", "é", "x" * 9000, "application/json; charset=\x00", ";", "a/b/c"),
)
UNASKED = ("content-length", "host", "x-forwarded-host", "content-encoding", "cookie", "expect")


@pytest.mark.parametrize("sender", SENDERS)
def test_headers_that_nobody_asked_for_change_nothing(stranger: Stranger, sender: str) -> None:
    good = sent(whole(sender), stranger.machine)
    for kind in KINDS:
        assert stranger.posts(replace(good, headers={**good.headers, "content-type": kind})) < 300
    for name in UNASKED:
        for value in ("", "-1", "gzip", "evil.example", "\x00", "é" * 3000):
            assert stranger.posts(replace(good, headers={**good.headers, name: value})) < 300


def test_ids_in_headers_may_be_anything(stranger: Stranger) -> None:
    body = whole("shopify").body
    for value in (*NO_SIGNATURES, *ODD):
        for name in ("x-shopify-webhook-id", "shopify-event-id", "x-shopify-topic"):
            headers = {"x-shopify-topic": "orders/updated", name: value}
            assert stranger.posts(posted("shopify", body, stranger.machine, **headers)) in {
                200,
                400,
            }


@pytest.mark.parametrize("sender", SENDERS)
def test_an_event_that_api_gateway_would_not_make_is_refused(
    stranger: Stranger, sender: str
) -> None:
    good = sent(whole(sender), stranger.machine)
    request = HttpRequest("POST", good.path, "", dict(good.headers), good.body)
    cloud = template.read("")
    route = next(each for each in cloud.routes if each.pattern.match(good.path))
    match = route.pattern.match(good.path)
    assert match
    event = http_event(route, match, request, None)
    changes: list[dict[str, Any]] = [
        *({"isBase64Encoded": True, "body": body} for body in ("%%%", "A", "é", "QQ", "QQ=\n=")),
        *({"isBase64Encoded": False, "body": body} for body in ("", None, "\ud800", "x")),
        {"isBase64Encoded": True, "body": "A" * 4 * BODY_LIMIT},
        {"headers": {}},
        {"rawQueryString": "a=1", "headers": {"host": "evil.example"}},
    ]
    for change in changes:
        assert stranger.invokes(event | change) in {400, 401, 413}


# --- replayed -----------------------------------------------------------------------------------------


def kept(machine: Machine) -> tuple[list[tuple[str, str, str]], int]:
    """All that is stored, and how many texts the phones have got."""
    rows = sorted((row.pk, row.sk, row.body) for row in table().scan())
    return rows, sum(len(got) for got in machine.phones.got.values())


LATER = (timedelta(0), timedelta(minutes=6), timedelta(days=30))
"""At once; when no queue and no signature with a time in it knows it any more; a month on."""


def replayed(machine: Machine, post: Post) -> int:
    """The status of the answer; fails where anything is stored or told that was not before."""
    summary.counted("bad inputs")
    before = kept(machine)
    status = machine.world.http(post.method, post.path, post.headers, post.body).status
    machine.world.run()
    if kept(machine) != before:
        summary.harmed("doubled")
    assert kept(machine) == before
    return status


@pytest.mark.parametrize("payload", payloads(), ids=str)
def test_a_request_that_is_replayed_has_no_second_effect(
    stranger: Stranger, payload: Payload
) -> None:
    good = sent(payload, stranger.machine)
    first = stranger.posts(good)
    for later in LATER:
        stranger.world.advance(later)
        for _ in range(2):
            again = replayed(stranger.machine, good)
            assert again == (401 if payload.sender == "generic" and later else first)


def test_an_old_start_replayed_does_not_undo_a_stop(stranger: Stranger) -> None:
    form = b"MessageSid=SM%b&From=%%2B972541237654&Body=%b"
    start, stop = (
        posted("twilio", form % (word, word), stranger.machine) for word in (b"START", b"STOP")
    )
    for each in (start, stop):
        assert stranger.posts(each) == 200
    for later in LATER:
        stranger.world.advance(later)
        assert replayed(stranger.machine, start) == 200


# --- and the watch itself -----------------------------------------------------------------------------


def test_harm_would_be_seen(
    machine: Machine, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    harms: list[str] = []
    monkeypatch.setattr(summary, "harmed", harms.append)
    someone = Stranger(machine, heard)
    good = sent(whole("shopify"), machine)

    machine.world.before.append(_fails)
    with pytest.raises(AssertionError, match="500, GetParameterError"):
        someone.posts(good)
    machine.world.before.clear()
    assert someone.posts(good) == 200
    print(TEXT)
    with pytest.raises(AssertionError, match="somebody is named"):
        someone.leaves()
    assert harms == ["broken promises"] * 2


def _fails(call: object) -> None:
    raise Exception("as nobody foresaw")
