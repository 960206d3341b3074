"""Plays a plan of the centre through a sample of the country, day by day, by the same operations that people use.

The centre addresses the provinces; each issues a plan of its own below it to its communes; each commune passes that on to the
units below. Every move follows from the seed and the calendar of the simulation: the same seed ends in the same history.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from engine import store
from engine.clock import from_micros, to_micros
from engine.database import Database
from engine.errors import GuardRefused, InputError
from engine.instance import Instance
from engine.runtime import MoveRequest, UnitOfWork
from engine.where import Where
from workflows import behaviour, bootstrap, directory, operations, register, status
from workflows.calendar import ZONE
from workflows.installation import By, Installation, open_installation
from workflows.national.sample import ON, Sample
from workflows.operations import Advance, Issuing
from workflows.plans import Conference, Deadline, Plan, Recipient, Reference
from workflows.register import Registered
from workflows.status import PlanStatus

OPERATOR = "mo-phong"  # who acts for everybody
DAYS = 30
EARLIER = 4  # days by which a province asks for the reports before the centre does
HELD_ON = 2  # the day on which the issuer holds its conferences
TOGETHER = 50  # communes whose units are recorded in one transaction
PLAN = Plan(
    number="01-KH/TW",
    date=date(2025, 9, 8),
    type="KH",
    title="Kế hoạch mô phỏng: một văn bản từ Trung ương đến chi bộ",
    issuer="Trung ương",
    deadlines=(Deadline(phrase="chậm nhất ngày 30/9/2025", due_date=date(2025, 9, 30)),),
    conferences=(
        Conference(id="1", title="Hội nghị toàn quốc", form="hybrid", due_date=date(2025, 9, 12), held_by="issuer"),
    ),
    recipients=(Recipient(text="Các tỉnh ủy, thành ủy trực thuộc Trung ương", purpose="act", group="TINH-TP"),),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a day brought."""

    number: int  # 0: the day on which the plan was issued
    date: date
    moves: int  # made by units, and returns; moves that followed by themselves are not counted
    status: PlanStatus  # of the centre's plan, at the end of the day


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A unit that is late."""

    unit: str  # code
    name: str
    above: str  # name of the unit above
    state: str
    due_at: int  # microseconds UTC


@dataclass(slots=True)
class Simulation:
    """A simulation in a database of its own, and where it stands."""

    installation: Installation
    sample: Sample
    seed: int
    plan: Plan
    id: int = 0  # of the centre's plan
    running: list[Registered] = field(default_factory=list)  # the plans whose units are played
    returning: dict[int, list[int]] = field(default_factory=dict)  # plan -> reports that are returned tomorrow

    # -- what is there before the first day ----------------------------------------------------------------------------

    def record_units(self, progress: Callable[[int], None] = lambda _units: None) -> None:
        """Put the sample into the directory; ``progress`` is told the units done so far."""
        done = 0
        for parts in store.batches(self.sample.parts(), TOGETHER):
            with self.installation.database.write() as connection:
                for part in parts:
                    directory.import_units(connection, part)
                    done += len(part.units)
            progress(done)

    def issue(self) -> None:
        """Issue the centre's plan."""
        by = self._by(0, time(8))
        issuing = Issuing(plan=self.plan, issuer="TW", allow_unresolved=True)
        self._add(operations.issue_plan(self.installation, issuing, by).id)

    # -- a day ---------------------------------------------------------------------------------------------------------

    def play(self, number: int, progress: Callable[[int], None] = lambda _plans: None) -> Day:
        """One day: reports come back, units move, provinces issue. ``progress`` is told the plans done so far."""
        moves = self._hold_conferences(number)
        for done, plan in enumerate(list(self.running), 1):
            moves += self._play(plan, number)
            progress(done)
        with self.installation.database.read() as connection:
            stands = status.plan_status(connection, f"#{self.id}", now=self.evening(number))
        return Day(number=number, date=self._date(number), moves=moves, status=stands)

    def overdue(self, number: int, limit: int) -> list[Overdue]:
        """The units that are late at the end of a day, those due first on top."""
        where = Where(kind="recipient", standing=("open",), due_before=to_micros(self.evening(number)) + 1)
        with self.installation.database.read() as connection:
            late = list(store.select(connection, where, order="due", limit=limit))
            names = status.unit_names(connection, {each.assignee for each in late})
            above = {each.assignee: directory.ancestors(connection, each.assignee)[:1] for each in late}
        return [
            Overdue(
                unit=each.assignee,
                name=names[each.assignee],
                above="".join(unit.name for unit in above[each.assignee]),
                state=each.state,
                due_at=each.due_at or 0,
            )
            for each in late
        ]

    def evening(self, number: int) -> datetime:
        """The end of a day's work."""
        return self._by(number, time(20)).now

    def _hold_conferences(self, number: int) -> int:
        held = [each for each in self.plan.conferences if each.held_by == "issuer"] if number == HELD_ON else []
        for conference in held:
            advance = Advance(plan=f"#{self.id}", unit=f"conference:{conference.id}", trigger="hold")
            operations.advance_unit(self.installation, advance, self._by(number, time(8)))
        return len(held)

    def _play(self, plan: Registered, number: int) -> int:
        """One day of one plan: its returns in the morning, everything else in the afternoon, each one transaction."""
        moves = 0
        returned = self.returning.pop(plan.id, [])
        if returned:
            with self.installation.work(self._by(number, time(9))) as work:
                for id in returned:
                    work.fire(store.get(work.connection, id), MoveRequest(trigger="return", reason="Chưa có số liệu."))
            moves += len(returned)
        provinces: list[Instance] = []
        choices = self._choices(plan, number)
        if not any(choices.values()):
            return moves
        with self.installation.work(self._by(number, time(16))) as work:
            for trigger, chosen in choices.items():
                moved = _fire(work, chosen, trigger)
                moves += len(moved)
                if trigger == "disseminate":
                    provinces += self._pass_on(work, plan, moved)
                else:
                    self.returning[plan.id] = [each.id for each in moved if self._is_returned(each)]
        for province in provinces:
            self._issue_below(plan, province, number)
        return moves

    def _choices(self, plan: Registered, number: int) -> dict[str, list[Instance]]:
        """What the open units of a plan do on this day: trigger -> instances."""
        chosen: dict[str, list[Instance]] = {"disseminate": [], "report": []}
        left: dict[int | None, int] = {}  # due date -> days until then: there are few
        with self.installation.database.read() as connection:
            for each in store.select(connection, Where(case_id=plan.id, kind="recipient", standing=("open",))):
                code, superior = each.assignee, _is_superior(each.assignee)
                if each.due_at not in left:
                    left[each.due_at] = self._days_left(each.due_at, number)
                manner = behaviour.manner_of(self.seed, code, superior)
                drawn = behaviour.chance(self.seed, code, number)
                trigger = behaviour.step(manner, each.state, left[each.due_at], superior, drawn)
                if trigger is not None:
                    chosen[trigger].append(each)
        return chosen

    def _pass_on(self, work: UnitOfWork, plan: Registered, moved: list[Instance]) -> list[Instance]:
        """Communes pass the plan on to the units below; returns the provinces, which issue plans of their own."""
        places = {code: place for place, code in enumerate(each.code for each in self.sample.communes)} if moved else {}
        for each in moved:
            if each.assignee in places:
                operations.pass_on(work, plan, each, [cell.code for cell in self.sample.cells_of(places[each.assignee])])
        return [each for each in moved if each.assignee.startswith("T")]

    def _issue_below(self, higher: Registered, province: Instance, number: int) -> None:
        """A province's own plan, which carries the higher one out."""
        due = from_micros(province.due_at).astimezone(ZONE).date() - timedelta(days=1 + EARLIER) if province.due_at else None
        plan = Plan(
            number=f"{int(province.assignee[1:]):02d}-KH/TU",
            date=self._date(number),
            type="KH",
            title=f"Kế hoạch thực hiện Kế hoạch số {higher.number}",
            issuer=province.assignee,
            basis=(Reference(number=higher.number, date=higher.date),),
            deadlines=(Deadline(phrase=f"trước ngày {due + timedelta(days=1):%d/%m/%Y}", due_date=due),) if due else (),
            recipients=(Recipient(text="Các xã, phường, đặc khu", purpose="act", group="XA-PHUONG-DK"),),
        )
        issuing = Issuing(plan=plan, issuer=province.assignee, under=f"#{higher.id}")
        self._add(operations.issue_plan(self.installation, issuing, self._by(number, time(17))).id)

    # -- small things --------------------------------------------------------------------------------------------------

    def _add(self, id: int) -> None:
        self.id = self.id or id
        with self.installation.database.read() as connection:
            self.running += register.of_ids(connection, [id])

    def _is_returned(self, before: Instance) -> bool:
        """Whether the report that an instance has just made comes back: once for those who behave so."""
        code = before.assignee
        return before.state != "returned" and behaviour.manner_of(self.seed, code, _is_superior(code)) == "returned"

    def _days_left(self, due_at: int | None, number: int) -> int:
        if due_at is None:
            return DAYS - number
        last = from_micros(due_at).astimezone(ZONE).date() - timedelta(days=1)
        return (last - self._date(number)).days

    def _date(self, number: int) -> date:
        assert self.plan.date is not None
        return self.plan.date + timedelta(days=number)

    def _by(self, number: int, clock: time) -> By:
        return By(operator=OPERATOR, now=datetime.combine(self._date(number), clock, ZONE))


def prepare(database: Database, sample: Sample, *, seed: int, plan: Plan = PLAN) -> Simulation:
    """A simulation in a database that is not there yet; raises InputError where it is, or where the plan has no date."""
    if database.exists() and database.revision() is not None:
        raise InputError(
            f"{database.name} is in use: a simulation takes a database of its own.",
            remedy="Name a new one with --db, or none to use one that is thrown away.",
        )
    if plan.date is None or plan.date < ON:
        raise InputError(
            f"The plan is of {plan.date or 'no day'}; it is played in the provinces and communes that there are since {ON}.",
            file=plan.source,
            remedy="Write a later 'date:' into the plan file.",
        )
    bootstrap.prepare(database, By(operator=OPERATOR, now=datetime.combine(plan.date, time(), ZONE)))
    return Simulation(installation=open_installation(database), sample=sample, seed=seed, plan=plan)


def _fire(work: UnitOfWork, instances: list[Instance], trigger: str) -> list[Instance]:
    """Make a move on many; where a conference has to be held before, that is the move. Returns those that made the first one."""
    result = work.fire_many(instances, MoveRequest(trigger=trigger), mode="each")
    waiting = [each.instance for each in result.refused if isinstance(each.error, GuardRefused)]
    if waiting and trigger == "report":
        work.fire_many(waiting, MoveRequest(trigger="hold_conference"), mode="each")
    moved = set(result.moved)
    return [each for each in instances if each.id in moved]


def _is_superior(code: str) -> bool:
    """Whether a unit of the sample has others below: what stands below a commune has a dot in its code."""
    return "." not in code
