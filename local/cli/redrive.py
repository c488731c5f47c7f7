"""`kesher redrive`."""

from typing import Annotated, Any

import typer
from botocore.exceptions import ClientError

from kesher import sdk
from local.cli.console import give_up, on_aws, out

QUEUES = {
    "messages": "messages-dead.fifo",
    "orders": "orders-dead.fifo",
    "surveys": "surveys-dead.fifo",
    "escalations": "escalations-dead.fifo",
    "outbox": "outbox-dead.fifo",
    "receipts": "receipts-dead",
    "fallback": "fallback-dead",
}
"""Queue to its dead letters, as `template.yaml` names them after the stack."""


def redrive(
    queue: Annotated[str, typer.Argument(help=f"One of {', '.join(QUEUES)}.")],
    stack: Annotated[str, typer.Option(help="The stack's name.", envvar="STACK")] = "kesher",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Moves a queue's dead letters back to where they came from, to be worked on again."""
    if queue not in QUEUES:
        known = ", ".join(QUEUES)
        give_up("Nothing moved:", f"there is no queue {queue!r}.", f"The queues are {known}.")
    name = f"{stack}-{QUEUES[queue]}"
    needs = "call sqs:GetQueueAttributes and sqs:StartMessageMoveTask, and receive, delete and send"
    with on_aws("Nothing moved:", needs):
        sqs = sdk.client("sqs")
        arn, waiting = _dead_letters(sqs, name, stack)
        if not waiting:
            out.print(f"{name} is empty.")
            return
        letters = "1 dead letter" if waiting == 1 else f"{waiting} dead letters"
        if not yes:
            typer.confirm(f"Move about {letters} of {name} back to {queue}?", abort=True)
        _start(sqs, arn, name)
    out.print(f"[green]About {letters} go back to {queue}.[/] What fails again returns to {name}.")


def _dead_letters(sqs: Any, name: str, stack: str) -> tuple[str, int]:
    """The queue's ARN and about how many lie in it."""
    try:
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    except ClientError as error:
        if "NonExistentQueue" in _code(error) or "QueueDoesNotExist" in _code(error):
            mend = "Name the stack with --stack, and its region with AWS_DEFAULT_REGION."
            region = sqs.meta.region_name
            give_up("Nothing moved:", f"{region} has no queue {name} of a stack {stack!r}.", mend)
        raise
    names = ["QueueArn", "ApproximateNumberOfMessages"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return found["QueueArn"], int(found["ApproximateNumberOfMessages"])


def _start(sqs: Any, arn: str, name: str) -> None:
    """The destination is named: what a room has set aside itself has no source that SQS knows of."""
    try:
        sqs.start_message_move_task(SourceArn=arn, DestinationArn="".join(arn.rsplit("-dead", 1)))
    except ClientError as error:
        if "UnsupportedOperation" not in _code(error):
            raise
        mend = f"See how far it is: aws sqs list-message-move-tasks --source-arn {arn}"
        give_up("Nothing moved:", f"{name} is being moved already: {error}.", mend)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
