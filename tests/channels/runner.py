"""What the tests of every channel share: a provider on this machine, which answers as told or
breaks as told, and the checks that no send may fail."""

import json
import re
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Literal

import pytest
from hypothesis import strategies as st

from kesher.channels import base
from kesher.channels.base import Account, Sender
from kesher.domain.message import Outbound
from kesher.domain.outbox import SendResult
from kesher.wire import Request
from tests.builders import ANY_TEXT, LINE, NOA, NOW

PAYLOADS = Path(__file__).parent.parent / "payloads"
PUBLIC = "https://kesher.keshet.example"
CALLBACK = f"{PUBLIC}/hooks/keshet/channels/twilio/receipts/9f5b13ed-75e5"
TEXT = Outbound(
    id="9f5b13ed-75e5",
    shop="keshet",
    customer="9f5b13ed",
    channel="twilio",
    line=LINE,
    address=NOA,
    text="ההזמנה \u200e#1042 בדרך & 100% שמחה 🎁+\nhttps://cheetah.example/t?a=1",
    message_class="informational",
    at=NOW,
    valid_until=NOW,
    encoding="UCS-2",
    parts=1,
)

Breakage = Literal["refuses", "stalls", "resets", "stops midway", "speaks no TLS"]


def http(status: int, body: object = "", **headers: str) -> bytes:
    """A whole answer as it stands on the wire."""
    content = body if isinstance(body, str) else json.dumps(body)
    lines = [f"HTTP/1.1 {status} Whatever", "Connection: close"]
    lines += [f"Content-Length: {len(content.encode())}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", content]).encode("latin-1")


def label(value: object) -> str:
    """A case's name: what the provider does, and what a send makes of it."""
    if not isinstance(value, bytes):
        return value if isinstance(value, str) else type(value).__name__
    head, _, content = value.decode("latin-1").partition("\r\n\r\n")
    code = re.search(r"\d{5}", content)
    wait = re.search("Retry-After: (.{1,5})", head)
    named = (head.split()[1], code and code[0], wait and f"wait {wait[1]}", content[:1])
    return " ".join(each for each in named if each).strip()


@dataclass
class Provider:
    """Listens on this machine and keeps what it was asked."""

    does: bytes | Breakage
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    closed: Event = field(default_factory=Event)
    url: str = ""

    def serve(self, server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                self.answer(connection)

    def answer(self, connection: socket.socket) -> None:
        if self.does == "speaks no TLS":
            connection.recv(65536)
            connection.sendall(b"what is this?\r\n")
            return
        self.heard.append(_request(connection))
        if isinstance(self.does, bytes):
            connection.sendall(self.does)
        elif self.does == "stops midway":
            connection.sendall(http(201, {"sid": "SM1"})[:-5])
        elif self.does == "resets":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif self.does == "stalls":
            self.closed.wait(5)


def _request(connection: socket.socket) -> tuple[str, dict[str, str], bytes]:
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += connection.recv(65536)
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    return first, headers, body


@contextmanager
def provider(does: bytes | Breakage) -> Iterator[Provider]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        scheme = "https" if does == "speaks no TLS" else "http"
        it = Provider(does, url=f"{scheme}://127.0.0.1:{server.getsockname()[1]}")
        if does == "refuses":
            server.close()
            yield it
            return
        thread = Thread(target=it.serve, args=(server,), daemon=True)
        thread.start()
        yield it
        it.closed.set()
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def attempt(
    adapter: Sender,
    account: Account,
    does: bytes | Breakage,
    monkeypatch: pytest.MonkeyPatch,
    message: Outbound = TEXT,
) -> tuple[SendResult, Provider]:
    """One send to a provider that does so; checked for what holds of all of them."""
    monkeypatch.setattr(base, "TIMEOUT", (1.0, 0.3))
    with provider(does) as it:
        mine = Account(**{**vars(account), "base_url": it.url})
        result = adapter.send(mine, message, CALLBACK)
    assert len(it.heard) == (0 if does in {"refuses", "speaks no TLS"} else 1), "one call, one only"
    for secret in account.credentials.values():
        for shown in (result, mine, adapter):
            assert secret not in repr(shown)
            assert secret not in str(shown)
    return result, it


def request(
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "POST",
    url: str = f"{PUBLIC}/hooks/keshet/channels/twilio",
    query: str = "",
) -> Request:
    return Request(method, url, query, headers or {}, body)


def payload(name: str) -> bytes:
    return (PAYLOADS / name).read_bytes()


def any_request(
    *headers: str, body: st.SearchStrategy[bytes] | None = None
) -> st.SearchStrategy[Request]:
    """Anything a stranger may send to the public door."""
    return st.builds(
        Request,
        st.sampled_from(["POST", "GET"]),
        ANY_TEXT.map(lambda path: f"{PUBLIC}/{path}"),
        st.one_of(
            ANY_TEXT, st.sampled_from(["bodySHA256=", "bodySHA256=x", "bodySHA256=é", "a=%ff"])
        ),
        st.dictionaries(
            st.sampled_from(headers),
            st.one_of(
                ANY_TEXT, st.sampled_from(["", " ", "v1,", "v1", "1614265330", "é", "x" * 5000])
            ),
        ),
        st.binary(),
    )
