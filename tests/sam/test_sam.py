"""What SAM CLI makes of the template. Needs SAM CLI (`make .tools/ready`) and python3.13."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.sources import FUNCTIONS, ROOT

SAM = ROOT / ".tools" / "bin" / "sam"
PYTHON = shutil.which("python3.13")
RUNS = PYTHON is not None and subprocess.run([PYTHON, "-c", "pass"], check=False).returncode == 0
"""A version manager's shim may be there and not run."""
ROOMS = sorted(each.parent.name for each in FUNCTIONS.glob("*/app.py"))

pytestmark = [
    pytest.mark.sam,
    pytest.mark.skipif(
        not SAM.exists(), reason="SAM CLI is not here; get it by: make .tools/ready"
    ),
    pytest.mark.skipif(not RUNS, reason="sam build needs python3.13 on the PATH"),
]


def sam(*arguments: str) -> subprocess.CompletedProcess[str]:
    path = f"{SAM.parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"SAM_CLI_TELEMETRY": "0", "PATH": path}
    return subprocess.run(
        [str(SAM), *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    done = sam("build", "--build-dir", str(folder), "--no-cached")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("arguments", [(), ("--lint",)], ids=["validate", "lint"])
def test_the_template_is_valid(arguments: tuple[str, ...]) -> None:
    done = sam("validate", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("room", ROOMS)
def test_a_built_room_finds_all_it_needs_in_the_two_layers(built: Path, room: str) -> None:
    paths = [".", *(str(built / layer / "python") for layer in ("DepsLayer", "CoreLayer"))]
    done = subprocess.run(
        [str(PYTHON), "-I", "-S", "-c", f"import sys; sys.path[:0] = {paths}; import app"],
        cwd=built / f"{room.capitalize()}Function",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_calendar_needs_nothing_that_the_layers_leave_out(built: Path) -> None:
    """docopt, which num2words asks for, comes without a wheel and is left out."""
    paths = [str(built / layer / "python") for layer in ("DepsLayer", "CoreLayer")]
    code = f"""
import sys; sys.path[:0] = {paths}
from datetime import date
from kesher import calendars
from kesher.domain.shop import Shabbat
print(calendars.named("IL", None, date(2026, 4, 22)))
print(calendars._rest(calendars.place(Shabbat(city="Tel Aviv")), date(2026, 11, 21)))
"""
    done = subprocess.run(
        [str(PYTHON), "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "יום העצמאות" in done.stdout
    assert not (built / "DepsLayer" / "python" / "docopt.py").exists()


def test_the_layers_carry_bytecode_and_only_the_models_they_use(built: Path) -> None:
    core = built / "CoreLayer" / "python" / "kesher"
    assert (core / "__pycache__").is_dir()
    models = built / "DepsLayer" / "python" / "botocore" / "data"
    assert {"dynamodb", "sqs", "ssm", "sts"} == {
        each.name for each in models.iterdir() if each.is_dir()
    }
