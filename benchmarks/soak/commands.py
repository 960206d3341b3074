"""The commands that a client gives: drawn at random from what it sees, and given through the operations that people use.

A command is data, so that it can be kept in a journal and given again. Its key stands in the events that it makes, as their
note or reason: so whoever reads the history finds out whether it was done, and how often.
"""

from __future__ import annotations

import dataclasses
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from benchmarks.soak import reading
from benchmarks.soak.scene import COMMUNES, TIER, TOP, cells_of
from engine import store
from engine.definition import SYSTEM
from engine.instance import Instance
from engine.where import Where
from workflows.calendar import ZONE
from workflows.installation import By, Installation
from workflows.issuing import Issuing, issue_plan
from workflows.operations import Advance, Bulk, advance_unit, bulk_advance, forward_plan
from workflows.plans import Conference, Deadline, Plan, Recipient
from workflows.steering import steer

KINDS = {
    "advance": 50,
    "bulk": 14,
    "steer": 8,
    "forward": 6,
    "issue": 8,
    "read": 12,
    "command_line": 2,
}  # how often each is drawn
# How often each move is drawn among those that are permitted; the others once.
TRIGGERS = {"disseminate": 20, "hold_conference": 20, "hold": 20, "report": 20, "return": 3, "resume": 6, "readmit": 3}
KEYED = ("advance", "issue")  # kinds with an idempotency key: what may be given again


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something to be done. What a kind does not need is empty."""

    key: str  # names it: no other command has the same
    kind: str  # one of KINDS
    plan: int = 0  # id of its instance
    unit: str = ""  # code, or key of a conference
    trigger: str = ""
    state: str = ""  # of the units that a bulk move takes
    each: bool = False  # a bulk move goes past refusals
    units: tuple[str, ...] = ()  # codes: whom a plan addresses, or is passed on to
    day: str = ""  # of a new plan, ISO
    due: str = ""  # ISO
    conferences: bool = False  # of a new plan
    background: bool = False  # a new plan's units get their instances from a worker


class CommandLineFailed(Exception):
    """A command of the command line ended otherwise than documented."""


# -- drawing -----------------------------------------------------------------------------------------------------------


def draw(
    chance: random.Random, connection: Connection, installation: Installation, key: str, known: Sequence[int], plans: int
) -> Command:
    """A command that could be given now. ``known``: plans seen before, which may have ended; ``plans``: as many run at once."""
    running = [each.id for each in store.select(connection, Where(kind="plan", standing=("open", "paused")))]
    kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
    if not running or (kind == "issue" and len(running) < plans):
        return issue(chance, key)
    plan = chance.choice(known if known and chance.random() < 0.2 else running)
    units = list(store.select(connection, Where(case_id=plan)))[1:]
    if not units:  # a worker will see to them
        return Command(key=key, kind="read", plan=plan, unit=TOP)
    unit = chance.choice(units)
    if kind == "bulk":
        return _bulk(chance, installation, key, plan, unit, units)
    if kind == "steer":
        trigger = chance.choices(("suspend", "resume", "withdraw"), (6, 8, 1))[0]
        return Command(key=key, kind=kind, plan=plan, trigger=trigger, unit="" if chance.random() < 0.2 else unit.assignee)
    if kind == "read":
        return Command(key=key, kind=kind, plan=plan, unit=unit.assignee)
    if kind == "forward" and unit.assignee in COMMUNES:
        to = cells_of(unit.assignee)
        if chance.random() < 0.4 and len(running) < plans:
            return dataclasses.replace(issue(chance, key), plan=plan, unit=unit.assignee, units=to, conferences=False)
        return Command(key=key, kind=kind, plan=plan, unit=unit.assignee, units=tuple(chance.sample(to, chance.randint(1, 3))))
    return _advance(chance, installation, key, plan, unit, "command_line" if kind == "command_line" else "advance")


def issue(chance: random.Random, key: str) -> Command:
    """A plan of the top unit's, to some of the units below it."""
    today = datetime.now(ZONE).date()
    due = chance.choice((-1, 0, 7, None))  # days from now
    return Command(
        key=key,
        kind="issue",
        units=tuple(sorted(chance.sample(COMMUNES, chance.randint(2, len(COMMUNES))))),
        day=(today - timedelta(days=2)).isoformat(),
        due="" if due is None else (today + timedelta(days=due)).isoformat(),
        conferences=chance.random() < 0.4,
        background=chance.random() < 0.3,
    )


def _advance(chance: random.Random, installation: Installation, key: str, plan: int, unit: Instance, kind: str) -> Command:
    definition = installation.runtime.current["conference" if unit.key else "recipient"]
    permitted = [t.trigger for t in definition.transitions.values() if t.source == unit.state and t.role != SYSTEM]
    permitted = [trigger for trigger in permitted if trigger != "supersede"] or ["report"]
    trigger = chance.choices(permitted, [TRIGGERS.get(trigger, 1) for trigger in permitted])[0]
    due = (datetime.now(ZONE).date() + timedelta(days=chance.randint(2, 9))).isoformat() if trigger == "extend" else ""
    return Command(key=key, kind=kind, plan=plan, unit=unit.key or unit.assignee, trigger=trigger, due=due)


def _bulk(
    chance: random.Random, installation: Installation, key: str, plan: int, unit: Instance, units: Sequence[Instance]
) -> Command:
    states = sorted({each.state for each in units if not each.key and each.standing == "open"})
    state = chance.choice(states or ["issued"])
    trigger = {"issued": "disseminate", "disseminated": chance.choice(("hold_conference", "report"))}.get(state, "report")
    if chance.random() < 0.15:
        trigger = chance.choice(("excuse", "suspend"))
    below = unit.assignee if not unit.key and chance.random() < 0.3 else ""
    return Command(key=key, kind="bulk", plan=plan, trigger=trigger, state=state, each=chance.random() < 0.5, unit=below)


# -- giving ------------------------------------------------------------------------------------------------------------


def give(installation: Installation, url: str, operator: str, command: Command) -> dict[str, Any]:
    """Do what a command asks; returns what was answered, as the journal keeps it. Raises what the operation raises."""
    by = By(operator=operator, now=datetime.now(UTC))
    plan = f"#{command.plan}"
    match command.kind:
        case "issue":
            issued = issue_plan(installation, _issuing(command), by, background=command.background)
            return {"plan": issued.id, "units": command.units}
        case "advance":
            return _advanced(installation, command, by)
        case "bulk":
            bulk = Bulk(
                plan=plan, trigger=command.trigger, state=command.state, below=command.unit or None, note=command.key,
                reason=command.key, mode="each" if command.each else "all",
            )  # fmt: skip
            return {"moved": list(bulk_advance(installation, bulk, by).moved)}
        case "steer":
            steered = steer(installation, command.trigger, plan, by, reason=command.key, subtree=command.unit or None)
            return {"events": [[each.id, each.revision + 1] for each in steered.moved]}
        case "forward":
            forwarded = forward_plan(installation, plan, command.unit, command.units, by)
            return {"plan": command.plan, "units": [*forwarded.units, *forwarded.already]}
        case "read":
            reading.look(installation.database, command.plan, command.unit, by.now)
            return {}
        case _:
            return _typed(url, operator, command)


def _issuing(command: Command) -> Issuing:
    conferences = (
        Conference(id="1", title="Hội nghị thành phố", held_by="issuer"),
        Conference(id="2", title="Hội nghị cơ sở", tier=TIER, held_by="recipients", after="1"),
    )
    plan = Plan(
        number=f"{_number(command.key)}-KH/TU",
        date=date.fromisoformat(command.day),
        type="KH",
        title=command.key,
        issuer=TOP,
        deadlines=(Deadline(phrase=f"chậm nhất ngày {command.due}", due_date=date.fromisoformat(command.due)),)
        if command.due
        else (),
        conferences=conferences if command.conferences else (),
        recipients=tuple(Recipient(text=unit, purpose="act", units=(unit,)) for unit in command.units),
    )
    higher = f"#{command.plan}" if command.plan else None
    return Issuing(plan=plan, issuer=command.unit or TOP, under=higher, key=command.key)


def _number(key: str) -> str:
    """A plan's number, of which there is one for each key: its parts as digits."""
    return "1" + "".join(f"{int(part):05d}" for part in key.split(".")[1:])


def _advanced(installation: Installation, command: Command, by: By) -> dict[str, Any]:
    advance = Advance(
        plan=f"#{command.plan}",
        unit=command.unit,
        trigger=command.trigger,
        fields={"due": command.due} if command.due else {},
        reason=command.key,
        note=command.key,
        key=command.key,
    )
    done = advance_unit(installation, advance, by)
    if done.repeated:
        return {"repeated": done.before.id}
    return {"events": [[done.before.id, done.before.revision + 1]]}


def _typed(url: str, operator: str, command: Command) -> dict[str, Any]:
    """The same by the command line, as a process of its own."""
    due = ["--set", f"due={command.due}"] if command.due else []
    asked = ["advance", f"#{command.plan}", command.unit, command.trigger, "--reason", command.key, *due]
    process = subprocess.run(
        [
            sys.executable, "-m", "cli", "--db", url, "--as", operator, "--lang", "en",
            *asked, "--note", command.key, "--key", command.key, "--json",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if process.returncode == 1 and process.stderr.startswith("Error: ") and "defect" not in process.stderr:
        return {"answer": process.stderr.strip()}
    if process.returncode != 0 or process.stderr:
        raise CommandLineFailed(f"{asked} ended with {process.returncode}: {process.stderr}")
    told = json.loads(process.stdout)
    return {"events": [[told["before"]["id"], told["before"]["revision"] + 1]]}
