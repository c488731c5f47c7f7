"""Writes the JSON Schemas and the OpenAPI document that `docs/` publishes: `python -m local.schemas`."""

import json
from typing import Any

import pydantic

from kesher import desk
from kesher.desk import openapi as desk_openapi
from kesher.platforms import generic
from local import openapi, shopfile
from local.template import ROOT


def schemas() -> dict[str, dict[str, Any]]:
    """File name in `docs/` to its schema."""
    event = pydantic.TypeAdapter(generic.CloudEvent).json_schema()
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        "shop-file.schema.json": shopfile.schema(),
        "generic-platform.schema.json": draft | event,
        "openapi.json": openapi.document(),
        "desk-openapi.json": desk_openapi.document(desk.ROUTES),
    }


def main() -> None:
    for name, schema in schemas().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False)
        (ROOT / "docs" / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
