"""From an outbox entry to messages and their bytes: who gets what, what it says, and that nothing can be smuggled in."""

from __future__ import annotations

import dataclasses
import datetime as dt
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import cast

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from engine import outbox
from engine.clock import to_micros, to_text
from engine.database import Database
from engine.errors import InputError
from engine.outbox import sweep
from tests.notice_cases import DUE, NOW, PLAN, add_instance, add_move, add_start, add_unit, ask, ask_letters, prepare
from workflows.notices import addresses, expansion
from workflows.notices.delivery import render_pending
from workflows.notices.expansion import expand
from workflows.notices.letters import Addressee, letter, plain, render, say_date, say_due
from workflows.notices.mail import Mail, compose
from workflows.notices.messages import Message, counts, list_messages, requeue, show
from workflows.plans import Plan
from workflows.resources import templates_folder
from workflows.tables import message as messages
from workflows.tables import unit

SENDER = "Văn phòng <van-phong@doisim.example>"
SMALL = ("report_returned", "excused", "withdrawn", "suspended", "resumed", "superseded", "extension_granted")


def expanded(database: Database) -> list[Message]:
    """Every message that the outbox asks for."""
    sweep(database, {"notice": expand}, NOW)
    with database.read() as connection:
        return list_messages(connection)


def written(database: Database) -> list[EmailMessage]:
    """Every message, written and parsed again."""
    sent = expanded(database)
    while render_pending(database, sender=SENDER):
        pass
    with database.read() as connection:
        contents = [show(connection, message.id).content for message in sent]
    assert None not in contents
    return [cast(EmailMessage, message_from_bytes(content or b"", policy=policy.default)) for content in contents]


# -- expansion ---------------------------------------------------------------------------------------------------------


def test_every_recipient_in_the_range_gets_one_letter(any_database: Database) -> None:
    entry = ask_letters(any_database, recipients=3)
    found = expanded(any_database)
    assert [(m.unit, m.instance, m.notice, m.state) for m in found] == [
        (f"CB-{n}", n + 1, "dissemination_letter", "queued") for n in (1, 2, 3)
    ]
    assert found[0].message_id == f"dissemination_letter.2.{entry}.CB-1@3f2a9c.plan-cascade"
    assert found[0].address == "cb-1@doisim.example"
    assert found[0].queued_at == NOW


def test_neither_other_cases_nor_conferences_in_the_range_get_a_letter(database: Database) -> None:
    with database.write() as connection:
        plan, first, _ = prepare(connection)
        add_instance(connection, 10, "CB-1", key="conference:2.2", definition_id=3)
        connection.execute(sa.text("UPDATE pc_instance SET case_id = 3 WHERE id = 3"))
        ask(connection, {"notice": "dissemination_letter", "plan": plan, "instances": [first, 20]})
    assert [m.unit for m in expanded(database)] == ["CB-1"]


def test_a_large_entry_is_expanded_in_batches_and_may_be_cut_off_between_them(
    any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expansion, "BATCH", 4)
    ask_letters(any_database, recipients=10, copies=["X", "Y", "Z", "V", "W"])
    for transactions, reached in ((1, 4), (2, 8), (3, 14), (4, 15)):
        assert sweep(any_database, {"notice": expand}, NOW, most=1) == 1
        with any_database.read() as connection:
            assert len(list_messages(connection)) == reached
            assert bool(outbox.pending(connection)) == (transactions < 4)
    assert sweep(any_database, {"notice": expand}, NOW) == 0


def test_expanding_the_same_entry_again_adds_nothing(any_database: Database) -> None:
    ask_letters(any_database, copies=["XU"])
    before = expanded(any_database)
    with any_database.write() as connection:
        connection.execute(sa.text("UPDATE pc_outbox SET done_at = NULL"))
    assert expanded(any_database) == before


def test_informed_units_get_a_copy_once_and_acting_ones_none(database: Database) -> None:
    entry = ask_letters(database, copies=["VP", "CB-1", "VP"])
    with database.write() as connection:
        add_unit(connection, "VP", "Văn phòng Đảng ủy", "vp@doisim.example; vp2@doisim.example")
    found = expanded(database)
    assert [(m.unit, m.notice, m.instance) for m in found[2:]] == [("VP", "copy_for_information", 1)]
    assert found[2].address == "vp@doisim.example, vp2@doisim.example"
    assert found[2].message_id.startswith(f"copy_for_information.1.{entry}.VP@")


def test_units_without_an_address_are_kept_visibly_apart(database: Database) -> None:
    ask_letters(database, copies=["GONE"])
    with database.write() as connection:
        connection.execute(sa.update(unit).where(unit.c.code == "CB-2").values(email=" ; "))
    found = {m.unit: m for m in expanded(database)}
    assert (found["CB-2"].state, found["GONE"].state) == ("no_address", "no_address")
    assert found["CB-2"].error == "CB-2 has no e-mail address in the directory."
    assert found["GONE"].error == "GONE is not in the directory."
    assert found["CB-2"].next_attempt_at is None
    with database.write() as connection:
        assert counts(connection) == {"queued": 1, "sent": 0, "failed": 0, "no_address": 2}
        connection.execute(sa.update(unit).where(unit.c.code == "CB-2").values(email="cb2@doisim.example"))
        assert requeue(connection, [found["CB-2"].id, found["GONE"].id], NOW) == 1
        assert list_messages(connection, unit="CB-2")[0].state == "queued"


@pytest.mark.parametrize(
    "payload",
    [
        {"notice": "suspended", "plan": 1, "instance": 3},
        {"notice": "suspended", "case": 1, "instances": [3]},
        {"notice": "suspended", "plan": 1, "instances": [3, 3], "event": [3, 2]},
    ],
)
def test_a_notice_about_one_instance_goes_to_its_unit(database: Database, payload: object) -> None:
    with database.write() as connection:
        prepare(connection)
        ask(connection, payload)
    assert [(m.unit, m.notice) for m in expanded(database)] == [("CB-2", "suspended")]


def test_a_list_of_instances_means_exactly_those(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expansion, "BATCH", 2)
    with database.write() as connection:
        prepare(connection, recipients=8)
        ask(connection, {"notice": "withdrawn", "case": 1, "instances": [9, 2, 4, 7, 5]})
    assert [m.instance for m in expanded(database)] == [2, 4, 5, 7, 9]


@pytest.mark.parametrize(
    ("payload", "complaint"),
    [
        ({"notice": "flowers", "plan": 1, "instance": 2}, "no notice 'flowers'"),
        ({"notice": "../secret", "plan": 1, "instance": 2}, "no notice"),
        ({"notice": "_letter", "plan": 1, "instance": 2}, "no notice"),
        ({"notice": "excused", "instance": 2}, "cannot be read"),
        ({"notice": "excused", "plan": 1, "instances": [1, 2, 3]}, "cannot be read"),
        (["excused"], "cannot be read"),
    ],
)
def test_a_request_that_makes_no_sense_is_set_aside_with_its_error(database: Database, payload: object, complaint: str) -> None:
    with database.write() as connection:
        prepare(connection)
        ask(connection, payload)
    assert expanded(database) == []
    with database.read() as connection:
        [entry] = outbox.pending(connection)
        assert entry.attempts == 1
        assert complaint in str(entry.error)


def test_unit_codes_that_no_message_id_may_hold_are_replaced(database: Database) -> None:
    codes = ["ĐU-Sim", "a b", "x@y", "q" * 60]
    ask_letters(database, copies=codes)
    ids = [m.message_id for m in expanded(database)][2:]
    assert len(set(ids)) == len(codes)
    assert all(id.isascii() and id.count("@") == 1 and " " not in id for id in ids)


# -- what it says ------------------------------------------------------------------------------------------------------


def test_a_dissemination_letter_says_what_is_to_be_done_by_when_and_whom_to_answer(database: Database) -> None:
    ask_letters(database)
    first = written(database)[0]
    text = first.get_content()
    assert first["Subject"] == "Về việc triển khai Kế hoạch số 12-KH/XU, ngày 02/3/2026 (PC-1/2)"
    assert text.startswith("BAN THƯỜNG VỤ ĐẢNG ỦY XÃ ĐỒI SIM\nĐồi Sim, ngày 02/3/2026\n\nKính gửi: Chi bộ thôn 1\n")
    for said in (
        "Học tập, quán triệt nghị quyết về nước sạch",
        "Kế hoạch số 45-KH/TU, ngày 09/02/2026 của Ban Thường vụ Tỉnh ủy",
        "- 2.1. Hội nghị cấp xã, trực tuyến, do Ban Thường vụ Đảng ủy xã Đồi Sim tổ chức; chậm nhất hết ngày 20/3/2026",
        "3. Nhiệm vụ giao cho đơn vị:\n- III.1. Các chi bộ trực thuộc (chủ trì): tổ chức học tập;",
        "- Thời hạn của đơn vị: chậm nhất hết ngày 31/3/2026 (theo câu: “xong trong tháng 3/2026”).",
        "- Báo cáo (theo câu: “ngay sau hội nghị”)",  # no date is invented for it
        "- Báo cáo qua Văn phòng Đảng ủy; hằng tuần (theo câu: “trước 15h00 thứ Tư hằng tuần”)",
        "Cơ quan theo dõi, đôn đốc: Văn phòng Đảng ủy.",
        "mã hồ sơ PC-1/2",
    ):
        assert said in text
    assert "III.2" not in text  # the office's task is not the cell's
    assert "2.2" not in text  # nor is a conference that it was not asked to hold


def test_a_letter_tells_the_unit_what_its_own_instance_knows_of_the_document(database: Database) -> None:
    kept = {"due": to_text(DUE), "due_from": {"phrase": "trước tháng 4"}, "conference": "2.2", "line": 40}
    plan = dataclasses.replace(PLAN, recipients=tuple(dataclasses.replace(each, units=()) for each in PLAN.recipients))
    with database.write() as connection:
        prepare(connection, plan=plan)
        add_start(connection, 2, kept)
        add_start(connection, 3, {**kept, "due": to_text(DUE + 1), "line": 41})
        ask(connection, {"notice": "dissemination_letter", "plan": 1, "instances": [2, 3]})
    first, second = (message.get_content() for message in written(database))
    assert "- Thời hạn của đơn vị: chậm nhất hết ngày 31/3/2026 (theo câu: “trước tháng 4”)." in first
    assert "- 2.2. Hội nghị chi bộ, do đơn vị tổ chức, sau hội nghị 2.1; chậm nhất hết ngày 31/3/2026" in first
    assert "Đơn vị tổ chức hội nghị 2.2" in first
    assert "3. Nhiệm vụ giao cho đơn vị:\n- III.1." in first
    assert "trước tháng 4" not in second  # its due date was changed since
    assert "3. Nhiệm vụ nêu trong văn bản" in second


def test_the_letters_headers_are_those_of_the_message_and_of_its_plan(database: Database) -> None:
    ask_letters(database)
    first = written(database)[0]
    assert first["Message-ID"] == "<dissemination_letter.2.1.CB-1@3f2a9c.plan-cascade>"
    assert first["Date"].datetime == NOW
    assert str(first["From"]) == SENDER
    assert first["To"].addresses[0].display_name == "Chi bộ thôn 1"
    assert first["To"].addresses[0].addr_spec == "cb-1@doisim.example"
    assert first["Reply-To"].addresses[0].addr_spec == "van-thu@doisim.example"
    assert first["References"] == "<plan.1@3f2a9c.plan-cascade>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first.get_content_type() == "text/plain"
    assert first.get_content_charset() == "utf-8"


def test_a_plan_that_says_next_to_nothing_still_makes_a_letter(database: Database) -> None:
    with database.write() as connection:
        prepare(connection, plan=Plan(number="1", title="t", date=dt.date(2026, 1, 5)))
        connection.execute(sa.text("UPDATE pc_instance SET due_at = NULL"))
        ask(connection, {"notice": "dissemination_letter", "plan": 1, "instances": [2, 2]})
    text = written(database)[0].get_content()
    assert "Văn bản không ấn định ngày" in text
    assert "2. Hội nghị: văn bản không yêu cầu." in text
    assert "None" not in text


def test_a_copy_asks_for_nothing(database: Database) -> None:
    ask_letters(database, copies=["VP"])
    with database.write() as connection:
        add_unit(connection, "VP", "Văn phòng Đảng ủy", "vp@doisim.example")
    copy = written(database)[2]
    assert str(copy["Subject"]).startswith("Để biết: Kế hoạch số 12-KH/XU")
    assert "không yêu cầu tổ chức thực hiện" in copy.get_content()
    assert "Thời hạn" not in copy.get_content()


@pytest.mark.parametrize("notice", SMALL)
def test_small_letters_name_the_document_and_the_reason(database: Database, notice: str) -> None:
    with database.write() as connection:
        prepare(connection)
        add_move(connection, 2, 2, {"trigger": "x", "reason": "bão số 3", "fields": {"by": "15-KH/XU"}})
        ask(connection, {"notice": notice, "case": 1, "instances": [2], "reason": None})
    [message] = written(database)
    assert "Kế hoạch số 12-KH/XU, ngày 02/3/2026" in message.get_content()
    assert "Lý do: bão số 3" in message.get_content()
    assert ("bằng văn bản số 15-KH/XU" in message.get_content()) == (notice == "superseded")


def test_every_template_is_a_notice_that_is_tried_here() -> None:
    found = {path.stem for path in templates_folder().glob("*.j2")}
    assert found == {"_letter", "dissemination_letter", "copy_for_information", *SMALL}


def test_an_extension_names_the_due_date_of_its_own_move_whatever_came_later(database: Database) -> None:
    granted = dt.datetime(2026, 4, 10, 17, tzinfo=dt.UTC)
    with database.write() as connection:
        prepare(connection)
        add_move(connection, 2, 2, {"trigger": "extend", "due": to_text(to_micros(granted)), "reason": "lũ"})
        add_move(connection, 2, 3, {"trigger": "extend", "due": to_text(DUE)}, NOW + dt.timedelta(days=1))
        ask(connection, {"notice": "extension_granted", "case": 1, "instances": [2], "reason": "lũ"})
    assert "Thời hạn mới: chậm nhất hết ngày 10/4/2026." in written(database)[0].get_content()


def test_a_named_event_tells_the_move(database: Database) -> None:
    with database.write() as connection:
        prepare(connection)
        add_move(connection, 1, 2, {"trigger": "suspend", "reason": "chờ cấp trên"}, NOW - dt.timedelta(hours=1))
        ask(connection, {"notice": "suspended", "plan": 1, "instances": [2, 3], "event": [1, 2]})
    assert ["chờ cấp trên" in message.get_content() for message in written(database)] == [True, True]


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        (dt.datetime(2026, 3, 31, 17, tzinfo=dt.UTC), "chậm nhất hết ngày 31/3/2026"),
        (dt.datetime(2026, 1, 31, 17, tzinfo=dt.UTC), "chậm nhất hết ngày 31/01/2026"),
        (dt.datetime(2026, 3, 11, 8, tzinfo=dt.UTC), "trước 15 giờ 00 ngày 11/3/2026"),
        (dt.datetime(2026, 3, 11, 4, 30, tzinfo=dt.UTC), "trước 11 giờ 30 ngày 11/3/2026"),
    ],
)
def test_an_exclusive_instant_is_said_as_the_last_day_allowed_or_as_an_hour(instant: dt.datetime, said: str) -> None:
    assert say_due(to_micros(instant)) == said


def test_dates_have_zeros_where_a_digit_could_be_added() -> None:
    assert [say_date(dt.date(2026, *day)) for day in ((1, 5), (2, 10), (3, 9), (12, 31))] == [
        "05/01/2026",
        "10/02/2026",
        "09/3/2026",
        "31/12/2026",
    ]


# -- bytes -------------------------------------------------------------------------------------------------------------


def test_the_bytes_are_written_once_and_depend_on_nothing_but_the_message(database: Database) -> None:
    ask_letters(database)
    first = [bytes(message) for message in written(database)]
    with database.write() as connection:
        connection.execute(sa.update(messages).values(content=None))
    assert [bytes(message) for message in written(database)] == first
    with database.read() as connection:
        content = connection.execute(sa.select(messages.c.content)).scalars().all()
    with database.write() as connection:
        connection.execute(sa.update(unit).values(name="Tên mới"))
    assert render_pending(database, sender="other@example.org") == 0
    with database.read() as connection:
        assert connection.execute(sa.select(messages.c.content)).scalars().all() == content
    assert all(bytes(value).isascii() and b"\r" not in bytes(value) for value in content)


def test_a_letter_that_cannot_be_written_fails_alone_with_the_reason(database: Database) -> None:
    ask_letters(database, recipients=3)
    with database.write() as connection:
        connection.execute(sa.update(unit).where(unit.c.code == "CB-2").values(email="không@doisim.example"))
    expanded(database)
    assert render_pending(database, sender=SENDER) == 3
    with database.read() as connection:
        found = list_messages(connection)
    assert [m.state for m in found] == ["queued", "failed", "queued"]
    assert "'không@doisim.example' is not an e-mail address" in str(found[1].error)
    with database.write() as connection:
        connection.execute(sa.update(unit).where(unit.c.code == "CB-2").values(email="khong@doisim.example"))
        assert requeue(connection, [m.id for m in found], NOW) == 1
    assert render_pending(database, sender=SENDER) == 1


HOSTILE = "Chi bộ\r\nBcc: all@example.org\r\n\r\n\u202ex\u2028y\x07"


def test_names_and_titles_cannot_add_headers_or_lines(database: Database) -> None:
    plan = Plan(number="1\nX: y", title=HOSTILE, date=dt.date(2026, 1, 5), issuer=HOSTILE, place=HOSTILE)
    with database.write() as connection:
        prepare(connection, plan=plan)
        connection.execute(sa.update(unit).values(name=HOSTILE))
        ask(connection, {"notice": "excused", "plan": 1, "instance": 2, "reason": HOSTILE})
    [message] = written(database)
    assert "Bcc" not in message
    assert "X" not in message
    assert message["To"].addresses[0].display_name == "Chi bộ Bcc: all@example.org x y"
    assert [address.addr_spec for address in message["To"].addresses] == ["cb-1@doisim.example"]
    lines = message.get_content().splitlines()
    assert not [line for line in lines if line.startswith("Bcc")]
    assert "Lý do: Chi bộ Bcc: all@example.org x y" in lines


def test_templates_are_confined_and_miss_nothing_in_silence() -> None:
    from jinja2 import UndefinedError
    from jinja2.exceptions import SecurityError

    from workflows.notices import letters

    environment = letters._environment()
    with pytest.raises(UndefinedError):
        environment.from_string("{{ letter.nothing }}").render(letter=PLAN)
    with pytest.raises(SecurityError):
        environment.from_string("{{ ''.__class__.__mro__ }}").render()


def test_what_a_template_prints_is_never_a_template_itself() -> None:
    to = Addressee(
        message=1,
        notice="excused",
        instance=2,
        plan=1,
        code="A",
        unit="{{ 7 * 7 }}",
        due_at=None,
        started={},
        reason=None,
        fields={},
        queued_at=0,
    )
    assert "Kính gửi: {{ 7 * 7 }}" in render(letter(PLAN, to))[1]


TEXT = st.text(st.characters(codec="utf-8"), max_size=200)


@given(name=TEXT, subject=TEXT, body=TEXT)
def test_any_name_subject_and_text_come_back_as_they_went_in(name: str, subject: str, body: str) -> None:
    mail = Mail(
        message_id="a.1@b",
        thread="t@b",
        sent_on=NOW,
        sender=SENDER,
        to=[(plain(name), "a@example.org")],
        reply_to=[],
        subject=plain(subject),
        text=body,
    )
    content = compose(mail)
    assert content == compose(mail)
    assert max(map(len, content.split(b"\n"))) <= 100
    message = cast(EmailMessage, message_from_bytes(content, policy=policy.default))
    assert message.keys()[:3] == ["Message-ID", "Date", "From"]
    assert len(message.keys()) == 9 + bool(plain(subject))  # no header more
    # Not the newer parser: it keeps the line break between the encoded words of a name (RFC 2047, 6.2 says to ignore it).
    encoded, address = parseaddr(message_from_bytes(content)["To"])
    assert address == "a@example.org"
    assert str(make_header(decode_header(encoded))) == plain(name)
    assert (message["Subject"] or "") == plain(subject)
    assert message.get_content() == body


@pytest.mark.parametrize("address", ["a", "a@", "@b", "a b@c", "a@b c", "a@b\nBcc: x@y", "ă@b.vn", "a@.b", "a..b@c", "<a@b>", ""])
def test_unusable_addresses_are_refused(address: str) -> None:
    assert not addresses.usable(address)
    mail = Mail(message_id="a@b", thread="t@b", sent_on=NOW, sender=SENDER, to=[("A", address)], reply_to=[], subject="", text="")
    with pytest.raises(InputError):
        compose(mail)


@pytest.mark.parametrize("text", ["a\nBcc: x@y.vn", "a\r\n\r\nb", "a\x00", "a\u2028b", "a\u202eb"])
def test_a_header_with_a_line_break_or_something_invisible_is_refused(text: str) -> None:
    to = [("A", "a@example.org")]
    for subject, name in ((text, "A"), ("s", text)):
        mail = Mail(
            message_id="a@b",
            thread="t@b",
            sent_on=NOW,
            sender=SENDER,
            to=[(name, to[0][1])],
            reply_to=[],
            subject=subject,
            text="",
        )
        with pytest.raises(InputError, match="cannot stand in a header"):
            compose(mail)


def test_addresses_are_split_at_commas_semicolons_and_space() -> None:
    assert addresses.split(" a@b.vn, c@d.vn;e@f.vn\n a@b.vn ") == ["a@b.vn", "c@d.vn", "e@f.vn"]
    assert addresses.split(" ,; ") == []


def test_three_thousand_units_are_expanded_in_a_moment(database: Database) -> None:
    with database.write() as connection:
        plan, first, last = prepare(connection, recipients=3_321)
        ask(connection, {"notice": "dissemination_letter", "plan": plan, "instances": [first, last]})
    begun = dt.datetime.now()
    found = expanded(database)
    assert len(found) == 3_321
    assert (dt.datetime.now() - begun).total_seconds() < 20
