"""Every minute: what has fallen due goes to the queue of its room, which looks at it anew."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import instant, queues, store
from kesher.settings import at_start
from kesher.telemetry import metrics

at_start(store.connect, queues.connect)


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001
    for due in store.due(instant.now()):
        queues.send(due)
        metrics.add_metric(name="Due", unit="Count", value=1)
