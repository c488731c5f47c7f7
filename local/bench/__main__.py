"""The page that `make bench` prints."""

import os
import platform

from rich.console import Console
from rich.table import Table

from local.bench.cold import CLIENTS, cold_start
from local.bench.cpu import Cpu, cpu
from local.bench.desk import TEXTS, WAITING, opened, package_bytes, pages_bytes
from local.bench.happenings import HAPPENINGS, Happening, requests


def main() -> None:
    out = Console(width=100)
    out.print(f"Python {platform.python_version()}, {os.cpu_count()} cores\n")
    for happening in HAPPENINGS:
        _print_requests(out, happening)
    _print_desk(out)
    for happening in HAPPENINGS:
        _print_cpu(out, happening)
    _print_cold_starts(out)


def _print_requests(out: Console, happening: Happening) -> None:
    calls, read, written = requests(happening)
    title = f"What {happening.name} costs"
    table = Table("room", "calls", "read units", "write units", title=title, box=None)
    for room in (*happening.rooms, "receipt"):
        made = [f"{n} x {name}" for (where, name), n in calls.items() if where == room]
        table.add_row(
            room, "\n".join(made), f"{read[room]:g}" if read[room] else "", str(written[room] or "")
        )
    out.print(table, "")


def _print_desk(out: Console) -> None:
    title = f"The desk, with {WAITING:,} waiting and {TEXTS} texts in a thread"
    table = Table("page", "calls", "read units", "kB of HTML", title=title, box=None)
    for each in opened():
        made = "\n".join(f"{n} x {name}" for name, n in each.calls.items())
        table.add_row(each.name, made, f"{each.read_units:g}", f"{each.bytes / 1000:.0f}")
    out.print(table)
    beyond, within = package_bytes() / 1000, pages_bytes() / 1000
    out.print(f"Its package: {beyond:.0f} kB beyond the layers, {within:.0f} kB within them.\n")


def _print_cpu(out: Console, happening: Happening) -> None:
    title = f"CPU of {happening.name}, milliseconds an invocation"
    table = Table("room", "its own", "the SDK's", "ratio", title=title, box=None)
    spent = cpu(happening)
    whole = Cpu(sum(c.handler for c in spent.values()), sum(c.sdk for c in spent.values()))
    for room, each in (spent | {"all": whole}).items():
        table.add_row(
            room, f"{each.handler:.2f}", f"{each.sdk:.2f}", f"{each.handler / each.sdk:.2f}"
        )
    out.print(table, "")


def _print_cold_starts(out: Console) -> None:
    title = "Cold start, milliseconds of CPU"
    table = Table("room", "room", "botocore and the same clients", "ratio", title=title, box=None)
    for room in CLIENTS:
        ours, bare = cold_start(room)
        table.add_row(room, f"{ours:.0f}", f"{bare:.0f}", f"{ours / bare:.2f}")
    out.print(table)


if __name__ == "__main__":
    main()
