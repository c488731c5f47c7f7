"""How much was tried, and what broke: counted by the tests, printed at the end of a run."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, Literal

FLOORS: dict[str, int] = json.loads(
    (Path(__file__).parent / "floors.json").read_text(encoding="utf-8")
)
"""What a run of the whole suite must at least have tried, in the order it is printed."""

Harm = Literal["lost", "doubled", "broken promises"]
HARMS: tuple[Harm, ...] = ("lost", "doubled", "broken promises")

_counts: Counter[str] = Counter()
_notes: dict[str, str] = {}
_harms: Counter[Harm] = Counter()


def counted(what: str, n: int = 1, note: str = "") -> None:
    """So many more of `what` were tried. The note, if any, follows the number in brackets."""
    _counts[what] += n
    if note:
        _notes[what] = note


def harmed(harm: Harm, n: int = 1) -> None:
    """To be called before the test fails for it."""
    _harms[harm] += n


def told() -> dict[str, Any]:
    """What this process has counted, for the one that prints it."""
    return {"counts": dict(_counts), "notes": dict(_notes), "harms": dict(_harms)}


def heard(told: Any) -> None:
    """What another process has counted."""
    _counts.update(told["counts"])
    _notes.update(told["notes"])
    _harms.update(told["harms"])


def line() -> str:
    """One line for the terminal; empty where nothing was counted."""
    if not _counts:
        return ""
    names = [*FLOORS, *(each for each in _counts if each not in FLOORS)]
    tried = [_tried(each) for each in names if _counts[each]]
    broken = ", ".join(f"{_harms[each]} {each}" for each in HARMS)
    return "reliability: " + " | ".join([*tried, broken])


def below_floor() -> list[str]:
    """What a whole run tried less of than it must."""
    return [
        f"{name}: {_counts[name]:,}, the floor is {floor:,}"
        for name, floor in FLOORS.items()
        if _counts[name] < floor
    ]


def _tried(name: str) -> str:
    note = f" ({_notes[name]})" if name in _notes else ""
    return f"{name} {_counts[name]:,}{note}"
