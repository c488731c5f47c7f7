"""What `docs/` publishes is what the code has."""

import json

import pytest

from local.schemas import schemas
from tests.house.sources import ROOT


@pytest.mark.parametrize("name", schemas())
def test_a_published_schema_is_the_one_in_force(name: str) -> None:
    published = json.loads((ROOT / "docs" / name).read_text(encoding="utf-8"))
    assert schemas()[name] == published, "run: make schema"


def test_the_layer_is_built_from_the_lock() -> None:
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    for line in (ROOT / "layers" / "deps" / "requirements.txt").read_text().splitlines():
        if "==" in line:
            name, version = line.split(" ")[0].split("==")
            assert f'name = "{name}"\nversion = "{version}"' in lock, "run: make lock"
