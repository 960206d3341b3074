"""The story that `cascade demo` plays, as its file tells it. It runs nothing."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import yaml_source

STORY = "story.yaml"  # beside the files that it names


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command of the story, or one change behind the program's back."""

    vi: str  # what happens, told before it; empty: it belongs to the step before
    en: str
    who: str  # operator
    when: str  # moment, Vietnam's clock
    run: str  # as typed after "cascade"; empty for a change
    exits: int  # exit code that is expected
    copy: str  # for a change: the file that the database is copied into
    find: bytes  # what stands in the copy, once
    put: bytes  # what is written in its place, as long

    @property
    def arguments(self) -> list[str]:
        """The command as the program gets it."""
        return ["--as", self.who, "--now", self.when, *shlex.split(self.run)]

    @property
    def typed(self) -> str:
        """The command as a person types it."""
        return f"cascade --as {self.who} --now {self.when} {self.run}"


def story(folder: Path) -> list[Step]:
    """The steps in a folder's story; ``who`` and ``when`` hold until others are named."""
    steps: list[Step] = []
    last = {"who": "", "when": ""}
    for entry in yaml_source.read(folder / STORY).value:
        last = {name: entry.get(name, last[name]) for name in last}
        steps.append(_step({**entry, **last}))
    return steps


def _step(entry: dict[str, Any]) -> Step:
    find, _, put = entry.get("change", "").partition(" -> ")
    return Step(
        vi=entry.get("vi", ""),
        en=entry.get("en", ""),
        who=entry["who"],
        when=entry["when"],
        run=entry.get("run", ""),
        exits=int(entry.get("exits", "0")),
        copy=entry.get("copy", ""),
        find=find.encode(),
        put=put.encode(),
    )
