"""The rules of the house, rule by rule, as CONTRIBUTING.md lists them."""

import ast
import re
import sys

import pytest

from kesher import channels, platforms
from kesher.desk.pages import render
from tests.house.sources import FUNCTIONS, KESHER, ROOT, Source, sources, under

ROOMS = sorted(each.parent.name for each in FUNCTIONS.glob("*/app.py"))
APPS = [each for each in under(FUNCTIONS) if each.path.name == "app.py"]
ADAPTERS = sorted(channels.NAMES | platforms.NAMES)


@pytest.mark.parametrize("source", under(KESHER / "domain"), ids=lambda each: each.name)
def test_the_domain_imports_the_standard_library_and_itself(source: Source) -> None:
    outside = {
        name
        for name in source.imports()
        if name.split(".")[0] not in sys.stdlib_module_names
        and not name.startswith("kesher.domain")
    }
    assert set() == outside


@pytest.mark.parametrize("source", under(KESHER / "domain"), ids=lambda each: each.name)
def test_the_domain_is_given_time_ids_and_chance(source: Source) -> None:
    assert not {"time", "random", "os", "secrets"} & set(source.imports())
    asked = {"now", "today", "utcnow", "uuid1", "uuid4"}
    found = {
        node.func.attr
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in asked
    }
    assert set() == found


@pytest.mark.parametrize("name", ADAPTERS)
def test_an_adapter_is_one_file_and_its_name_is_nowhere_else(name: str) -> None:
    home = "channels" if name in channels.NAMES else "platforms"
    allowed = {KESHER / home / f"{name}.py", KESHER / home / "__init__.py"}
    elsewhere = [each.name for each in sources() if each.path not in allowed and _names(each, name)]
    assert elsewhere == []


def _names(source: Source, adapter: str) -> bool:
    """`generic` is also an ordinary word: it names the adapter where it is a string of its own."""
    code = _code_of(source)
    if adapter == "generic":
        return f"'{adapter}'" in code
    return re.search(rf"\b{adapter}\b", code, re.IGNORECASE) is not None


def _code_of(source: Source) -> str:
    """The source without its prose: naming a provider in a sentence is no coupling."""
    return ast.unparse(_WithoutProse().visit(ast.parse(source.text)))


class _WithoutProse(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        prose = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return ast.Pass() if prose else node


@pytest.mark.parametrize("name", ADAPTERS)
def test_an_adapter_has_its_row_and_its_tests(name: str) -> None:
    home = "channels" if name in channels.NAMES else "platforms"
    table = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| *`{name}`", table, re.MULTILINE), f"no row for {name}"
    assert (ROOT / "tests" / home / f"test_{name}.py").is_file()


def test_every_adapter_file_is_listed() -> None:
    for package, home in ((channels, "channels"), (platforms, "platforms")):
        files = {each.stem for each in (KESHER / home).glob("*.py")}
        assert files - {"__init__", "base"} == package.NAMES


@pytest.mark.parametrize("app", APPS, ids=lambda each: each.name)
def test_a_room_wires_and_decides_nothing(app: Source) -> None:
    branches = (ast.If, ast.IfExp, ast.Match, ast.While, ast.Try, ast.BoolOp)
    deciding = [type(each).__name__ for each in ast.walk(app.tree) if isinstance(each, branches)]
    assert deciding == []
    assert "os" not in set(app.imports())
    constants = [each.value for each in ast.walk(app.tree) if isinstance(each, ast.Constant)]
    assert not [each for each in constants if "#" in str(each)], "a room builds no key"
    assert len(app.text.splitlines()) <= 80


@pytest.mark.parametrize("source", sources(), ids=lambda each: each.name)
def test_the_environment_is_read_in_settings_only(source: Source) -> None:
    if source.path == KESHER / "settings.py":
        return
    assert not re.search(r"\b(environ|getenv)\b", source.text)


def test_protocols_are_for_channels_and_platforms_only() -> None:
    declared = {
        each.path
        for each in sources()
        for node in ast.walk(each.tree)
        if isinstance(node, ast.ClassDef)
        and {"Protocol", "ABC"} & {base.id for base in node.bases if isinstance(base, ast.Name)}
    }
    assert {KESHER / "channels" / "base.py", KESHER / "platforms" / "base.py"} == declared


def test_no_module_is_called_by_what_it_is_not() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "base_utils"}
    assert [each.name for each in sources() if each.path.stem in vague] == []


@pytest.mark.parametrize("source", sources(), ids=lambda each: each.name)
def test_no_text_is_rendered_by_format(source: Source) -> None:
    """A format string from a shop file could read attributes and allocate gigabytes. Jinja has our own
    templates only, and in one place."""
    calls = [
        node.func.attr
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert not {"format", "format_map", "safe_substitute"} & set(calls)
    assert not {"string"} & set(source.imports())
    if source.path != KESHER / "desk" / "pages" / "render.py":
        assert not {"jinja2"} & set(source.imports())


def test_jinja_escapes_all_it_is_given_and_no_template_says_otherwise() -> None:
    assert render._environment.autoescape is True
    for file in render.TEMPLATES.iterdir():
        template = file.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup", template), file.name
