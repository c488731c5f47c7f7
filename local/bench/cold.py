"""Cold starts: the CPU of a fresh process that imports a room and makes its clients, against a fresh
process that imports botocore and makes the same clients."""

import os
import statistics
import subprocess
import sys

from local import template
from local.template import ROOT

COLD_RUNS = 15
CLIENTS = {
    "inbound": ("sqs", "ssm"),
    "fallback": ("sqs", "ssm"),
    "converse": ("dynamodb", "sqs"),
    "notify": ("dynamodb", "sqs"),
    "send": ("dynamodb",),
    "receipt": ("dynamodb",),
    "survey": ("dynamodb", "sqs"),
    "escalate": ("dynamodb", "sqs"),
    "clock": ("dynamodb", "sqs"),
    "sweep": ("dynamodb", "sqs", "ssm"),
    "summary": ("dynamodb",),
    "desk": ("dynamodb", "sqs"),
}

_BARE = """
import botocore.session
session = botocore.session.get_session()
for service in {clients!r}:
    session.create_client(service)
"""
_ROOM = "import functions.{room}.app"
"""On Lambda, as the environment says, importing a room makes its clients."""


def cold_start(room: str) -> tuple[float, float]:
    """Median CPU milliseconds of the room's start and of the bare one's, taken in turns."""
    clients = CLIENTS[room]
    ours, bare = [], []
    for _ in range(COLD_RUNS):
        ours.append(_cpu_of(_ROOM.format(room=room)))
        bare.append(_cpu_of(_BARE.format(clients=clients)))
    return statistics.median(ours), statistics.median(bare)


def _cpu_of(program: str) -> float:
    variables = {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "x"}
    variables |= {"AWS_SECRET_ACCESS_KEY": "x", "AWS_LAMBDA_FUNCTION_NAME": "bench"}
    before = os.times()
    program_of = [sys.executable, "-c", program]
    subprocess.run(program_of, check=True, cwd=ROOT, env=_environment() | variables)
    after = os.times()
    user, system = (
        after.children_user - before.children_user,
        after.children_system - before.children_system,
    )
    return (user + system) * 1000


def _environment() -> dict[str, str]:
    """Any room's, since all have what another has, and with bytecode as in a layer."""
    rooms = template.read("https://bench.example").functions.values()
    named = {name: value for room in rooms for name, value in room.environment.items()}
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | named
