"""`kesher redrive`, against what SQS is known to answer."""

from collections.abc import Iterator

import botocore.session
import pytest
from botocore.stub import Stubber
from typer.testing import CliRunner, Result

from kesher import sdk
from local import template
from local.cli import app
from local.cli.redrive import QUEUES

URL = "https://sqs.eu-central-1.amazonaws.com/123456789012/kesher-messages-dead.fifo"
ARN = "arn:aws:sqs:eu-central-1:123456789012:kesher-messages-dead.fifo"
SOURCE = "arn:aws:sqs:eu-central-1:123456789012:kesher-messages.fifo"


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    client = botocore.session.get_session().create_client(
        "sqs", region_name="eu-central-1", aws_access_key_id="-", aws_secret_access_key="-"
    )
    monkeypatch.setattr(sdk, "client", {"sqs": client}.get)
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


def found(sqs: Stubber, waiting: int, name: str = "kesher-messages-dead.fifo") -> None:
    sqs.add_response("get_queue_url", {"QueueUrl": URL}, {"QueueName": name})
    sqs.add_response(
        "get_queue_attributes",
        {"Attributes": {"QueueArn": ARN, "ApproximateNumberOfMessages": str(waiting)}},
        {"QueueUrl": URL, "AttributeNames": ["QueueArn", "ApproximateNumberOfMessages"]},
    )


def moved(sqs: Stubber) -> None:
    sqs.add_response(
        "start_message_move_task", {"TaskHandle": "t"}, {"SourceArn": ARN, "DestinationArn": SOURCE}
    )


def redrive(*arguments: str, answer: str | None = None) -> Result:
    wide = {"COLUMNS": "400", "NO_COLOR": "1"}
    return CliRunner().invoke(app, ["redrive", *arguments], input=answer, env=wide)


def test_dead_letters_go_back_once_it_is_confirmed(sqs: Stubber) -> None:
    found(sqs, 3)
    moved(sqs)

    done = redrive("messages", answer="y\n")

    assert done.exit_code == 0
    assert "Move about 3 dead letters of kesher-messages-dead.fifo back to messages?" in done.output
    assert "About 3 dead letters go back to messages." in done.output


def test_who_says_no_moves_nothing(sqs: Stubber) -> None:
    found(sqs, 1)

    done = redrive("messages", answer="n\n")

    assert done.exit_code == 1
    assert "about 1 dead letter of" in done.output


@pytest.mark.parametrize(("queue", "dead"), QUEUES.items())
def test_each_queue_of_any_stack_is_moved_without_asking(
    sqs: Stubber, queue: str, dead: str
) -> None:
    found(sqs, 2, f"shop-prod-{dead}")
    moved(sqs)

    done = redrive(queue, "--stack", "shop-prod", "--yes")

    assert done.exit_code == 0
    assert "Move about" not in done.output


def test_an_empty_queue_is_left_alone(sqs: Stubber) -> None:
    found(sqs, 0)

    done = redrive("messages")

    assert (done.exit_code, done.output) == (0, "kesher-messages-dead.fifo is empty.\n")


def test_an_unknown_queue_is_answered_with_the_known_ones() -> None:
    done = redrive("letters", "--yes")

    assert done.exit_code == 1
    assert "there is no queue 'letters'" in done.output
    assert (
        "The queues are messages, orders, surveys, escalations, outbox, receipts, fallback."
        in done.output
    )


def test_a_stack_that_is_not_there_is_named(sqs: Stubber) -> None:
    code = "AWS.SimpleQueueService.NonExistentQueue"
    sqs.add_client_error("get_queue_url", code, "no such queue", 400)

    done = redrive("messages", "--stack", "nowhere")

    assert done.exit_code == 1
    assert (
        "eu-central-1 has no queue nowhere-messages-dead.fifo of a stack 'nowhere'" in done.output
    )
    assert "--stack" in done.output


def test_a_queue_that_is_being_moved_already_says_how_to_follow_it(sqs: Stubber) -> None:
    found(sqs, 3)
    code = "AWS.SimpleQueueService.UnsupportedOperation"
    sqs.add_client_error("start_message_move_task", code, "a task is running", 400)

    done = redrive("messages", "--yes")

    assert done.exit_code == 1
    assert f"aws sqs list-message-move-tasks --source-arn {ARN}" in done.output


@pytest.mark.parametrize("code", ["AccessDenied", "ExpiredToken"])
def test_what_aws_refuses_is_told_in_its_own_words(sqs: Stubber, code: str) -> None:
    sqs.add_client_error("get_queue_url", code, "its own words", 403)

    done = redrive("messages")

    assert done.exit_code == 1
    assert "Nothing moved: " in done.output
    assert "its own words" in done.output
    assert "AWS_DEFAULT_REGION" in done.output


def test_without_a_region_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setattr(sdk, "client", botocore.session.get_session().create_client)

    done = redrive("messages")

    assert done.exit_code == 1
    assert "You must specify a region" in done.output
    assert "Set AWS_DEFAULT_REGION and AWS credentials" in done.output


def test_the_region_it_asks_for_is_the_one_that_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore does not read AWS_REGION."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "il-central-1")
    client = botocore.session.get_session().create_client("sqs")
    assert client.meta.region_name == "il-central-1"


def test_without_credentials_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setattr(sdk, "client", botocore.session.get_session().create_client)

    done = redrive("messages")

    assert done.exit_code == 1
    assert "Unable to locate credentials" in done.output
    assert "Set AWS_DEFAULT_REGION and AWS credentials" in done.output


def test_the_queues_are_those_of_the_template() -> None:
    queues = template.read("-").queues.values()
    worked = {each.label.removesuffix(".fifo") for each in queues if each.dead_letters}

    assert worked == set(QUEUES)
    assert {each.label for each in queues if not each.dead_letters} == set(QUEUES.values())
