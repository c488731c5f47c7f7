"""Slack's incoming webhook: what is posted, and what its answers mean."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kesher.channels import slack
from kesher.channels.base import Account
from kesher.domain.outbox import Accepted, NoAnswer, NotAccepted, Refused, SendResult
from tests.channels.runner import TEXT, attempt, http, label
from tests.channels.runner import Breakage as Breaks

SECRET = "https://hooks.slack.example/services/T00000000/B00000000/a-secret-in-a-path"
ACCOUNT = Account("keshet", "IL", "slack", "#care", None, {"webhook": SECRET})
ALERT = replace(
    TEXT, channel="slack", text="Zayit: נועה is angry.\n<!channel> & co\nhttps://a.b/?c=1&d"
)


@pytest.mark.parametrize(
    ("does", "result"),
    [
        (http(200, "ok"), Accepted(ALERT.id, known="delivered")),
        (http(400, "invalid_payload"), Refused("HTTP 400 invalid_payload")),
        (http(403, "action_prohibited"), Refused("HTTP 403 action_prohibited")),
        (http(404, "no_service"), Refused("HTTP 404 no_service")),
        (http(410, "channel_is_archived"), Refused("HTTP 410 channel_is_archived")),
        (http(302, "", Location="https://elsewhere.example"), Refused("HTTP 302")),
        (
            http(429, "rate_limited", Retry_After="30"),
            NotAccepted("throttled", timedelta(seconds=30)),
        ),
        (http(500, "rollup_error"), NoAnswer("the provider failed: HTTP 500")),
        ("refuses", NotAccepted("could not connect: NewConnectionError")),
        ("stalls", NoAnswer("no answer: ReadTimeout")),
        ("resets", NoAnswer("the connection broke before the answer")),
    ],
    ids=label,
)
def test_what_an_answer_means(
    does: bytes | Breaks, result: SendResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, _ = attempt(slack, ACCOUNT, does, monkeypatch, ALERT)
    assert said == result


def test_nobody_writes_markup_into_our_room(monkeypatch: pytest.MonkeyPatch) -> None:
    _, provider = attempt(slack, ACCOUNT, http(200, "ok"), monkeypatch, ALERT)
    ((first, headers, body),) = provider.heard

    assert first == "POST /services/T00000000/B00000000/a-secret-in-a-path HTTP/1.1"
    assert headers["content-type"] == "application/json"
    assert body.decode() == (
        '{"text": "Zayit: \\u05e0\\u05d5\\u05e2\\u05d4 is angry.\\n&lt;!channel&gt; &amp; co'
        '\\nhttps://a.b/?c=1&amp;d"}'
    )
