"""The shape of a channel. One provider, one file, the same order inside: what it is and when its
pages were last read, its table of statuses and codes, `verify`, `parse`, `answer`, `send`, `find`,
`recent`, helpers. One that carries alerts only has `send` alone.
"""

import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import requests
import urllib3

from kesher.domain.message import Outbound, ReceiptReceived, TextReceived
from kesher.domain.outbox import CannotTell, FindResult, NoAnswer, NotAccepted, SendResult
from kesher.wire import Request

TIMEOUT = (3.05, 10.0)
"""Seconds to connect and to answer; a send ends well before the function and its lease do."""


@dataclass(frozen=True)
class Account:
    """One shop's account with a provider, its secrets resolved."""

    shop: str
    country: str
    kind: str
    sender: str
    base_url: str | None
    credentials: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """What a provider expects to hear."""

    status: int = 200
    content_type: str = "text/plain"
    body: str = ""


Event = TextReceived | ReceiptReceived
Page = tuple[TextReceived, ...] | NoAnswer
"""Some of the texts a provider lists, or why it could not be asked for more."""


class Sender(Protocol):
    @property
    def CREDENTIALS(self) -> frozenset[str]:  # noqa: N802
        """The secrets a shop must give."""

    def send(self, account: Account, message: Outbound, callback: str) -> SendResult:
        """One call, never repeated in here. `callback` is where receipts are to go."""


class Adapter(Sender, Protocol):
    def verify(self, request: Request, account: Account) -> None:
        """Raises BadSignature unless the provider has sent this."""

    def parse(
        self, request: Request, account: Account, now: datetime, message: str | None = None
    ) -> tuple[Event, ...]:
        """What a verified request says, which may be nothing; raises Unreadable. `message` is our
        own id, where the URL carried it."""

    def answer(self, request: Request) -> Answer:
        """Once everything the request says is safe."""

    def find(self, account: Account, message: Outbound, callback: str) -> FindResult:
        """Whether the provider has this text, whose send was never answered."""

    def recent(self, account: Account, since: datetime) -> Iterator[Page]:
        """The texts that customers sent to this account since then, each as `parse` would have read
        its webhook, but received when the provider says it was. Older ones may be among them. A page
        is asked for when it is wanted; after a NoAnswer there are none."""


def webhook(account: Account) -> str:
    """The secret address of a room; on another host where the shop file says so."""
    address = account.credentials["webhook"]
    if not account.base_url:
        return address
    parts = urlsplit(address)
    return account.base_url.rstrip("/") + urlunsplit(("", "", parts.path, parts.query, ""))


_session = requests.Session()
_session.trust_env = False
"""Neither a .netrc's credentials nor a proxy of the environment; looking for both at each call also
costs more CPU than the call itself."""
_session.headers["Connection"] = "close"
"""A frozen Lambda's connection may be dead when it wakes, and a text lost on it would be `unknown`."""
_session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
"""Nothing of one shop's calls goes with another's."""


def post(
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    json: object = None,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> requests.Response | NotAccepted | NoAnswer:
    """One POST, and what its failure means: before anything was sent the provider certainly does
    not have it; after that it may."""
    try:
        response = _session.post(
            url,
            data=form,
            json=json,
            headers=headers,
            auth=auth,
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        return _broken(error)
    return _refused_for_now(response) or response


def get(
    url: str,
    *,
    query: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> dict[str, Any] | NoAnswer | CannotTell:
    """One GET of a JSON object. A provider that is down is one thing, and one that refuses to say,
    another: it will refuse again."""
    try:
        response = _session.get(
            url, params=query, headers=headers, auth=auth, timeout=TIMEOUT, allow_redirects=False
        )
        down = response.status_code == 429 or response.status_code >= 500
        said = response.json() if response.status_code == 200 else None
    except (requests.RequestException, RecursionError) as error:
        return NoAnswer(f"could not ask: {type(error).__name__}")
    if down:
        return NoAnswer(f"could not ask: HTTP {response.status_code}")
    if not isinstance(said, dict):
        return CannotTell(f"no answer to that: HTTP {response.status_code}")
    return said


_NEVER_LEFT = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    ssl.SSLCertVerificationError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NewConnectionError,
)


def _broken(error: BaseException) -> NotAccepted | NoAnswer:
    """What is behind the failure tells a connection that was never made from one that broke."""
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, _NEVER_LEFT):
            return NotAccepted(f"could not connect: {type(cause).__name__}")
        cause = cause.__cause__ or cause.__context__
    if type(error) is requests.ConnectionError:
        return NoAnswer("the connection broke before the answer")
    return NoAnswer(f"no answer: {type(error).__name__}")


def _refused_for_now(response: requests.Response) -> NotAccepted | NoAnswer | None:
    if response.status_code == 429:
        seconds = re.fullmatch("[0-9]{1,6}", response.headers.get("Retry-After", ""))
        wait = timedelta(seconds=int(seconds[0])) if seconds else None
        return NotAccepted("throttled", retry_after=wait)
    if response.status_code >= 500:
        return NoAnswer(f"the provider failed: HTTP {response.status_code}")
    return None
