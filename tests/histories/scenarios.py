"""One scenario per definition, from which the golden histories were recorded: every state of it is passed through.

``python -m tests.histories.scenarios`` records them anew, in case a new event version or definition version makes that
necessary; a changed history needs a line in the changelog.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from engine import store
from engine.clock import to_micros
from engine.database import Database
from engine.deadlines import Deadlines
from engine.instance import Instance
from engine.migrations import upgrade
from engine.runtime import MoveRequest, NewChild, Runtime
from engine.where import EVERYTHING
from tests.kit import MORNING, everything, runtime, working

FOLDER = Path(__file__).parent
DUE = to_micros(MORNING + timedelta(minutes=30))


class Story:
    """Tells a scenario to a runtime, one minute per move."""

    def __init__(self, rt: Runtime) -> None:
        self.runtime = rt
        self.minutes = 0

    def begin(self, kind: str, child: NewChild, under: int | None = None) -> int:
        self.minutes += 1
        with working(self.runtime, self.minutes) as work:
            if under is None:
                return work.start(kind, child).id
            return work.spawn(store.get(work.connection, under), kind, [child])[0]

    def fall_due(self) -> None:
        """What is open and past its due date by now."""
        Deadlines(self.runtime).sweep(MORNING + timedelta(minutes=self.minutes))

    def move(self, id: int, trigger: str, **given: Any) -> None:
        self.minutes += 1
        with working(self.runtime, self.minutes) as work:
            work.fire(store.get(work.connection, id), MoveRequest(trigger=trigger, **given))


def plan(story: Story) -> None:
    """A plan that is suspended, resumed, carried out by roll-up, reopened, done again; one withdrawn; one superseded."""
    one = story.begin("plan", NewChild("TU", data={"conferences": 1}))
    unit = story.begin("recipient", NewChild("PHUONG-1", data={"conference": "2.3"}), one)
    story.move(one, "suspend", reason="bão số 3")
    story.move(one, "resume", reason="bão đã tan")
    for trigger in ("disseminate", "hold_conference", "report"):
        story.move(unit, trigger)
    story.move(unit, "return", reason="thiếu số liệu")
    story.move(unit, "report")
    for trigger, fields in (("withdraw", {}), ("supersede", {"by": "09-KH/TU"})):
        other = story.begin("plan", NewChild("TU"))
        story.move(other, trigger, reason="có văn bản mới", fields=fields)


def recipient(story: Story) -> None:
    """Units on time, late, corrected, returned, extended, excused and readmitted, suspended, withdrawn, superseded."""
    top = story.begin("plan", NewChild("TU"))

    def unit(name: str) -> int:
        return story.begin("recipient", NewChild(name, due_at=DUE), top)

    prompt = unit("PHUONG-1")
    story.move(prompt, "disseminate", fields={"channels": "loa, họp tổ dân phố", "audience": "120"})
    story.move(prompt, "correct", reason="ghi nhầm đơn vị")
    story.move(prompt, "disseminate")
    story.move(prompt, "report", fields={"summary": "đã hoàn thành", "participants": "118"}, note="kèm ảnh")
    story.move(prompt, "return", reason="thiếu số liệu")
    story.move(prompt, "report", occurred_at=MORNING + timedelta(minutes=3))
    excused = unit("PHUONG-2")
    story.move(excused, "excuse", reason="đã sáp nhập")
    story.move(excused, "readmit", reason="nhầm")
    story.move(excused, "suspend", reason="bão")
    story.move(excused, "resume", reason="hết bão")
    for name, trigger in (("PHUONG-3", "withdraw"), ("PHUONG-4", "supersede"), ("PHUONG-5", "excuse")):
        story.move(unit(name), trigger, reason="theo chỉ đạo")
    held = story.begin("recipient", NewChild("PHUONG-6", data={"conference": "2.3"}), top)
    story.move(held, "disseminate")
    below = story.begin("conference", NewChild("PHUONG-6", "conference:2.3"), held)
    story.move(below, "hold", fields={"participants": "80"})
    late = unit("PHUONG-7")
    story.minutes = 40
    story.fall_due()
    story.move(late, "extend", reason="mưa lũ", fields={"due": MORNING + timedelta(minutes=41)})
    story.move(late, "disseminate")
    story.move(late, "report")


def conference(story: Story) -> None:
    """A conference invited, postponed, invited again, held, corrected, held; one cancelled; one suspended, then withdrawn."""
    top = story.begin("plan", NewChild("TU"))
    one = story.begin("conference", NewChild("TU", "conference:2.1", DUE), top)
    story.move(one, "invite", fields={"venue": "Hội trường lớn", "starts_at": MORNING + timedelta(hours=1)})
    story.move(one, "postpone", reason="trùng lịch", fields={"until": "2025-03-28"})
    story.move(one, "invite")
    story.move(one, "hold", fields={"participants": "210", "chair": "Bí thư"})
    story.move(one, "correct", reason="ghi nhầm ngày")
    story.move(one, "hold")
    story.move(story.begin("conference", NewChild("TU", "conference:2.2"), top), "cancel", reason="không cần nữa")
    other = story.begin("conference", NewChild("TU", "conference:2.3"), top)
    for trigger in ("suspend", "resume", "withdraw"):
        story.move(other, trigger, reason="theo chỉ đạo")


def report_round(story: Story) -> None:
    """Rounds submitted, returned, accepted; one missed; one suspended, then withdrawn."""
    top = story.begin("plan", NewChild("TU"))

    def of(week: int) -> int:
        return story.begin("report_round", NewChild("PHUONG-1", f"round:weekly/2025-W{week}", DUE), top)

    first = of(12)
    story.move(first, "submit", fields={"summary": "dư luận ổn định"})
    story.move(first, "return", reason="thiếu ý kiến")
    story.move(first, "submit")
    story.move(first, "accept")
    story.move(first, "return", reason="số liệu sai")
    story.move(first, "submit")
    story.move(first, "accept")
    story.move(of(13), "miss", reason="không báo cáo")
    other = of(14)
    for trigger in ("suspend", "resume", "withdraw"):
        story.move(other, trigger, reason="theo chỉ đạo")


SCENARIOS: dict[str, Callable[[Story], None]] = {each.__name__: each for each in (plan, recipient, conference, report_round)}


def record(name: str, database: Database) -> dict[str, Any]:
    """Tell a scenario to a database and write down everything that came of it."""
    SCENARIOS[name](Story(runtime(database)))
    with database.read() as connection:
        definitions = [row._asdict() for row in store.definitions(connection)]
        history = [[*row[:3], row[3].decode(), row[4].hex()] for row in store.history(connection, EVERYTHING)]
    return {"definitions": definitions, "history": history, "instances": [plain(each) for each in everything(database).values()]}


def plain(instance: Instance) -> dict[str, Any]:
    """An instance as JSON."""
    return {**instance._asdict(), "head": instance.head.hex()}


def main() -> None:
    """Record every golden history anew."""
    for name in SCENARIOS:
        with tempfile.TemporaryDirectory() as folder:
            database = Database(f"sqlite:///{folder}/golden.db")
            upgrade(database)
            text = json.dumps(record(name, database), ensure_ascii=False, indent=1)
            (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")
            database.close()


if __name__ == "__main__":
    main()
