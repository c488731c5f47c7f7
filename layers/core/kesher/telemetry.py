"""Logs and metrics. What a customer wrote and the number they wrote from are in neither."""

from aws_lambda_powertools import Logger, Metrics

logger = Logger(service="kesher", log_uncaught_exceptions=False)
metrics = Metrics(namespace="Kesher", service="kesher")
