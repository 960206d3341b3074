"""Processes of their own that start together: several clients of one server, or one whose memory is looked at."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeAlias

from benchmarks.kit.clock import Grown

# Prepares the run of one process, by its number; it is sent to the process, so it is made of functions of modules.
Prepare: TypeAlias = Callable[[int], AbstractContextManager[Callable[[], object]]]

_LOADED = ["benchmarks.kit.places", "workflows.operations", "workflows.status"]  # what each would import by itself, for seconds


@contextmanager
def together(n: int, prepare: Prepare) -> Iterator[Callable[[], Grown]]:
    """What starts ``n`` processes that are ready and waits for all of them; it says how much memory the largest took.

    Raises RuntimeError when one of them ends before its time; what went wrong stands on its stderr.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    with ExitStack() as stack:
        lines: list[Connection] = []
        for number in range(n):
            here, there = context.Pipe()
            process = context.Process(target=_client, args=(there, prepare, number), daemon=True)
            process.start()
            there.close()
            stack.callback(process.join)
            lines.append(stack.enter_context(here))
        for line in lines:
            _heard(line)
        yield partial(_go, lines)


def _go(lines: list[Connection]) -> Grown:
    for line in lines:
        line.send("go")
    return Grown(max(_heard(line) for line in lines))


def _heard(line: Connection) -> int:
    try:
        return int(line.recv())
    except EOFError:
        raise RuntimeError("a process ended before its time") from None


def _client(line: Connection, prepare: Prepare, number: int) -> None:
    with prepare(number) as run:
        before = _memory("VmRSS")
        line.send(before)
        line.recv()
        run()
        line.send(max(0, _memory("VmHWM") - before))
        try:
            line.recv()  # it lives until the clock has been read
        except EOFError:
            return


def _memory(name: str) -> int:
    """Bytes that this process has now (VmRSS), or had at most (VmHWM); 0 where the system does not tell."""
    file = Path("/proc/self/status")
    found = (text.split() for text in file.read_text().splitlines() if text.startswith(name)) if file.exists() else iter(())
    return next((int(words[1]) * 1024 for words in found), 0)
