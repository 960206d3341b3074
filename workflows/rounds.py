"""Opens the rounds of recurring reports as their periods begin: one report_round per obligation, period and unit.

A round hangs below the unit's own instance, or below the plan where the unit only consolidates. Periods that ended before the
plan was recorded here are not opened: nobody could have been asked for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from engine import events, spawning, store
from engine.clock import to_micros
from engine.definition import SYSTEM
from engine.instance import Instance
from engine.runtime import NewChild, UnitOfWork
from engine.where import Where
from workflows import calendar, duties, register, resolve
from workflows.installation import By, Installation
from workflows.plans import Recurring
from workflows.register import Registered


def open_rounds(installation: Installation, now: datetime) -> int:
    """Open every round that has begun and is not open yet, in one transaction per plan; returns how many."""
    with installation.database.read() as connection:
        running = [plan for plan in register.all_plans(connection) if store.get(connection, plan.id).standing == "open"]
        waiting = spawning.under_way(connection)  # a unit's rounds hang below its own instance, which must be there
        recurring = [plan for plan in running if plan.id not in waiting and register.body(connection, plan.id).recurring]
    return sum(_open(installation, plan, now) for plan in recurring)


def _open(installation: Installation, plan: Registered, now: datetime) -> int:
    with installation.work(By(operator=SYSTEM, now=now)) as work:
        body = register.body(work.connection, plan.id)
        today = now.astimezone(calendar.ZONE).date()
        opened = {
            (each.assignee, each.key) for each in store.select(work.connection, Where(case_id=plan.id, kind="report_round"))
        }
        parents = {each.assignee: each for each in store.select(work.connection, Where(case_id=plan.id, kind="recipient"))}
        count = 0
        for place, obligation in enumerate(body.recurring, 1):
            units = _reporters(work, plan, obligation, parents, today)
            for child, unit in _rounds(work, plan, obligation, place, units, today):
                if (child.assignee, child.key) not in opened:
                    work.spawn(parents.get(unit) or store.get(work.connection, plan.id), "report_round", [child])
                    count += 1
        return count


def _reporters(
    work: UnitOfWork, plan: Registered, obligation: Recurring, parents: Mapping[str, Instance], today: date
) -> list[str]:
    """The units that an obligation names; every acting unit where its words name none."""
    found = resolve.resolve_all(work.connection, obligation.who, issuer=plan.issuer, on=today)
    named = [unit.code for each in found for unit in each.units]
    if not named and not obligation.consolidates:
        named = [code for code, instance in parents.items() if work.started(instance).get("purpose") == "act"]
    return [code for code in dict.fromkeys(named) if code not in parents or parents[code].standing != "out"]


def _rounds(
    work: UnitOfWork, plan: Registered, obligation: Recurring, place: int, units: Iterable[str], today: date
) -> Iterator[tuple[NewChild, str]]:
    for each in calendar.rounds(obligation, first=_recorded_on(work, plan), last=today):
        due_at = to_micros(each.due.due_at) if each.due.due_at else None
        data = {"due_from": duties.due_from(each.due), **({"via": obligation.via} if obligation.via else {})}
        for unit in units:
            yield NewChild(unit, f"round:{place}/{each.period}", due_at, data), unit


def _recorded_on(work: UnitOfWork, plan: Registered) -> date:
    """The day on which the plan was recorded here."""
    body = store.first_bodies(work.connection, [plan.id])[plan.id]
    return datetime.fromisoformat(events.decode(body)["recorded"]).astimezone(calendar.ZONE).date()
