"""What a shop file is complained about with."""

from dataclasses import dataclass

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """What is wrong, where, and how to mend it."""

    where: Path_
    what: str
    mend: str
