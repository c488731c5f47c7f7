"""Every quarter of an hour: customers' texts that only their providers have are put on their queue."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher import instant, queues, shops, store, sweep
from kesher.settings import at_start
from kesher.telemetry import logger, metrics

at_start(store.connect, queues.connect, shops.connect)


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001
    for swept in sweep.sweep(instant.now(), context.get_remaining_time_in_millis):
        logger.info("swept", extra=asdict(swept))
        metrics.add_metric(name="Recovered", unit="Count", value=swept.recovered)
        metrics.add_metric(name="NotSwept", unit="Count", value=int(swept.trouble is not None))
