"""A plan running in the example city, for tests of what people see: issued, disseminated by some, late, forwarded, returned."""

from __future__ import annotations

import datetime as dt

from engine.database import Database
from workflows import directory
from workflows.installation import By, Installation, open_installation
from workflows.operations import Advance, Attachment, Issuing, advance_unit, forward_plan, issue_plan
from workflows.plans import Conference, Deadline, Plan, Recipient, Reference
from workflows.resources import examples_folder

OPERATORS = (("thu", "clerk"), ("hoa", "coordinator"), ("kiem", "auditor"))  # name, role everywhere
HIGHER = Plan(
    number="45-KH/TU",
    date=dt.date(2025, 2, 10),
    type="KH",
    title="Kế hoạch học tập nghị quyết về nước sạch trong tỉnh",
    issuer="Tỉnh ủy Lam Giang",
    basis=(Reference(number="12-NQ/TW", date=dt.date(2025, 1, 6), type="NQ", issuer="Ban Chấp hành Trung ương"),),
    deadlines=(Deadline(phrase="chậm nhất ngày 15/4/2025", due_date=dt.date(2025, 4, 15), line=30),),
    recipients=(Recipient(text="Thành ủy Sông Mây", purpose="act", units=("TP",), line=40),),
)
PLAN = Plan(
    number="12-KH/TU",
    date=dt.date(2025, 3, 3),
    type="KH",
    title="Kế hoạch học tập nghị quyết về nước sạch [đợt 1]",
    issuer="Thành ủy Sông Mây",
    basis=(Reference(number="45-KH/TU", date=dt.date(2025, 2, 10), type="KH", issuer="Tỉnh ủy Lam Giang"),),
    deadlines=(Deadline(phrase="chậm nhất ngày 31/3/2025", due_date=dt.date(2025, 3, 31), line=31),),
    conferences=(
        Conference(id="2.1", title="Hội nghị thành phố", held_by="issuer", due_date=dt.date(2025, 3, 14), line=12),
        Conference(id="2.2", title="Hội nghị cơ sở", tier="Đảng ủy các phường, xã", held_by="recipients", after="2.1", line=14),
    ),
    recipients=(
        Recipient(text="Đảng ủy các phường, xã", purpose="act", group="PX", line=50),
        Recipient(text="Các ban xây dựng Đảng", purpose="coordinate", units=("TP.BTGDV",), line=51),
        Recipient(text="Tỉnh ủy", purpose="report", units=("TINH",), line=52),
    ),
)


def day(month: int, day: int, hour: int = 9) -> dt.datetime:
    """A moment of the cascade, Vietnam's clock."""
    return dt.datetime(2025, month, day, hour, tzinfo=dt.timezone(dt.timedelta(hours=7)))


def settle_in(database: Database) -> Installation:
    """The example city's directory, and three operators."""
    with database.write() as connection:
        directory.import_units(connection, directory.parse(examples_folder() / "city" / "units.yaml"))
        for name, role in OPERATORS:
            directory.add_operator(connection, name)
            directory.grant(connection, name, role, "*")
    return open_installation(database)


def play(database: Database) -> Installation:
    """The province's plan, the city's below it, and a month of moves."""
    city = settle_in(database)
    issue_plan(city, Issuing(plan=HIGHER), By(operator="hoa", now=day(2, 10)))
    issue_plan(city, Issuing(plan=PLAN, under="45-KH/TU"), By(operator="hoa", now=day(3, 3)))
    move(city, "2.1", "hold", day(3, 12))
    forward_plan(city, "12-KH/TU", "P.MT", ["P.MT.CB1", "P.MT.CB2"], By(operator="hoa", now=day(3, 13)))
    for unit in ("P.TT", "P.AL", "P.MT", "P.MT.CB1", "X.GS", "TP.BTGDV"):
        move(city, unit, "disseminate", day(3, 14), on=day(3, 13))
    for unit in ("P.TT", "P.AL", "X.GS", "P.MT.CB1"):
        move(city, unit, "hold_conference", day(3, 20), on=day(3, 19), participants=120)
    paper = Attachment(name="bao-cao.txt", content="Đã học tập xong.".encode())
    for unit in ("P.TT", "P.AL"):
        move(city, unit, "report", day(3, 28), attachments=(paper,), summary="Đã học tập xong")
    move(city, "P.AL", "return", day(3, 29), by="hoa", reason="thiếu số liệu [bảng 2]")
    move(city, "X.GS", "report", day(4, 2))
    move(city, "P.VN", "excuse", day(3, 18), by="hoa", reason="đang sáp nhập")
    return city


def move(
    city: Installation,
    unit: str,
    trigger: str,
    now: dt.datetime,
    *,
    by: str = "thu",
    on: dt.datetime | None = None,
    reason: str | None = None,
    attachments: tuple[Attachment, ...] = (),
    **fields: object,
) -> None:
    """One move of a unit of the city's plan."""
    advance = Advance(plan="12-KH/TU", unit=unit, trigger=trigger, on=on, reason=reason, fields=fields, attachments=attachments)
    advance_unit(city, advance, By(operator=by, now=now))
