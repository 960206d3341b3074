"""Where the files lie that come with the program, in a checkout and when installed; it reads none of them."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def definitions_folder() -> Path:
    """The folder of the workflow definitions, *.yaml."""
    return _HERE / "definitions"


def templates_folder() -> Path:
    """The folder of the notices' templates."""
    return _HERE / "notices" / "templates"


def examples_folder() -> Path:
    """The folder whose subfolders are example cascades, "city" among them; do not write into it."""
    installed = _HERE / "examples"
    return installed if installed.is_dir() else _HERE.parent / "examples"


def national_folder() -> Path:
    """The folder of the country's provinces and communes, units-2025.csv.gz."""
    return _HERE / "national"
