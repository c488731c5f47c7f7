"""Jinja, in the one place that knows it: our own templates, everything put into them escaped. No text
of a shop or a customer is ever a template."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kesher.desk.pages.speech import Tongue
from kesher.domain import text

TEMPLATES = Path(__file__).parent / "templates"

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["line"] = text.line
_environment.filters["link"] = text.link


def connect() -> None:
    """Reads and compiles every template."""
    for name in _environment.list_templates():
        _environment.get_template(name)


def render(template: str, tongue: Tongue, **values: Any) -> str:
    return _environment.get_template(template).render(t=tongue, say=tongue.say, **values)
