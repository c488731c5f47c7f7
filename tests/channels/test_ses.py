"""Amazon SES: the mail that is asked for, once, and what its answers mean."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import botocore.client
import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from kesher import sdk
from kesher.channels import ses
from kesher.channels.base import Account
from kesher.domain.outbox import Accepted, NoAnswer, NotAccepted, Refused, SendResult
from tests.channels.runner import TEXT

ACCOUNT = Account("keshet", "IL", "ses", "Keshet <alerts@keshet.example>", None, {})
ALERT = replace(
    TEXT, channel="ses", address="dana@keshet.example", text="קשת: נועה ממתינה.\nhttps://a.b/c"
)
Calls = list[dict[str, Any]]


def sent(monkeypatch: pytest.MonkeyPatch, answer: Callable[[], Any]) -> tuple[SendResult, Calls]:
    calls: Calls = []

    def api(client: Any, operation: str, params: dict[str, Any]) -> Any:
        calls.append({"operation": operation} | params)
        return answer()

    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", api)
    sdk.unrepeated.cache_clear()
    return ses.send(ACCOUNT, ALERT, "https://kesher.example/receipts/1"), calls


def test_a_mail_has_its_first_line_for_a_subject(monkeypatch: pytest.MonkeyPatch) -> None:
    result, calls = sent(monkeypatch, lambda: {"MessageId": "0100018f-1"})

    assert result == Accepted("0100018f-1", known="sent")
    assert calls == [
        {
            "operation": "SendEmail",
            "FromEmailAddress": "Keshet <alerts@keshet.example>",
            "Destination": {"ToAddresses": ["dana@keshet.example"]},
            "Content": {
                "Simple": {
                    "Subject": {"Data": "קשת: נועה ממתינה.", "Charset": "UTF-8"},
                    "Body": {
                        "Text": {"Data": "קשת: נועה ממתינה.\nhttps://a.b/c", "Charset": "UTF-8"}
                    },
                }
            },
        }
    ]


def refusing(code: str, status: int) -> Callable[[], Any]:
    def refuse() -> Any:
        said: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
        raise ClientError(said, "SendEmail")

    return refuse


@pytest.mark.parametrize(
    ("code", "status", "result"),
    [
        ("MessageRejected", 400, Refused("MessageRejected")),
        ("MailFromDomainNotVerifiedException", 400, Refused("MailFromDomainNotVerifiedException")),
        ("AccountSuspendedException", 400, Refused("AccountSuspendedException")),
        ("BadRequestException", 400, Refused("BadRequestException")),
        ("NotFoundException", 404, Refused("NotFoundException")),
        ("TooManyRequestsException", 429, NotAccepted("TooManyRequestsException")),
        ("LimitExceededException", 400, NotAccepted("LimitExceededException")),
        ("SendingPausedException", 400, NotAccepted("SendingPausedException")),
        ("AccessDeniedException", 403, NotAccepted("AccessDeniedException")),
        ("InternalFailure", 500, NoAnswer("InternalFailure")),
    ],
)
def test_what_a_refusal_means(
    code: str, status: int, result: SendResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, calls = sent(monkeypatch, refusing(code, status))
    assert (said, len(calls)) == (result, 1)


URL = "https://email.eu-central-1.amazonaws.com"


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (
            EndpointConnectionError(endpoint_url=URL),
            NotAccepted("could not connect: EndpointConnectionError"),
        ),
        (
            ConnectTimeoutError(endpoint_url=URL),
            NotAccepted("could not connect: ConnectTimeoutError"),
        ),
        (ReadTimeoutError(endpoint_url=URL), NoAnswer("no answer: ReadTimeoutError")),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_no_answer_means(
    error: Exception, result: SendResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> Any:
        raise error

    assert sent(monkeypatch, fail)[0] == result


def test_the_sdk_does_not_ask_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    sdk.unrepeated.cache_clear()
    retries = sdk.unrepeated("sesv2").meta.config.retries
    assert retries["total_max_attempts"] == 1
