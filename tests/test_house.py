"""The house rules that no tool checks: who may import whom, how long things get, what is documented."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
LAYERS = {"engine": 0, "workflows": 1, "cli": 2}  # each may import itself and what has a lower number
LONGEST_FUNCTION = 60
LONGEST_MODULE = 500
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "X" * 3, "NotImplemented" + "Error")  # spelt so that this file does not count


def modules(*folders: str) -> list[Path]:
    """Every Python file below the folders of the checkout."""
    return sorted(file for folder in folders for file in (CHECKOUT / folder).rglob("*.py"))


def program() -> list[Path]:
    """Every Python file that is not a test."""
    return [*modules("engine", "workflows", "alembic", "benchmarks"), CHECKOUT / "cli.py", CHECKOUT / "setup.py"]


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def where(file: Path, node: ast.AST | None = None) -> str:
    return f"{file.relative_to(CHECKOUT)}" + (f":{node.lineno}" if isinstance(node, (ast.stmt, ast.expr)) else "")


def imports(file: Path) -> Iterator[tuple[ast.AST, str]]:
    """Every module that a file imports anywhere, in a function or by name too; a relative import counts as its own layer."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, node.module or "" if not node.level else file.relative_to(CHECKOUT).parts[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("import_module", "importlib.import_module", "__import__"):
            first = node.args[0]
            yield node, first.value if isinstance(first, ast.Constant) else ""


def top(name: str) -> str:
    return name.partition(".")[0]


def layer(file: Path) -> str:
    return file.relative_to(CHECKOUT).with_suffix("").parts[0]


# -- imports -----------------------------------------------------------------------------------------------------------


def test_imports_point_inwards_from_cli_over_workflows_to_engine() -> None:
    wrong = [
        f"{where(file, node)} imports {name}"
        for file in [*modules("engine", "workflows"), CHECKOUT / "cli.py"]
        for node, name in imports(file)
        if LAYERS.get(top(name), -1) > LAYERS[layer(file)]
    ]
    assert wrong == []


def test_migrations_import_only_the_engine() -> None:
    assert [where(file) for file in modules("alembic") for _, name in imports(file) if top(name) in ("workflows", "cli")] == []


@pytest.mark.parametrize(("library", "owner"), [("transitions", "engine/machine.py"), ("dbos", "engine/jobs.py")])
def test_library_is_imported_by_its_one_owner_only(library: str, owner: str) -> None:
    peers = set(modules("benchmarks/peers/drivers"))  # programs of other environments, which ours is compared with
    importers = {where(file) for file in program() if file not in peers for _, name in imports(file) if top(name) == library}
    assert importers == {owner}


def test_modules_that_import_each_other_do_not_exist() -> None:
    known = {name(file): file for file in modules("engine", "workflows")}
    inside = {one: {target for target in targets(file) if target in known and target != one} for one, file in known.items()}
    mutual = {tuple(sorted((one, other))) for one, others in inside.items() for other in others if one in inside[other]}
    assert mutual == set()


def name(file: Path) -> str:
    parts = file.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def targets(file: Path) -> Iterator[str]:
    """The modules that a file imports, whether as ``import a.b`` or ``from a import b``."""
    for node, imported in imports(file):
        yield imported
        if isinstance(node, ast.ImportFrom):
            yield from (f"{imported}.{alias.name}" for alias in node.names)


# -- the folder alembic/ and what is packed ----------------------------------------------------------------------------


def test_alembic_folder_is_no_package_so_that_the_library_wins() -> None:
    assert list((CHECKOUT / "alembic").rglob("__init__.py")) == []
    import alembic

    assert alembic.__file__ is not None
    assert CHECKOUT / "alembic" not in Path(alembic.__file__).parents


def test_packing_names_what_it_takes_and_leaves_the_librarys_name_alone() -> None:
    calls = [node for node in ast.walk(tree(CHECKOUT / "setup.py")) if isinstance(node, ast.Call)]
    (find,) = [call for call in calls if ast.unparse(call.func) == "find_packages"]
    patterns = [pattern for keyword in find.keywords if keyword.arg == "include" for pattern in ast.literal_eval(keyword.value)]
    assert patterns
    taken = {"alembic", "alembic.versions", "tests", "examples", "benchmarks"}
    assert [package for package in taken if any(fnmatch(package, pattern) for pattern in patterns)] == []


def test_tests_are_no_packages() -> None:
    assert list((CHECKOUT / "tests").rglob("__init__.py")) == []


# -- size and words ----------------------------------------------------------------------------------------------------


def test_no_function_is_longer_than_a_screen() -> None:
    functions = [
        (where(file, node), node.name, (node.end_lineno or 0) - node.lineno + 1)
        for file in program()
        for node in ast.walk(tree(file))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    assert len(functions) > 20
    assert [each for each in functions if each[2] > LONGEST_FUNCTION] == []


def test_no_module_is_too_long() -> None:
    lengths = {where(file): len(file.read_text(encoding="utf-8").splitlines()) for file in program()}
    assert {file: length for file, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_every_module_says_what_it_owns() -> None:
    files = [file for file in [*program(), *modules("tests")] if tree(file).body]  # an empty __init__.py owns nothing
    assert [where(file) for file in files if not ast.get_docstring(tree(file))] == []


def test_every_public_function_and_class_has_a_docstring() -> None:
    undocumented = [
        f"{where(file, node)} {node.name}"
        for file in [*modules("engine", "workflows"), CHECKOUT / "cli.py"]
        for node in public(tree(file))
        if not ast.get_docstring(node)
    ]
    assert undocumented == []


def public(scope: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Public functions and classes of a module, and public methods of those classes."""
    for node in scope.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


def test_nothing_is_left_unfinished() -> None:
    word = re.compile(rf"\b({'|'.join(UNFINISHED)})\b")
    files = [*program(), *modules("tests"), *(CHECKOUT / "docs").rglob("*.md"), *(CHECKOUT / "workflows").rglob("*.yaml")]
    found = [
        f"{where(file)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if word.search(line)
    ]
    assert found == []
