"""Logs and metrics. What a customer wrote and the number they wrote from are in neither."""

import warnings

from aws_lambda_powertools import Logger, Metrics

warnings.filterwarnings("ignore", "No application metrics to publish")

logger = Logger(service="kesher", log_uncaught_exceptions=False)
metrics = Metrics(namespace="Kesher", service="kesher")
