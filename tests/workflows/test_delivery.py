"""Messages leave: into a Maildir, to a real SMTP server, with refusals, outages and workers that are killed."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from engine.database import Database
from engine.errors import InputError, NotFound
from engine.outbox import sweep
from tests.notice_cases import NOW, ask, ask_letters, prepare
from tests.post import Post, free_port, served
from workflows.notices import delivery
from workflows.notices.delivery import MAX_ATTEMPTS, Result, pause, render_pending, send_pending
from workflows.notices.expansion import expand
from workflows.notices.messages import Message, counts, list_messages, requeue, show
from workflows.notices.transports import (
    PASSWORD,
    USER,
    Maildir,
    Outgoing,
    Smtp,
    Transport,
    Unreachable,
    file_name,
    transport_from,
)
from workflows.notices.worker import run_tick, run_work
from workflows.tables import message as messages
from workflows.tables import unit

SENDER = "Văn phòng <van-phong@doisim.example>"


def queued(database: Database, recipients: int = 2) -> list[Message]:
    """Letters that are written and wait to be sent."""
    ask_letters(database, recipients=recipients)
    while sweep(database, {"notice": expand}, NOW) or render_pending(database, sender=SENDER):
        pass
    return listed(database)


def listed(database: Database) -> list[Message]:
    with database.read() as connection:
        return list_messages(connection)


def contents(database: Database) -> dict[str, bytes]:
    """Message-ID -> the bytes that are kept."""
    with database.read() as connection:
        rows = connection.execute(sa.select(messages.c.message_id, messages.c.content))
        return {row.message_id: bytes(row.content) for row in rows}


def send(database: Database, transport: Transport, now: dt.datetime = NOW, **options: Any) -> Result:
    return send_pending(database, transport, now, sender=SENDER, **options)


def after(**delta: float) -> dt.datetime:
    return NOW + dt.timedelta(**delta)


# -- Maildir -----------------------------------------------------------------------------------------------------------


def test_every_message_becomes_one_file_with_the_bytes_that_are_kept(any_database: Database, tmp_path: Path) -> None:
    queued(any_database, 3)
    assert send(any_database, Maildir(tmp_path / "mail")) == Result(sent=3)
    assert {file.name: file.read_bytes() for file in (tmp_path / "mail" / "new").iterdir()} == contents(any_database)
    assert list((tmp_path / "mail" / "tmp").iterdir()) == []
    assert [(m.state, m.sent_at, m.attempts, m.error) for m in listed(any_database)] == [("sent", NOW, 0, None)] * 3
    assert send(any_database, Maildir(tmp_path / "mail")) == Result()


@pytest.mark.parametrize("flags", [None, "", ":2,", ":2,S", ":2,FRS"])
def test_a_repeat_finds_the_message_where_it_lies_read_or_unread(database: Database, tmp_path: Path, flags: str | None) -> None:
    queued(database, 1)
    send(database, Maildir(tmp_path))
    [file] = (tmp_path / "new").iterdir()
    if flags is not None:
        file.rename(tmp_path / "cur" / f"{file.name}{flags}")
    with database.write() as connection:  # killed after the delivery, before it was recorded
        connection.execute(sa.update(messages).values(state="queued", next_attempt_at=0, sent_at=None))
    assert send(database, Maildir(tmp_path)) == Result(sent=1)
    assert len([*(tmp_path / "new").iterdir(), *(tmp_path / "cur").iterdir()]) == 1


def test_a_reader_that_moves_mail_while_it_is_sent_causes_no_second_copy(tmp_path: Path) -> None:
    message = Outgoing(message_id="a.1@b", sender="a@b", to=["c@d"], content=b"x\n")
    with Maildir(tmp_path).open() as session:
        session.send(message)
        (tmp_path / "new" / "a.1@b").rename(tmp_path / "cur" / "a.1@b:2,S")
        session.send(message)
    assert list((tmp_path / "new").iterdir()) == []


def test_a_draft_that_was_cut_off_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "a.1@b").write_bytes(b"half of a very long message")
    with Maildir(tmp_path).open() as session:
        session.send(Outgoing(message_id="a.1@b", sender="a@b", to=["c@d"], content=b"all\n"))
    assert (tmp_path / "new" / "a.1@b").read_bytes() == b"all\n"
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_folder_that_cannot_be_written_defers_everything(database: Database, tmp_path: Path) -> None:
    queued(database)
    (tmp_path / "file").write_text("")
    assert send(database, Maildir(tmp_path / "file" / "mail")) == Result(deferred=2)
    assert "cannot be written" in str(listed(database)[0].error)


@pytest.mark.parametrize("message_id", ["../../etc/passwd", "a/b@c", ".hidden@x", "é@x", "a:2,S@b", "x" * 300])
def test_a_message_id_never_leads_out_of_the_folder(message_id: str) -> None:
    name = file_name(message_id)
    assert name.isalnum()
    assert len(name) == 64


# -- SMTP --------------------------------------------------------------------------------------------------------------


def test_a_server_gets_every_message_for_its_addresses_with_the_bytes_that_are_kept(database: Database) -> None:
    ask_letters(database)
    with database.write() as connection:
        connection.execute(sa.update(unit).where(unit.c.code == "CB-1").values(email="a@doisim.example, b@doisim.example"))
    sweep(database, {"notice": expand}, NOW)
    render_pending(database, sender=SENDER)
    post = Post()
    with served(post) as smtp:
        assert send(database, smtp) == Result(sent=2)
    assert [envelope.rcpt_tos for envelope in post.taken] == [["a@doisim.example", "b@doisim.example"], ["cb-2@doisim.example"]]
    assert {envelope.mail_from for envelope in post.taken} == {"van-phong@doisim.example"}
    assert post.received() == list(contents(database).values())


@pytest.mark.parametrize("where", ["recipient", "data"])
def test_a_temporary_refusal_waits_and_then_goes_out_with_the_same_bytes(database: Database, where: str) -> None:
    [before] = queued(database, 1)
    post = Post()
    answers = ["451 try again later", "450 not yet"]
    if where == "recipient":
        post.answers = {"cb-1@doisim.example": answers}
    else:
        post.on_data = answers
    with served(post) as smtp:
        assert send(database, smtp) == Result(deferred=1)
        [waiting] = listed(database)
        assert (waiting.state, waiting.attempts, waiting.next_attempt_at) == ("queued", 1, after(minutes=1))
        assert "451 try again later" in str(waiting.error)
        assert send(database, smtp, after(seconds=59)) == Result()
        assert send(database, smtp, after(seconds=60)) == Result(deferred=1)
        assert listed(database)[0].next_attempt_at == after(minutes=3)
        assert send(database, smtp, after(minutes=3)) == Result(sent=1)
    assert post.received() == [contents(database)[before.message_id]]
    assert message_from_bytes(post.received()[0])["Message-ID"] == f"<{before.message_id}>"
    assert [(m.state, m.error, m.sent_at) for m in listed(database)] == [("sent", None, after(minutes=3))]


@pytest.mark.parametrize("where", ["recipient", "data"])
def test_a_permanent_refusal_fails_that_message_only_until_somebody_asks_again(database: Database, where: str) -> None:
    found = queued(database, 3)
    post = Post()
    if where == "recipient":
        post.answers = {"cb-1@doisim.example": ["550 no such mailbox"]}
    else:
        post.on_data = ["554 spam"]
    with served(post) as smtp:
        assert send(database, smtp) == Result(sent=2, failed=1)
        failed = listed(database)[0]
        assert (failed.state, failed.attempts, failed.next_attempt_at) == ("failed", 1, None)
        assert ("550 no such mailbox" if where == "recipient" else "554 spam") in str(failed.error)
        assert send(database, smtp, after(days=9)) == Result()
        with database.write() as connection:
            assert requeue(connection, [m.id for m in found], after(days=9)) == 1  # the others are sent
        assert send(database, smtp, after(days=9)) == Result(sent=1)
    assert sorted(post.received()) == sorted(contents(database).values())


def test_a_message_taken_for_some_addresses_is_sent_and_says_which_were_refused(database: Database) -> None:
    queued(database, 1)
    with database.write() as connection:
        connection.execute(sa.update(messages).values(address="a@doisim.example, b@doisim.example"))
    post = Post()
    post.answers = {"b@doisim.example": ["550 gone"]}
    with served(post) as smtp:
        assert send(database, smtp) == Result(sent=1)
    assert listed(database)[0].error == "Refused: b@doisim.example: 550 gone"
    assert [envelope.rcpt_tos for envelope in post.taken] == [["a@doisim.example"]]


def test_a_server_that_is_down_defers_all_that_is_due_and_gives_nothing_up(database: Database) -> None:
    queued(database, 130)
    down = Smtp(host="127.0.0.1", port=free_port())
    assert send(database, down) == Result(deferred=130)
    now = NOW
    for attempts in range(1, MAX_ATTEMPTS + 3):
        assert {(m.state, m.attempts) for m in listed(database)} == {("queued", attempts)}
        now += pause(attempts)
        assert send(database, down, now) == Result(deferred=130)
    assert "refused" in str(listed(database)[0].error)
    post = Post()
    with served(post) as smtp:
        while send(database, smtp, after(days=30)).total:
            pass
    assert len(post.taken) == 130


def test_a_server_that_breaks_off_over_one_message_gets_the_others(database: Database) -> None:
    queued(database, 3)

    class Rude(Post):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            if envelope.rcpt_tos == ["cb-1@doisim.example"]:
                server.transport.close()
                return "250 never heard"
            return await super().handle_DATA(server, session, envelope)

    post = Rude()
    with served(post) as smtp:
        assert send(database, smtp) == Result(deferred=1)
        assert send(database, smtp) == Result(sent=2)
    assert [m.state for m in listed(database)] == ["queued", "sent", "sent"]


def test_a_message_that_is_refused_for_two_days_fails(database: Database) -> None:
    queued(database, 1)
    post = Post()
    post.answers = {"cb-1@doisim.example": ["451 busy"] * MAX_ATTEMPTS}
    now, results = NOW, []
    with served(post) as smtp:
        for attempts in range(1, MAX_ATTEMPTS + 1):
            results.append(send(database, smtp, now))
            now += pause(attempts)
    assert results == [Result(deferred=1)] * (MAX_ATTEMPTS - 1) + [Result(failed=1)]
    assert dt.timedelta(days=1.5) < now - NOW < dt.timedelta(days=3)
    assert listed(database)[0].state == "failed"


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_server_asks_for_name_and_password(database: Database) -> None:
    queued(database, 1)
    post = Post()

    def authenticator(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"clerk", b"secret"), handled=False)

    options = {"authenticator": authenticator, "auth_required": True, "auth_require_tls": False}
    with served(post, **options) as smtp:
        address = f"smtp://127.0.0.1:{smtp.port}"
        assert send(database, transport_from(address, {USER: "clerk", PASSWORD: "wrong"})) == Result(deferred=1)
        assert "535" in str(listed(database)[0].error)
        right = transport_from(address, {USER: "clerk", PASSWORD: "secret"})
        assert send(database, right, after(hours=1)) == Result(sent=1)


def test_nothing_is_sent_unencrypted_where_encryption_is_asked_for(database: Database) -> None:
    queued(database, 1)
    post = Post()
    with served(post) as smtp:
        assert send(database, Smtp(host=smtp.host, port=smtp.port, starttls=True)) == Result(deferred=1)
    assert post.taken == []
    assert "STARTTLS" in str(listed(database)[0].error)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_an_encrypted_server_is_trusted_only_with_a_certificate_for_its_name(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*make, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    queued(database, 1)
    post = Post()
    with served(post, tls_context=context, require_starttls=True) as smtp:
        assert send(database, Smtp(host="localhost", port=smtp.port, starttls=True)) == Result(deferred=1)
        assert "CERTIFICATE_VERIFY_FAILED" in str(listed(database)[0].error)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert send(database, Smtp(host="127.0.0.1", port=smtp.port, starttls=True), after(hours=1)) == Result(deferred=1)
        assert send(database, Smtp(host="localhost", port=smtp.port, starttls=True), after(hours=2)) == Result(sent=1)
    assert post.received() == list(contents(database).values())


def test_a_state_that_changes_before_the_message_leaves_is_respected(database: Database, tmp_path: Path) -> None:
    first, second = queued(database)

    class Meddling:
        """Takes the second message back while the first one leaves."""

        @contextmanager
        def open(self) -> Iterator[Any]:
            with Maildir(tmp_path).open() as session:
                self.session = session
                yield self

        def send(self, message: Outgoing) -> str | None:
            with database.write() as connection:
                connection.execute(sa.update(messages).where(messages.c.id == second.id).values(state="failed"))
            return self.session.send(message)

    assert send(database, Meddling()) == Result(sent=1)
    assert [file.name for file in (tmp_path / "new").iterdir()] == [first.message_id]


def test_a_limit_leaves_the_rest_for_later(database: Database, tmp_path: Path) -> None:
    queued(database, 5)
    assert send(database, Maildir(tmp_path), limit=2) == Result(sent=2)
    assert send(database, Maildir(tmp_path)) == Result(sent=3)


def test_two_workers_on_postgresql_send_no_message_twice(postgresql_database: Database, tmp_path: Path) -> None:
    queued(postgresql_database, 250)
    post = Post()
    with served(post) as smtp:

        def drain() -> None:
            idle = 0
            while idle < 5:
                idle = 0 if send(postgresql_database, smtp).total else idle + 1
                time.sleep(0.01)

        threads = [threading.Thread(target=drain) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    assert sorted(post.received()) == sorted(contents(postgresql_database).values())


@pytest.mark.parametrize(
    ("url", "transport"),
    [
        ("maildir:/var/mail/plans", Maildir(Path("/var/mail/plans"))),
        ("smtp://mail.example", Smtp(host="mail.example", port=25)),
        ("smtp://mail.example:2525", Smtp(host="mail.example", port=2525)),
        ("smtp://mail.example?starttls=yes", Smtp(host="mail.example", port=587, starttls=True)),
    ],
)
def test_a_transport_is_named_by_a_url(url: str, transport: Transport) -> None:
    assert transport_from(url, {}) == transport


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail",
        "maildir:",
        "maildir://host/x",
        "http://x",
        "smtp://",
        "smtp://u:p@host",
        "smtp://h/path",
        "smtp://h:99999",
        "smtp://h:x",
        "smtp://[h",
    ],
)
def test_a_url_that_names_no_way_to_send_is_refused(url: str) -> None:
    with pytest.raises(InputError):
        transport_from(url, {})


def test_a_password_does_not_travel_unencrypted() -> None:
    with pytest.raises(InputError, match="unencrypted"):
        transport_from("smtp://mail.example", {USER: "clerk", PASSWORD: "secret"})
    assert transport_from("smtp://mail.example?starttls=yes", {USER: "clerk", PASSWORD: "secret"})


def test_an_unreachable_server_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="no-such-host"), Smtp(host="no-such-host.invalid", port=25).open():
        pass


# -- the register ------------------------------------------------------------------------------------------------------


def test_messages_are_listed_by_state_notice_unit_and_case(database: Database, tmp_path: Path) -> None:
    queued(database)
    send(database, Maildir(tmp_path), limit=1)
    with database.read() as connection:
        assert [m.unit for m in list_messages(connection, state="sent")] == ["CB-1"]
        assert [m.unit for m in list_messages(connection, unit="CB-2")] == ["CB-2"]
        assert len(list_messages(connection, notice="dissemination_letter", case=1)) == 2
        assert list_messages(connection, case=2) == []
        assert len(list_messages(connection, limit=1)) == 1
        assert counts(connection) == {"queued": 1, "sent": 1, "failed": 0, "no_address": 0}


def test_a_message_is_shown_with_what_it_says(database: Database) -> None:
    [first, _] = queued(database)
    with database.read() as connection:
        shown = show(connection, first.id)
        with pytest.raises(NotFound):
            show(connection, 99)
    assert shown.message == first
    assert "Kính gửi: Chi bộ thôn 1" in str(shown.text)
    assert message_from_bytes(shown.content or b"", policy=policy.default)["Subject"] == first.subject


def test_a_requeued_message_is_written_anew_only_for_new_addresses(database: Database) -> None:
    queued(database)
    before = contents(database)
    with database.write() as connection:
        connection.execute(sa.update(messages).values(state="failed", attempts=3, error="x"))
        connection.execute(sa.update(unit).where(unit.c.code == "CB-2").values(email="new@doisim.example"))
        assert requeue(connection, [1, 2, 99], NOW) == 2
    assert [(m.state, m.attempts, m.error, m.address) for m in listed(database)] == [
        ("queued", 0, None, "cb-1@doisim.example"),
        ("queued", 0, None, "new@doisim.example"),
    ]
    assert render_pending(database, sender=SENDER) == 1
    now = contents(database)
    assert [now[id] == before[id] for id in now] == [True, False]


def test_the_pause_doubles_up_to_six_hours() -> None:
    minutes = [pause(attempts) / dt.timedelta(minutes=1) for attempts in range(1, 12)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert pause(10_000) == delivery.LONGEST_PAUSE


# -- ticks and workers -------------------------------------------------------------------------------------------------


def test_a_tick_brings_an_outbox_entry_all_the_way_into_the_mail(any_database: Database, tmp_path: Path) -> None:
    ask_letters(any_database, recipients=120, copies=["GONE"])
    url = any_database.url.render_as_string(hide_password=False)
    further: list[dt.datetime] = []

    def deadlines(_database: Database) -> dict[str, Callable[[dt.datetime], int]]:
        return {"deadlines": lambda now: further.append(now) or 0}  # type: ignore[func-returns-value]

    result = run_tick(url, transport=Maildir(tmp_path / "mail"), now=NOW, before=deadlines)
    assert (result.expanded, result.rendered, result.sent, result.failed, result.deferred) == (1, 120, 120, 0, 0)
    assert result.others == {"deadlines": 0}
    assert set(further) == {NOW}
    assert {file.name: file.read_bytes() for file in (tmp_path / "mail" / "new").iterdir()} == contents_where_written(
        any_database
    )
    again = run_tick(url, transport=Maildir(tmp_path / "mail"), now=NOW)
    assert (again.expanded, again.rendered, again.sent) == (0, 0, 0)


def contents_where_written(database: Database) -> dict[str, bytes]:
    with database.read() as connection:
        rows = connection.execute(sa.select(messages.c.message_id, messages.c.content).where(messages.c.content.is_not(None)))
        return {row.message_id: bytes(row.content) for row in rows}


def test_a_sender_that_is_none_is_refused_before_anything_is_done(database: Database, tmp_path: Path) -> None:
    ask_letters(database)
    with pytest.raises(InputError, match="not a sender"):
        run_tick(str(database.url), transport=Maildir(tmp_path / "mail"), now=NOW, sender="nobody")
    assert listed(database) == []


def test_a_worker_sends_what_is_asked_for_while_it_runs(database: Database, tmp_path: Path) -> None:
    with database.write() as connection:
        prepare(connection)
    stop, ready = threading.Event(), threading.Event()
    options = {"transport": Maildir(tmp_path / "mail"), "clock": lambda: NOW, "every": 1, "stop": stop, "ready": ready.set}
    thread = threading.Thread(target=run_work, args=(str(database.url),), kwargs=options)
    thread.start()
    try:
        assert ready.wait(30)
        with database.write() as connection:
            ask(connection, {"notice": "excused", "plan": 1, "instance": 2})
        deadline = time.monotonic() + 30
        while not listed(database) or listed(database)[0].state != "sent":
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        stop.set()
        thread.join(60)
    assert len(list((tmp_path / "mail" / "new").iterdir())) == 1


TICK = """
import datetime as dt, pathlib, sys
from workflows.notices.transports import Maildir
from workflows.notices.worker import run_tick
now = dt.datetime.fromisoformat(sys.argv[3])
print(run_tick(sys.argv[1], transport=Maildir(pathlib.Path(sys.argv[2])), now=now), flush=True)
"""


def start_tick(database: Database, folder: Path) -> subprocess.Popen[bytes]:
    url = database.url.render_as_string(hide_password=False)
    checkout = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", TICK, url, str(folder), NOW.isoformat()],
        cwd=checkout,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ},
    )


def test_a_tick_killed_again_and_again_loses_nothing_and_leaves_one_file_of_each(any_database: Database, tmp_path: Path) -> None:
    units, dice = 400, random.Random(20260302)
    ask_letters(any_database, recipients=units)
    folder = tmp_path / "mail"
    kept: dict[str, bytes] = {}
    killed = 0

    def kill(when: Callable[[], bool]) -> None:
        nonlocal killed
        process = start_tick(any_database, folder)
        while process.poll() is None and not when():
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        for id, content in contents_where_written(any_database).items():
            assert kept.setdefault(id, content) == content  # what is once written never changes

    def delivered() -> int:
        return len(list((folder / "new").glob("*"))) + len(list((folder / "cur").glob("*")))

    for table_state in ("outbox", "letters"):  # while the entry is expanded, and while the letters are written
        kill(lambda state=table_state: reached(any_database, state))  # type: ignore[misc]
    for share in sorted(dice.random() for _ in range(5)):  # and while they leave
        kill(lambda share=share: delivered() >= 1 + share * 0.9 * units)  # type: ignore[misc]
        for file in list((folder / "new").iterdir())[:3]:  # somebody reads the mail in the meantime
            file.rename(folder / "cur" / f"{file.name}:2,S")
    assert killed >= 6

    output, errors = start_tick(any_database, folder).communicate(timeout=120)
    assert errors == b""
    assert b"TickResult" in output
    files = {file.name.partition(":")[0]: file.read_bytes() for name in ("new", "cur") for file in (folder / name).iterdir()}
    assert delivered() == units
    assert files == contents_where_written(any_database) == kept
    assert list((folder / "tmp").iterdir()) == []
    assert {m.state for m in listed(any_database)} == {"sent"}


def reached(database: Database, state: str) -> bool:
    with database.read() as connection:
        if state == "outbox":
            return bool(connection.execute(sa.select(messages.c.id).limit(1)).first())
        return bool(connection.execute(sa.select(messages.c.id).where(messages.c.content.is_not(None)).limit(1)).first())


def test_a_server_gets_a_message_of_a_killed_tick_again_with_the_same_bytes(database: Database) -> None:
    queued(database, 1)
    post = Post()
    with served(post) as smtp:
        send(database, smtp)
        with database.write() as connection:  # as if killed before the record
            connection.execute(sa.update(messages).values(state="queued", next_attempt_at=0, sent_at=None))
        send(database, smtp)
    first, second = post.received()
    assert first == second
