"""A worker on a server is killed in the middle of its work: the others have it in hand within 30 seconds, by default settings."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes
from pathlib import Path

import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session

from engine import store, workers
from engine.clock import to_micros
from engine.database import Database
from engine.tables import outbox
from tests.conftest import CHECKOUT
from tests.kit import MORNING, wait_for
from tests.notice_cases import ask_letters
from tests.post import Post, served
from workflows.tables import message

SECONDS = 30.0

# Handles jobs as a worker does; "held" ones take so long that it can be killed over them.
WORKER = """
import datetime as dt, pathlib, sys, time
import sqlalchemy as sa
from engine import jobs, outbox
from engine.database import Database

database, out, hold = Database(sys.argv[1]), pathlib.Path(sys.argv[2]), float(sys.argv[3])

def handle(connection, entry, now):
    connection.execute(sa.text("INSERT INTO pc_meta (key, value) VALUES (:key, 'done')"), {"key": f"job {entry.id}"})
    out.write_text("in the middle")
    time.sleep(hold)
    return True

jobs.work(
    database, {"outbox": lambda now: outbox.sweep(database, {"note": handle}, now)}, clock=lambda: dt.datetime.now(dt.UTC)
)
"""


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process while the block runs."""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    process = subprocess.Popen([sys.executable, *arguments], cwd=CHECKOUT, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def alive(database: Database) -> int:
    return sum(each.alive for each in workers.seen(database))


def test_a_job_that_a_killed_worker_held_is_done_by_another_within_30_seconds(
    postgresql_database: Database, tmp_path: Path
) -> None:
    database = postgresql_database
    url = database.url.render_as_string(hide_password=False)
    with database.write() as connection:
        ids = [store.enqueue(connection, "note", {"n": n}, to_micros(MORNING)) for n in range(3)]
    with ExitStack() as stack:
        first = stack.enter_context(running("-c", WORKER, url, str(tmp_path / "first"), "600"))
        wait_for((tmp_path / "first").exists)
        second = stack.enter_context(running("-c", WORKER, url, str(tmp_path / "second"), "0"))
        wait_for(lambda: alive(database) == 2)
        first.kill()
        first.wait()
        began = time.monotonic()

        def left() -> int:
            with database.read() as connection:
                return int(connection.execute(sa.select(sa.func.count()).where(outbox.c.done_at.is_(None))).scalar_one())

        wait_for(lambda: not left(), SECONDS)
        # The dead one's unfinished run is nobody's any more: it is no longer listed.
        wait_for(lambda: [each.alive for each in workers.seen(database)] == [True], SECONDS - (time.monotonic() - began))
        assert second.poll() is None
    with database.read() as connection:
        kept = connection.exec_driver_sql("SELECT key FROM pc_meta WHERE value = 'done' ORDER BY key").scalars().all()
    assert kept == [f"job {id}" for id in ids]  # each once: what the dead one had not committed is gone


def test_letters_that_a_killed_worker_was_sending_leave_by_another_within_30_seconds(
    postgresql_database: Database, tmp_path: Path
) -> None:
    database = postgresql_database
    ask_letters(database, recipients=6)

    class Stalling(Post):
        """Takes the second letter and lets the sender wait for the answer."""

        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            answer = await super().handle_DATA(server, session, envelope)
            if len(self.taken) == 2:
                await asyncio.sleep(600)
            return answer

    post = Stalling()
    with served(post) as smtp:
        url = database.url.render_as_string(hide_password=False)
        command = ("-m", "cli", "--db", url, "work", "--smtp", f"127.0.0.1:{smtp.port}")
        with running(*command) as first:
            wait_for(lambda: len(post.taken) == 2)
            with running(*command):
                wait_for(lambda: alive(database) == 2)
                first.kill()
                first.wait()
                wait_for(lambda: len(post.taken) == 7, SECONDS)
                wait_for(lambda: sent(database) == 6, SECONDS)
    ids = Counter(message_from_bytes(content)["Message-ID"] for content in post.received())
    assert sorted(ids.values()) == [1, 1, 1, 1, 1, 2]  # whether that one had arrived nobody could record
    assert len(set(post.received())) == 6  # and it is the same letter


def sent(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).where(message.c.state == "sent")).scalar_one())
