"""A plan with its units and recipients, put into the tables by hand, for tests of notices."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import events
from engine.clock import to_micros
from engine.database import Database
from engine.tables import definition, event, instance, meta, outbox
from workflows.plans import Conference, Deadline, Plan, Recipient, Recurring, Reference, Signer, Task
from workflows.tables import plan as plans
from workflows.tables import unit

NOW = dt.datetime(2026, 3, 2, 2, 30, tzinfo=dt.UTC)  # 9:30 in Hà Nội
ISSUER = "XU"
PLAN = Plan(
    number="12-KH/XU",
    symbol="KH/XU",
    date=dt.date(2026, 3, 2),
    place="Đồi Sim",
    type="KH",
    title="Học tập, quán triệt nghị quyết về nước sạch",
    issuer="Ban Thường vụ Đảng ủy xã Đồi Sim",
    signer=Signer(authority="T/M BAN THƯỜNG VỤ", title="BÍ THƯ", name="Đinh Thị Sen"),
    basis=(Reference(number="45-KH/TU", date=dt.date(2026, 2, 9), type="KH", issuer="Ban Thường vụ Tỉnh ủy"),),
    recipients=(
        Recipient(text="Các chi bộ trực thuộc", purpose="act", units=("CB-1", "CB-2"), line=40),
        Recipient(text="Thường trực Tỉnh ủy", purpose="report", line=39),
    ),
    tasks=(
        Task(
            heading="III.1",
            unit="Các chi bộ trực thuộc",
            role="lead",
            gist="tổ chức học tập",
            due_date=dt.date(2026, 3, 31),
            line=20,
        ),
        Task(heading="III.2", unit="Văn phòng Đảng ủy", gist="theo dõi, đôn đốc việc thực hiện", line=22),
    ),
    deadlines=(
        Deadline(phrase="xong trong tháng 3/2026", line=15, due_date=dt.date(2026, 3, 31)),
        Deadline(phrase="ngay sau hội nghị", line=16),
    ),
    recurring=(
        Recurring(
            phrase="trước 15h00 thứ Tư hằng tuần",
            frequency="weekly",
            weekday="wed",
            time=dt.time(15),
            via="Văn phòng Đảng ủy",
            line=24,
        ),
    ),
    conferences=(
        Conference(id="2.1", title="Hội nghị cấp xã", form="online", held_by="issuer", due_date=dt.date(2026, 3, 20), line=10),
        Conference(id="2.2", title="Hội nghị chi bộ", held_by="recipients", after="2.1", due_date=dt.date(2026, 3, 31), line=12),
    ),
)
DUE = to_micros(dt.datetime(2026, 3, 31, 17, tzinfo=dt.UTC))  # the end of 31 March in Hà Nội


def prepare(connection: Connection, *, recipients: int = 2, plan: Plan = PLAN) -> tuple[int, int, int]:
    """Instance 1 is the plan; units CB-1 … are its recipients. Returns (plan, first, last) instance ids."""
    connection.execute(sa.delete(meta).where(meta.c.key == "installation"))
    connection.execute(sa.insert(meta).values(key="installation", value="3f2a9c"))
    for id, name in ((1, "plan"), (2, "recipient"), (3, "conference")):
        connection.execute(sa.insert(definition).values(id=id, name=name, version=1, digest=name, source="{}"))
    add_unit(connection, ISSUER, "Đảng ủy xã Đồi Sim", "van-thu@doisim.example")
    add_instance(connection, 1, ISSUER, definition_id=1)
    codes = [f"CB-{n}" for n in range(1, recipients + 1)]
    rows = [unit_row(code, f"Chi bộ thôn {n}", f"{code.lower()}@doisim.example") for n, code in enumerate(codes, 1)]
    connection.execute(sa.insert(unit), rows)
    connection.execute(sa.insert(instance), [instance_row(2 + n, code, due_at=DUE) for n, code in enumerate(codes)])
    body = json.dumps(plan.to_json(), ensure_ascii=False, sort_keys=True)
    row = {"instance_id": 1, "number": plan.number, "date": str(plan.date), "issuer": ISSUER, "title": plan.title}
    connection.execute(sa.insert(plans).values(**row, digest=plan.digest(), body=body))
    return 1, 2, 1 + recipients


def unit_row(code: str, name: str, email: str) -> dict[str, str]:
    """Values of a row of pc_unit."""
    return {"code": code, "name": name, "folded": name.casefold(), "kind": "cell", "email": email}


def add_unit(connection: Connection, code: str, name: str, email: str) -> None:
    """A unit of the directory."""
    connection.execute(sa.insert(unit).values(**unit_row(code, name, email)))


def instance_row(id: int, assignee: str, *, definition_id: int = 2, key: str = "", due_at: int | None = None) -> dict[str, Any]:
    """Values of a row of pc_instance below the plan, or of the plan itself (id 1)."""
    return {
        "id": id,
        "parent_id": None if id == 1 else 1,
        "case_id": 1,
        "path": "1." if id == 1 else f"1.{id}.",
        "definition_id": definition_id,
        "assignee": assignee,
        "key": key,
        "state": "issued",
        "rank": 0,
        "standing": "open",
        "due_at": due_at,
        "revision": 1,
        "head": bytes(32),
    }


def add_instance(connection: Connection, id: int, assignee: str, **values: Any) -> None:
    """An instance of the plan's case."""
    connection.execute(sa.insert(instance).values(**instance_row(id, assignee, **values)))


def add_start(connection: Connection, instance_id: int, data: dict[str, Any]) -> None:
    """The first event of an instance."""
    body = events.encode(type=events.STARTED, occurred_at=0, recorded_at=0, actor="a", cause=None, data=data)
    connection.execute(sa.insert(event).values(instance_id=instance_id, seq=1, recorded_at=0, body=body, hash=bytes(32)))


def add_move(connection: Connection, instance_id: int, seq: int, data: dict[str, Any], at: dt.datetime = NOW) -> None:
    """A move in an instance's history."""
    micros = to_micros(at)
    body = events.encode(type=events.MOVED, occurred_at=micros, recorded_at=micros, actor="a", cause=None, data=data)
    row = {"instance_id": instance_id, "seq": seq, "recorded_at": micros, "body": body, "hash": bytes(32)}
    connection.execute(sa.insert(event).values(**row))


def ask(connection: Connection, payload: object, *, topic: str = "notice", at: dt.datetime = NOW) -> int:
    """Leave an outbox entry, as a transition does; returns its id."""
    values = {"topic": topic, "payload": json.dumps(payload), "recorded_at": to_micros(at)}
    return int(connection.execute(sa.insert(outbox).values(**values).returning(outbox.c.id)).scalar_one())


def ask_letters(database: Database, *, recipients: int = 2, copies: Sequence[str] = ()) -> int:
    """A prepared database with one request for letters to all; returns the outbox entry's id."""
    with database.write() as connection:
        plan, first, last = prepare(connection, recipients=recipients)
        request = {"notice": "dissemination_letter", "plan": plan, "instances": [first, last]}
        return ask(connection, {**request, "copies": list(copies)} if copies else request)
