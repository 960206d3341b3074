"""Random trees and histories: whatever is done, only defined moves happen, roll-up equals a recount, replay equals life."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from engine import replay, rollup, store
from engine.clock import from_text, to_micros
from engine.database import Database
from engine.deadlines import FALL_DUE, Deadlines
from engine.definition import Need
from engine.errors import TransitionRefused
from engine.instance import Instance
from engine.rollup import Key, Row
from engine.runtime import MoveRequest, NewChild
from engine.where import EVERYTHING, Where
from tests.kit import MORNING, everything, recounted, runtime, working
from tests.postgresql import Server

TRIGGERS = (
    "disseminate",
    "hold_conference",
    "report",
    "return",
    "excuse",
    "readmit",
    "correct",
    "suspend",
    "resume",
    "withdraw",
    "extend",
)


class Cascades(RuleBasedStateMachine):
    """A database in which plans are issued, passed on, carried out, corrected and steered at random."""

    fresh: ClassVar[Callable[[], str]]  # makes a database to start from; returns its URL
    drop: ClassVar[Callable[[str], None]]

    @initialize()
    def begin(self) -> None:
        self.database = Database(type(self).fresh())
        self.runtime = runtime(self.database)
        self.deadlines = Deadlines(self.runtime)
        self.minutes = 0
        self.past: list[tuple[int, dict[int, Instance]]] = []  # what was live at which moment

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
            type(self).drop(self.database.url.render_as_string(hide_password=False))

    def tick(self) -> int:
        self.minutes += 1
        return self.minutes

    def pick(self, data: st.DataObject, kind: tuple[str, ...]) -> Instance | None:
        kinds = self.kinds()
        chosen = [each for each in everything(self.database).values() if kinds[each.definition_id] in kind]
        return data.draw(st.sampled_from(chosen)) if chosen else None

    def kinds(self) -> dict[int, str]:
        with self.database.read() as connection:
            return {row.id: row.name for row in store.definitions(connection)}

    @rule(data=st.data(), units=st.integers(1, 3), due=st.none() | st.integers(1, 40), conference=st.booleans())
    def issue(self, data: st.DataObject, units: int, due: int | None, conference: bool) -> None:
        """A plan: a root, or below a unit that carries it out by a plan of its own."""
        under = self.pick(data, ("recipient",)) if data.draw(st.booleans()) else None
        with working(self.runtime, self.tick()) as work:
            plan = work.start("plan", NewChild(f"C{self.minutes}", data={"conferences": int(conference)}), under=under)
            due_at = None if due is None else to_micros(MORNING + timedelta(minutes=due))
            given: dict[str, Any] = {"conference": "1"} if conference else {}
            work.spawn(plan, "recipient", [NewChild(f"U{n}", due_at=due_at, data=given) for n in range(units)])

    @rule(data=st.data(), units=st.integers(1, 3))
    def forward(self, data: st.DataObject, units: int) -> None:
        sender = self.pick(data, ("plan", "recipient"))
        if sender is not None:
            with working(self.runtime, self.tick()) as work:
                work.spawn(sender, "recipient", [NewChild(f"F{self.minutes}-{n}") for n in range(units)])

    @rule(data=st.data())
    def plan_conference(self, data: st.DataObject) -> None:
        unit = self.pick(data, ("recipient",))
        if unit is not None:
            with working(self.runtime, self.tick()) as work:
                work.spawn(unit, "conference", [NewChild(unit.assignee, f"conference:{self.minutes}")])

    @rule(data=st.data(), trigger=st.sampled_from((*TRIGGERS, "hold", "cancel", "postpone", "reopen", "to_reported")))
    def fire(self, data: st.DataObject, trigger: str) -> None:
        """Any trigger on any instance: it moves as defined, or nothing changes at all."""
        chosen = self.pick(data, ("plan", "recipient", "conference"))
        if chosen is None:
            return
        before = everything(self.database)
        fields = {"due": MORNING + timedelta(minutes=self.minutes + 5)} if trigger == "extend" else {}
        try:
            with working(self.runtime, self.tick()) as work:
                after = work.fire(chosen, MoveRequest(trigger=trigger, reason="so be it", fields=fields))
                definition = work.definition_of(chosen)
            assert (trigger, chosen.state) in definition.transitions
            assert after.state in definition.states
            assert after.revision == chosen.revision + 1
        except TransitionRefused:
            assert everything(self.database) == before

    @rule(data=st.data(), trigger=st.sampled_from(TRIGGERS), each=st.booleans())
    def fire_many(self, data: st.DataObject, trigger: str, each: bool) -> None:
        top = self.pick(data, ("plan", "recipient"))
        if top is None or trigger == "extend":
            return
        before = everything(self.database)
        try:
            with working(self.runtime, self.tick()) as work:
                below = list(store.select(work.connection, Where(below=top.path)))
                result = work.fire_many(below, MoveRequest(trigger=trigger, reason="all of you"), mode="each" if each else "all")
            assert len(result.moved) + len(result.refused) == len(below)
        except TransitionRefused:
            assert not each
            assert everything(self.database) == before

    @rule(data=st.data(), steps=st.integers(1, 6), one_by_one=st.booleans())
    def carry_out(self, data: st.DataObject, steps: int, one_by_one: bool) -> None:
        """The units of a plan go some steps towards their reports: what else would rarely happen by chance."""
        plan = self.pick(data, ("plan",))
        if plan is None:
            return
        for trigger in ("disseminate", "hold_conference", "report", "return", "suspend", "resume")[:steps]:
            with working(self.runtime, self.tick()) as work:
                units = list(store.select(work.connection, Where(parent_id=plan.id, kind="recipient")))
                for chosen in [[unit] for unit in units] if one_by_one else [units]:
                    work.fire_many(chosen, MoveRequest(trigger=trigger, reason="go on"), mode="each")

    @rule(new=st.booleans())
    def look_at_dates(self, new: bool) -> None:
        """By a worker that has looked before, or by a new one: who is overdue has it in its history, and nobody twice."""
        before = {each.id: each[7:13] for each in everything(self.database).values()}
        now = MORNING + timedelta(minutes=self.tick())
        looking = Deadlines(self.runtime) if new else self.deadlines
        while looking.sweep(now):
            pass
        live = everything(self.database).values()
        assert {each.id: each[7:13] for each in live} == before
        with self.database.read() as connection:
            recorded = Counter(
                (event[0], from_text(body["at"]))
                for event in store.history(connection, EVERYTHING)
                if (body := json.loads(event[3]))["data"].get("trigger") == FALL_DUE
            )
        assert set(recorded.values()) <= {1}
        overdue = {
            (each.id, each.due_at)
            for each in live
            if each.standing == "open" and (each.due_at or to_micros(now) + 1) <= to_micros(now)
        }
        assert overdue <= set(recorded)

    @rule()
    def remember(self) -> None:
        self.past.append((to_micros(MORNING + timedelta(minutes=self.minutes)), everything(self.database)))

    @precondition(lambda self: bool(self.past))
    @rule(data=st.data())
    def the_past_is_as_it_was(self, data: st.DataObject) -> None:
        moment, then = data.draw(st.sampled_from(self.past))
        with self.database.read() as connection:
            assert {each.id: each for each in replay.states(connection, EVERYTHING, until=moment)} == then

    @invariant()
    def replay_equals_live_state(self) -> None:
        if hasattr(self, "database"):
            with self.database.read() as connection:
                found = replay.verify(connection)
            assert found.divergence is None, str(found.divergence)

    @invariant()
    def every_tally_equals_a_recount(self) -> None:
        if not hasattr(self, "database"):
            return
        live, kinds = everything(self.database), self.kinds()
        with self.database.read() as connection:
            for node in live:
                tally = Counter({row.key: row.n for row in store.tally(connection, node)})
                assert tally == recounted(live, kinds, node)

    @invariant()
    def no_parent_is_behind_its_children(self) -> None:
        """A plan that is neither paused nor ended stands where its direct required units have all arrived."""
        if not hasattr(self, "database"):
            return
        live, kinds = everything(self.database), self.kinds()
        for plan in live.values():
            if kinds[plan.definition_id] != "plan" or plan.state not in ("issued", "disseminated", "conference_held", "reported"):
                continue
            units = [each for each in live.values() if each.parent_id == plan.id and kinds[each.definition_id] == "recipient"]
            required = [each for each in units if each.standing != "out"]
            if plan.state == "reported":
                assert not required or all(each.rank == 3 for each in required)
            elif required:
                assert not all(each.rank == 3 for each in required)
                assert plan.state != "issued" or not all(each.rank >= 1 for each in required)


def play(examples: int) -> None:
    run_state_machine_as_test(
        Cascades,
        settings=settings(max_examples=examples, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)),
    )


def test_whatever_is_done_history_and_roll_up_stay_true(migrated_file: Path, tmp_path: Path) -> None:
    files = (tmp_path / f"{n}.db" for n in count())
    Cascades.fresh = lambda: f"sqlite:///{shutil.copyfile(migrated_file, next(files))}"
    Cascades.drop = lambda _: None
    play(40)


def test_whatever_is_done_on_a_server_history_and_roll_up_stay_true(postgresql: Server) -> None:
    Cascades.fresh, Cascades.drop = postgresql.create, postgresql.drop
    play(10)


keys = st.builds(
    Key,
    kind=st.just("recipient"),
    near=st.integers(0, 1),
    state=st.sampled_from(["issued", "disseminated", "reported", "excused"]),
    rank=st.integers(0, 3),
    standing=st.sampled_from(["open", "paused", "done", "late", "undated", "out"]),
    due_at=st.integers(0, 5),
)
rows = st.lists(st.builds(Row, key=keys, n=st.integers(1, 4)), max_size=8)
needs = (
    st.just(Need(kind="all", n=0))
    | st.builds(Need, kind=st.just("at_least"), n=st.integers(1, 9))
    | st.builds(Need, kind=st.just("percent"), n=st.integers(1, 100))
)


@given(rows, needs, st.integers(0, 6))
def test_the_classes_of_lateness_add_up_to_those_who_must_act(tally: list[Row], need: Need, now: int) -> None:
    found = rollup.summarise(tally, need, now)
    classes = found.done_on_time + found.done_late + found.in_term + found.overdue + found.without_deadline
    assert classes == found.required == sum(row.n for row in tally if row.key.standing != "out")
    assert found.out + found.required == sum(found.by_state.values())


@given(rows, needs)
def test_the_rolled_up_rank_is_the_furthest_that_enough_have_reached(tally: list[Row], need: Need) -> None:
    ranks = [row.key.rank for row in tally if row.key.standing != "out" for _ in range(row.n)]
    found = rollup.summarise(tally, need, 0).rank
    if not ranks:
        assert found is None
        return
    enough = [rank for rank in {0, *ranks} if need.met(sum(each >= rank for each in ranks), len(ranks))]
    assert found == max(enough, default=0)


@given(rows, needs, st.integers(0, 5), st.integers(1, 9))
def test_time_alone_only_makes_open_ones_overdue(tally: list[Row], need: Need, now: int, later: int) -> None:
    before, after = rollup.summarise(tally, need, now), rollup.summarise(tally, need, now + later)
    assert after.overdue >= before.overdue
    assert after.overdue + after.in_term == before.overdue + before.in_term
    assert (after.done_on_time, after.done_late, after.without_deadline) == (
        before.done_on_time,
        before.done_late,
        before.without_deadline,
    )


@pytest.mark.parametrize("n", [0, 1, 2, 3, 8])
def test_a_merkle_root_changes_with_any_head(n: int) -> None:
    heads = [bytes([i]) * 32 for i in range(n)]
    root = replay.merkle_root(heads)
    for i in range(n):
        assert replay.merkle_root([*heads[:i], b"x" * 32, *heads[i + 1 :]]) != root
        assert replay.merkle_root(heads[:i] + heads[i + 1 :]) != root
