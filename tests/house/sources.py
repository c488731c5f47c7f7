"""The source files, parsed once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KESHER = ROOT / "layers" / "core" / "kesher"
FUNCTIONS = ROOT / "functions"


@dataclass(frozen=True)
class Source:
    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    def imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module or "."


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    files = sorted([*KESHER.rglob("*.py"), *FUNCTIONS.rglob("*.py")])
    read = ((file, file.read_text(encoding="utf-8")) for file in files)
    return tuple(Source(file, text, ast.parse(text)) for file, text in read)


def under(folder: Path) -> list[Source]:
    return [each for each in sources() if each.path.is_relative_to(folder)]
