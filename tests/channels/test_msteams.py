"""A workflow of Microsoft Teams: the card that is posted, and what its answers mean."""

import json
from dataclasses import replace

import pytest

from kesher.channels import msteams
from kesher.channels.base import Account
from kesher.domain.outbox import Accepted, NoAnswer, NotAccepted, Refused, SendResult
from tests.channels.runner import TEXT, attempt, http, label
from tests.channels.runner import Breakage as Breaks

SECRET = "https://prod-1.logic.azure.example/workflows/7/run?api-version=1&sig=a-secret-in-a-query"
ACCOUNT = Account("keshet", "IL", "msteams", "Care", None, {"webhook": SECRET})
LINK = "https://kesher.keshet.example/desk/9f5b13ed"
ALERT = replace(
    TEXT, channel="msteams", text=f'Zayit: Noa is angry.\n"[thieves](https://evil.example)"\n{LINK}'
)


@pytest.mark.parametrize(
    ("does", "result"),
    [
        (http(202), Accepted(ALERT.id, known="sent")),
        (http(200, "1"), Accepted(ALERT.id, known="sent")),
        (http(400, {"error": {"code": "WorkflowTriggerIsNotEnabled"}}), Refused("HTTP 400")),
        (http(401), Refused("HTTP 401")),
        (http(404), Refused("HTTP 404")),
        (http(429), NotAccepted("throttled")),
        (http(502), NoAnswer("the provider failed: HTTP 502")),
        ("refuses", NotAccepted("could not connect: NewConnectionError")),
        ("stalls", NoAnswer("no answer: ReadTimeout")),
    ],
    ids=label,
)
def test_what_an_answer_means(
    does: bytes | Breaks, result: SendResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, _ = attempt(msteams, ACCOUNT, does, monkeypatch, ALERT)
    assert said == result


def test_the_card_has_a_button_for_our_link_and_none_for_a_customers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, provider = attempt(msteams, ACCOUNT, http(202), monkeypatch, ALERT)
    ((first, _, body),) = provider.heard
    posted = json.loads(body)
    (attachment,) = posted["attachments"]

    assert first == "POST /workflows/7/run?api-version=1&sig=a-secret-in-a-query HTTP/1.1"
    assert posted["type"] == "message"
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert attachment["content"] == {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": "Zayit: Noa is angry.", "wrap": True},
            {
                "type": "TextBlock",
                "text": '"\\[thieves\\]\\(https://evil.example\\)"',
                "wrap": True,
            },
        ],
        "actions": [
            {
                "type": "Action.OpenUrl",
                "title": "kesher.keshet.example",
                "url": LINK,
            }
        ],
    }
