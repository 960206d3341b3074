"""What is shipped: built as a user would, installed into an empty venv, and run far from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

# Building and installing takes a minute: one worker does it, once, for all tests of this file.
pytestmark = pytest.mark.xdist_group("packaging")

FOLDERS = {"engine": "engine", "workflows": "workflows", "alembic": "workflows/migrations", "examples": "workflows/examples"}
NOT_SHIPPED = shutil.ignore_patterns(
    ".git", ".venv", "venv", "__pycache__", ".*_cache", ".hypothesis", "build", "dist", "*.egg-info", "*.db*"
)


def run(*command: object, folder: Path) -> str:
    """Run in a folder as from a fresh shell; returns what it printed to stdout, and fails with everything that it printed."""
    kept = {name: os.environ[name] for name in os.environ if not name.startswith(("PYTHON", "PYTEST", "VIRTUAL_ENV", "CASCADE"))}
    done = subprocess.run(
        [str(each) for each in command],
        cwd=folder,
        env=kept,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done.stdout


def shipped(folder: str) -> set[Path]:
    """The files of a folder of the checkout that a user needs, relative to it."""
    root = CHECKOUT / folder
    files = {file.relative_to(root) for file in root.rglob("*") if file.is_file() and "__pycache__" not in file.parts}
    return {file for file in files if not any(part.startswith(".") for part in file.parts)}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution, so that both are complete."""
    folder = tmp_path_factory.mktemp("built")
    source = shutil.copytree(CHECKOUT, folder / "source", ignore=NOT_SHIPPED)
    run(sys.executable, "-m", "build", "--outdir", folder / "dist", source, folder=folder)
    (found,) = (folder / "dist").glob("*.whl")
    return found


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an empty venv into which only the wheel and what it asks for was installed."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", venv, folder=venv.parent)
    commands = venv / "bin"
    run(commands / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, folder=venv.parent)
    return commands


def test_wheel_holds_every_file_that_the_program_needs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, place in FOLDERS.items():
        missing = {file for file in shipped(folder) if f"{place}/{file.as_posix()}" not in names}
        assert missing == set(), folder
    assert "workflows/migrations/versions/0001_foundations.py" in names


def test_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"cli.py", "engine", "workflows"}


def test_installed_program_finds_its_files_and_the_library_alembic(installed: Path, tmp_path: Path) -> None:
    code = (
        "import alembic, engine.migrations as m, workflows.resources as r\n"
        "print(alembic.__version__, *(f for f in (m.migrations_folder(), r.definitions_folder(), r.templates_folder(),"
        " r.examples_folder() / 'city')), sep='\\n')"
    )
    version, *folders = run(installed / "python", "-c", code, folder=tmp_path).splitlines()
    assert version
    assert [folder for folder in folders if installed.parent not in Path(folder).parents or not any(Path(folder).iterdir())] == []


def test_installed_program_sets_up_a_database_by_itself(installed: Path, tmp_path: Path) -> None:
    code = (
        "import workflows.tables, engine.migrations as m\n"
        "from engine.database import Database\nfrom engine.tables import metadata\n"
        "db = Database('sqlite:///new.db'); m.upgrade(db); print(m.check(db, metadata))"
    )
    assert run(installed / "python", "-c", code, folder=tmp_path).strip() == "[]"


def test_installed_requirements_agree_with_each_other(installed: Path, tmp_path: Path) -> None:
    run(installed / "python", "-m", "pip", "--disable-pip-version-check", "check", folder=tmp_path)


def test_installed_command_explains_itself(installed: Path, tmp_path: Path) -> None:
    text = run(installed / "cascade", "--help", folder=tmp_path)
    assert "Usage: cascade" in text
    assert "init" in text
    assert "demo" in text


def test_installed_command_sets_up_and_plays_the_demo(installed: Path, tmp_path: Path) -> None:
    run(installed / "cascade", "--db", "here.db", "init", folder=tmp_path)
    assert (tmp_path / "here.db").is_file()
    assert run(installed / "cascade", "demo", folder=tmp_path).strip()


def test_demo_can_be_played_again_in_the_same_folder(installed: Path, tmp_path: Path) -> None:
    first = run(installed / "cascade", "demo", folder=tmp_path)
    assert first.strip()
    assert run(installed / "cascade", "demo", folder=tmp_path).strip()
