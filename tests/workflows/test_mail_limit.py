"""So many messages a minute and no more, whatever the answers are and however many workers send."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy.engine import Connection

from engine.database import Database
from engine.outbox import sweep
from tests.conftest import CHECKOUT
from tests.engine.test_indexes import postgresql_steps, sqlite_steps
from tests.kit import wait_for
from tests.notice_cases import NOW, ask_letters
from tests.post import Post, served
from workflows.notices.delivery import Result, handed_over, render_pending, send_pending
from workflows.notices.expansion import expand
from workflows.notices.transports import Maildir, Transport
from workflows.tables import message

SENDER = "Văn phòng <van-phong@doisim.example>"


def queued(database: Database, recipients: int) -> None:
    """Letters that are written and wait to be sent."""
    ask_letters(database, recipients=recipients)
    while sweep(database, {"notice": expand}, NOW) or render_pending(database, sender=SENDER):
        pass


def send(database: Database, transport: Transport, now: dt.datetime = NOW, **options: Any) -> Result:
    return send_pending(database, transport, now, sender=SENDER, **options)


def after(**delta: float) -> dt.datetime:
    return NOW + dt.timedelta(**delta)


def test_no_more_are_handed_over_in_any_minute_than_are_allowed(database: Database) -> None:
    queued(database, 12)
    post = Post()
    post.on_data = ["451 busy"]
    with served(post) as smtp:
        assert send(database, smtp, per_minute=5) == Result(sent=4, deferred=1)  # what is refused counts too
        assert send(database, smtp, after(seconds=30), per_minute=5) == Result()
        assert send(database, smtp, after(seconds=59), per_minute=5) == Result()
        assert send(database, smtp, after(seconds=59), per_minute=7) == Result(sent=2)
        assert send(database, smtp, after(seconds=90), per_minute=5) == Result(sent=3)  # two of the last minute count
        assert send(database, smtp, after(seconds=200), per_minute=5) == Result(sent=3)
    assert len(post.taken) == 12


def test_each_message_counts_from_when_it_was_handed_over_not_from_when_its_batch_began(database: Database) -> None:
    queued(database, 3)

    class Slow(Post):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            await asyncio.sleep(0.3)
            return await super().handle_DATA(server, session, envelope)

    with served(Slow()) as smtp:
        send(database, smtp, per_minute=2)
        assert send(database, smtp, after(seconds=60.2), per_minute=2) == Result()
        assert send(database, smtp, after(seconds=62), per_minute=2) == Result(sent=1)


def test_a_server_that_answers_451_for_an_hour_gets_all_of_it_later_and_once(database: Database) -> None:
    queued(database, 30)

    class Busy(Post):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            if now < after(hours=1):
                offered.append(now)
                return "451 try again later"
            return await super().handle_DATA(server, session, envelope)

    offered: list[dt.datetime] = []
    post = Busy()
    with served(post) as smtp:
        for minute in range(4 * 60):
            now = after(minutes=minute)
            send(database, smtp, now, per_minute=20)
    with database.read() as connection:
        found = connection.execute(sa.select(message.c.state, message.c.content)).all()
    assert {row.state for row in found} == {"sent"}
    assert sorted(post.received()) == sorted(bytes(row.content) for row in found)
    assert max(offered.count(each) for each in offered) == 20
    assert len(offered) < 30 * 8  # later and later, not each minute


def test_mail_does_not_stand_still_when_the_clock_is_set_back(database: Database, tmp_path: Path) -> None:
    queued(database, 4)
    assert send(database, Maildir(tmp_path), after(days=1), per_minute=2) == Result(sent=2)
    assert send(database, Maildir(tmp_path), per_minute=2) == Result(sent=2)


def test_workers_on_postgresql_keep_within_the_limit_together(postgresql_database: Database) -> None:
    queued(postgresql_database, 250)
    post = Post()
    with served(post) as smtp:
        for minute in range(2):

            def drain(now: dt.datetime) -> None:
                for _ in range(8):
                    send(postgresql_database, smtp, now, per_minute=60)

            threads = [threading.Thread(target=drain, args=(after(minutes=2 * minute),)) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
            assert len(post.taken) == 60 * (minute + 1)


def test_two_running_workers_keep_within_the_limit_together(postgresql_database: Database, tmp_path: Path) -> None:
    queued(postgresql_database, 40)
    url = postgresql_database.url.render_as_string(hide_password=False)
    post = Post()
    with served(post) as smtp, ExitStack() as stack:
        for n in range(2):
            command = ["--db", url, "work", "--every", "1", "--smtp", f"127.0.0.1:{smtp.port}", "--mail-per-minute", "15"]
            log = stack.enter_context((tmp_path / f"log{n}").open("wb"))
            environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
            process = subprocess.Popen([sys.executable, "-m", "cli", *command], cwd=CHECKOUT, stderr=log, env=environment)
            stack.callback(process.wait)
            stack.callback(process.kill)
        wait_for(lambda: len(post.taken) == 15)
        wait_for(lambda: looks(postgresql_database) >= 5)
        assert len(post.taken) == 15


def looks(database: Database) -> int:
    """How often each worker at least has looked for mail to send; 0 while one of two has not."""
    query = (
        "SELECT COUNT(*) FROM dbos.workflow_status WHERE status = 'SUCCESS' AND workflow_uuid LIKE '%mail%' GROUP BY executor_id"
    )
    with database.read() as connection:
        counts = connection.execute(sa.text(query)).scalars().all()
    return min(counts) if len(counts) == 2 else 0


def test_counting_the_last_minute_costs_the_last_minute(database: Database) -> None:
    def counted(connection: Connection) -> int:
        return handed_over(connection, NOW)

    with database.write() as connection:
        steps = (sqlite_steps if database.is_sqlite else postgresql_steps)(connection, counted)
    assert any("ix_pc_message_tried_at" in step for step in steps), steps
    assert not [step for step in steps if step.startswith(("SCAN", "Seq Scan", "no condition"))], steps
