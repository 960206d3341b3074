"""The runtime, on both databases: start, spawn, fire, fire_many, the moves that follow, and that a refusal leaves nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import definition, store
from engine.clock import to_micros
from engine.database import Database
from engine.errors import (
    AlreadyExists,
    ConcurrencyError,
    DefinitionChanged,
    FieldsRefused,
    GuardRefused,
    IdempotencyError,
    InputError,
    NotAuthorised,
    NotPermitted,
    TransitionRefused,
)
from engine.instance import Instance
from engine.runtime import MoveRequest, NewChild, Runtime, UnitOfWork
from engine.where import Where
from tests.kit import MORNING, Nobody, everything, runtime, verified, working
from workflows.installation import definitions


def issued(rt: Runtime, units: int, **data: object) -> Instance:
    """A plan issued to U1, U2 …"""
    with working(rt) as work:
        plan = work.start("plan", NewChild("CITY"))
        work.spawn(plan, "recipient", [NewChild(f"U{n}", data=data) for n in range(1, units + 1)])
    return plan


def advance(rt: Runtime, plan: Instance, unit: str, trigger: str, *, minutes: int = 1, **given: object) -> Instance:
    with working(rt, minutes) as work:
        found = store.find(work.connection, plan.case_id, unit, "")
        assert found is not None
        return work.fire(found, MoveRequest(trigger=trigger, **given))  # type: ignore[arg-type]


def state(database: Database, id: int) -> str:
    return everything(database)[id].state


def test_a_child_is_spawned_for_each_recipient(database: Database) -> None:
    plan = issued(runtime(database), 3)
    with database.read() as connection:
        children = list(store.select(connection, Where(parent_id=plan.id)))
    assert [(each.assignee, each.state, each.case_id) for each in children] == [(f"U{n}", "issued", plan.id) for n in (1, 2, 3)]
    verified(database)


def test_a_unit_gets_one_instance_per_case_and_a_second_leaves_nothing(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 2)
    before = everything(database)
    with pytest.raises(AlreadyExists), working(rt, 1) as work:
        work.spawn(plan, "recipient", [NewChild("U9"), NewChild("U2")])
    assert everything(database) == before
    verified(database)


def test_the_parent_moves_when_its_last_child_has(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 2)
    advance(rt, plan, "U1", "disseminate")
    assert state(database, plan.id) == "issued"
    advance(rt, plan, "U2", "disseminate", minutes=2)
    assert state(database, plan.id) == "disseminated"
    with database.read() as connection:
        bodies = [row[3].decode() for row in store.history(connection, Where(case_id=plan.id, assignee="CITY"))]
    assert '"actor":"system"' in bodies[-1]
    assert f'"cause":[{plan.id + 2},2]' in bodies[-1]
    verified(database)


def test_a_returned_report_reopens_the_plan(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 1)
    advance(rt, plan, "U1", "disseminate")
    advance(rt, plan, "U1", "report", minutes=2)
    assert state(database, plan.id) == "reported"
    advance(rt, plan, "U1", "return", minutes=3, reason="figures are missing")
    assert state(database, plan.id) == "disseminated"
    advance(rt, plan, "U1", "report", minutes=4)
    assert state(database, plan.id) == "reported"
    verified(database)


def test_an_excused_unit_no_longer_holds_its_plan_back(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 2)
    advance(rt, plan, "U1", "disseminate")
    advance(rt, plan, "U2", "excuse", minutes=2, reason="merged")
    assert state(database, plan.id) == "disseminated"
    advance(rt, plan, "U2", "readmit", minutes=3, reason="not merged after all")
    assert everything(database)[plan.id + 2].state == "issued"
    verified(database)


def test_a_move_is_authorised_or_refused(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 1)
    before = everything(database)
    with pytest.raises(NotAuthorised), rt.unit_of_work(actor="eve", now=MORNING, authority=Nobody) as work:
        work.fire(store.get(work.connection, plan.id + 1), MoveRequest(trigger="disseminate"))
    with pytest.raises(NotAuthorised), rt.unit_of_work(actor="eve", now=MORNING, authority=Nobody) as work:
        work.start("plan", NewChild("CITY"))
    assert everything(database) == before


def test_people_cannot_fire_what_follows_from_below(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 1)
    with pytest.raises(TransitionRefused, match="not fired by people"), working(rt) as work:
        work.fire(plan, MoveRequest(trigger="all_disseminated"))


def test_the_second_of_two_with_the_same_revision_loses_and_may_retry(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 1)
    seen = everything(database)[plan.id + 1]
    advance(rt, plan, "U1", "extend", reason="flood", fields={"due": MORNING + timedelta(days=3)})
    with pytest.raises(ConcurrencyError), working(rt, 2) as work:
        work.fire(seen, MoveRequest(trigger="disseminate"))
    with pytest.raises(ConcurrencyError), working(rt, 2) as work:
        work.fire(store.get(work.connection, seen.id), MoveRequest(trigger="disseminate"), expected_revision=1)
    with working(rt, 2) as work:
        work.fire(store.get(work.connection, seen.id), MoveRequest(trigger="disseminate"), expected_revision=2)
    verified(database)


def test_what_is_still_to_come_is_not_recorded(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 1)
    with pytest.raises(InputError, match="still to come"):
        advance(rt, plan, "U1", "disseminate", occurred_at=MORNING + timedelta(days=1))


def test_what_happened_and_what_was_recorded_are_two_dates(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 1)
    yesterday = MORNING - timedelta(days=1)
    advance(rt, plan, "U1", "disseminate", occurred_at=yesterday)
    with database.read() as connection:
        (_, (_, _, recorded_at, body, _)) = store.history(connection, Where(case_id=plan.id, assignee="U1"))
    assert recorded_at == to_micros(MORNING + timedelta(minutes=1))
    assert '"at":"2025-03-19T01:00:00.000000Z"' in body.decode()


def test_a_report_after_its_deadline_is_late_and_one_before_is_on_time(database: Database) -> None:
    rt = runtime(database)
    due = to_micros(MORNING + timedelta(minutes=10))
    with working(rt) as work:
        plan = work.start("plan", NewChild("CITY"))
        work.spawn(plan, "recipient", [NewChild("U1", due_at=due), NewChild("U2", due_at=due), NewChild("U3")])
    for unit, minutes in (("U1", 9), ("U2", 10), ("U3", 99)):
        advance(rt, plan, unit, "disseminate", minutes=minutes)
        advance(rt, plan, unit, "report", minutes=minutes)
    standings = {each.assignee: each.standing for each in everything(database).values()}
    assert standings == {"CITY": "undated", "U1": "done", "U2": "late", "U3": "undated"}


def test_a_bulk_move_moves_all_or_none(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 4)
    advance(rt, plan, "U3", "disseminate")
    before = everything(database)
    with pytest.raises(NotPermitted), working(rt, 2) as work:
        work.fire_many(store.select(work.connection, Where(parent_id=plan.id)), MoveRequest(trigger="disseminate"))
    assert everything(database) == before
    with working(rt, 2) as work:
        result = work.fire_many(
            store.select(work.connection, Where(parent_id=plan.id)), MoveRequest(trigger="disseminate"), mode="each"
        )
    assert len(result.moved) == 3
    assert [each.instance.assignee for each in result.refused] == ["U3"]
    assert state(database, plan.id) == "disseminated"
    verified(database)


def test_a_bulk_move_asks_each_instances_own_guards(database: Database) -> None:
    rt = runtime(database)
    with working(rt) as work:
        plan = work.start("plan", NewChild("CITY"))
        work.spawn(plan, "recipient", [NewChild(f"U{n}", data={"conference": "2.1"} if n % 3 == 0 else {}) for n in range(9)])
        work.fire_many(store.select(work.connection, Where(parent_id=plan.id)), MoveRequest(trigger="disseminate"))
    with working(rt, 1) as work:
        result = work.fire_many(
            store.select(work.connection, Where(parent_id=plan.id)), MoveRequest(trigger="report"), mode="each"
        )
    assert sorted(each.instance.assignee for each in result.refused) == ["U0", "U3", "U6"]
    assert all(isinstance(each.error, GuardRefused) for each in result.refused)
    verified(database)


def test_a_bulk_move_and_single_moves_end_alike(database: Database) -> None:
    rt = runtime(database)
    one, other = issued(rt, 5), issued(rt, 5)
    with working(rt, 1) as work:
        work.fire_many(store.select(work.connection, Where(parent_id=one.id)), MoveRequest(trigger="disseminate"))
    for n in range(1, 6):
        advance(rt, other, f"U{n}", "disseminate")
    rows = everything(database)
    assert [rows[one.id + n][7:14] for n in range(1, 6)] == [rows[other.id + n][7:14] for n in range(1, 6)]
    assert rows[one.id][7:14] == rows[other.id][7:14]
    with database.read() as connection:
        assert store.tally(connection, one.id) == store.tally(connection, other.id)


def test_a_bulk_move_that_is_read_and_made_bit_by_bit_moves_each_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, few in (
        ("engine.store._PAGE", 3),
        ("engine.store.BATCH", 2),
        ("engine.runtime._HELD", 5),
        ("engine.database._FETCHED", 2),
    ):
        monkeypatch.setattr(place, few)
    rt = runtime(database)
    plan = issued(rt, 23)
    with working(rt, 1) as work:
        result = work.fire_many(
            store.paged(work.connection, Where(parent_id=plan.id, state="issued")), MoveRequest(trigger="disseminate")
        )
    assert result.moved == tuple(range(plan.id + 1, plan.id + 24))
    assert state(database, plan.id) == "disseminated"
    assert verified(database).events == 24 + 23 + 1


def test_a_large_set_is_spawned_in_the_order_it_was_given_and_an_odd_name_comes_back_as_it_was(database: Database) -> None:
    rt = runtime(database)
    odd = ["tab\tin", "back\\slash", "line\nbreak", "\\N", "Đ ấ '\""]
    with working(rt) as work:
        plan = work.start("plan", NewChild("CITY"))
        ids = work.spawn(plan, "recipient", [NewChild(name, data={"purpose": name}) for name in [*odd, *map(str, range(60))]])
    with database.read() as connection:
        there = list(store.select(connection, Where(parent_id=plan.id)))
    assert [each.id for each in there] == list(ids)
    assert [each.assignee for each in there] == [*odd, *map(str, range(60))]
    verified(database)


def test_who_counts_at_one_node_at_the_same_time_is_counted(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 40)
    for n in range(1, 41):  # each in a slot of its own choice, where there are slots
        advance(rt, plan, f"U{n}", "disseminate")
    with database.read() as connection:
        assert {row.key.state: row.n for row in store.tally(connection, plan.id)} == {"disseminated": 40}
        rows = connection.exec_driver_sql("SELECT COUNT(*) FROM pc_tally").scalar_one()
    assert rows <= 2 * 16
    verified(database)


def test_a_rehearsal_leaves_nothing(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 2)
    before = everything(database)
    with rt.unit_of_work(actor="lan", now=MORNING, authority=lambda _c: _Anyone(), dry_run=True) as work:
        work.fire(store.get(work.connection, plan.id + 1), MoveRequest(trigger="disseminate"))
        assert store.get(work.connection, plan.id + 1).state == "disseminated"
    assert everything(database) == before


class _Anyone:
    def require(self, role: str, assignee: str) -> None: ...


def test_an_error_in_the_middle_leaves_nothing(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 2)
    before = everything(database)
    with pytest.raises(FieldsRefused), working(rt, 1) as work:  # noqa: PT012  (the second statement must undo the first)
        work.fire(store.get(work.connection, plan.id + 1), MoveRequest(trigger="disseminate"))
        work.fire(store.get(work.connection, plan.id + 2), MoveRequest(trigger="excuse"))
    assert everything(database) == before
    verified(database)


def test_a_suspended_child_goes_back_to_where_it_was(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 2)
    advance(rt, plan, "U1", "disseminate")
    for trigger in ("suspend", "resume"):
        with working(rt, 2) as work:
            work.fire_many(store.select(work.connection, Where(below=plan.path)), MoveRequest(trigger=trigger, reason="storm"))
    states = {each.assignee: each.state for each in everything(database).values()}
    assert states == {"CITY": "issued", "U1": "disseminated", "U2": "issued"}
    verified(database)


def test_what_became_true_while_a_plan_was_suspended_follows_when_it_resumes(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 1)
    with working(rt, 1) as work:
        work.fire(store.get(work.connection, plan.id), MoveRequest(trigger="suspend", reason="storm"))
    advance(rt, plan, "U1", "disseminate", minutes=2)
    assert state(database, plan.id) == "suspended"
    with working(rt, 3) as work:
        work.fire(store.get(work.connection, plan.id), MoveRequest(trigger="resume", reason="calm"))
    assert state(database, plan.id) == "disseminated"
    verified(database)


def test_a_mistake_is_corrected_by_a_further_move(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 2)
    advance(rt, plan, "U1", "disseminate")
    advance(rt, plan, "U1", "correct", minutes=2, reason="it was another unit")
    found = everything(database)[plan.id + 1]
    assert (found.state, found.trail, found.revision) == ("issued", "", 3)
    verified(database)


def test_a_conference_held_below_a_unit_moves_the_unit(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 1, conference="2.3")
    advance(rt, plan, "U1", "disseminate")
    with working(rt, 2) as work:
        unit = store.get(work.connection, plan.id + 1)
        ids = work.spawn(unit, "conference", [NewChild("U1", "conference:2.3")])
    with working(rt, 3) as work:
        work.fire(store.get(work.connection, ids[0]), MoveRequest(trigger="hold"))
    assert state(database, unit.id) == "conference_held"
    verified(database)


def test_a_conference_may_not_come_before_the_one_it_follows(database: Database) -> None:
    rt = runtime(database)
    with working(rt) as work:
        plan = work.start("plan", NewChild("CITY", data={"conferences": 1}))
        work.spawn(plan, "recipient", [NewChild("U1", data={"conference": "2.3", "after": "conference:2.1"})])
        ids = work.spawn(plan, "conference", [NewChild("CITY", "conference:2.1")])
    advance(rt, plan, "U1", "disseminate", minutes=1)
    with pytest.raises(GuardRefused, match=r"conference:2\.1 has to be held before"):
        advance(rt, plan, "U1", "hold_conference", minutes=2)
    with working(rt, 20) as work:
        work.fire(store.get(work.connection, ids[0]), MoveRequest(trigger="hold", occurred_at=MORNING + timedelta(minutes=10)))
    with pytest.raises(GuardRefused, match="was held later"):
        advance(rt, plan, "U1", "hold_conference", minutes=30, occurred_at=MORNING + timedelta(minutes=9))
    advance(rt, plan, "U1", "hold_conference", minutes=30, occurred_at=MORNING + timedelta(minutes=11))
    assert state(database, plan.id) == "conference_held"
    verified(database)


def test_a_guard_sees_what_was_done_before_in_the_same_transaction(database: Database) -> None:
    rt = runtime(database)
    with working(rt) as work:
        plan = work.start("plan", NewChild("CITY", data={"conferences": 1}))
        asked = {"conference": "2.3", "after": "conference:2.1"}
        units = work.spawn(plan, "recipient", [NewChild("U1", data=asked), NewChild("U2", data=asked)])
        work.fire_many(store.select(work.connection, Where(parent_id=plan.id)), MoveRequest(trigger="disseminate"))
        ids = work.spawn(plan, "conference", [NewChild("CITY", "conference:2.1")])
        with pytest.raises(GuardRefused, match="has to be held before"):
            work.fire(store.get(work.connection, units[0]), MoveRequest(trigger="hold_conference"))
        work.fire_many([store.get(work.connection, ids[0])], MoveRequest(trigger="hold"))
        work.fire(store.get(work.connection, units[0]), MoveRequest(trigger="hold_conference"))
        work.fire(store.get(work.connection, ids[0]), MoveRequest(trigger="correct", reason="it was put off"))
        with pytest.raises(GuardRefused, match="has to be held before"):
            work.fire(store.get(work.connection, units[1]), MoveRequest(trigger="hold_conference"))
    verified(database)


def test_a_changed_definition_needs_a_new_version(database: Database) -> None:
    issued(runtime(database), 1)
    changed = [definition.from_source(each.source.replace('"Issued"', '"Sent"')) for each in definitions()]
    with pytest.raises(DefinitionChanged, match="version 1 is stored with other content"):
        issued(runtime(database, changed), 1)


def test_an_instance_keeps_the_version_it_started_with(database: Database) -> None:
    plan = issued(runtime(database), 1)
    sources = [
        each.source.replace('"version":"1"', '"version":"2"').replace('"disseminate"', '"make_known"') for each in definitions()
    ]
    newer = runtime(database, [definition.from_source(source) for source in sources])
    advance(newer, plan, "U1", "disseminate")
    second = issued(newer, 1)
    advance(newer, second, "U1", "make_known")
    assert state(database, plan.id) == state(database, second.id) == "disseminated"
    verified(database)


def test_the_same_command_twice_is_answered_once(database: Database) -> None:
    with database.write() as connection:
        assert store.answer(connection, "k1", "request") is None
        store.keep_answer(connection, "k1", "request", "42", 0)
    with database.write() as connection:
        assert store.answer(connection, "k1", "request") == "42"
        with pytest.raises(IdempotencyError):
            store.answer(connection, "k1", "another request")


def test_the_database_itself_refuses_to_change_history(database: Database) -> None:
    issued(runtime(database), 1)
    for sql in ("UPDATE pc_event SET body = '{}'", "DELETE FROM pc_event", "DELETE FROM pc_definition"):
        with pytest.raises(Exception, match="append-only"), database.write() as connection:
            connection.execute(sa.text(sql))
    verified(database)


def test_reading_cannot_write(database: Database) -> None:
    issued(runtime(database), 1)
    with pytest.raises(Exception, match=r"cannot be written|read-only"), database.read() as connection:
        connection.execute(sa.text("DELETE FROM pc_tally"))


def test_moves_that_a_dying_process_left_undone_are_made_by_the_next_one_that_looks(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 2)
    with database.write() as connection:  # as a process would have left it that died between the two commits
        work = UnitOfWork(rt, connection, actor="lan", now=to_micros(MORNING + timedelta(minutes=1)), authority=_Anyone())
        work.fire_many(store.select(connection, Where(parent_id=plan.id)), MoveRequest(trigger="disseminate"))
        work.count()
    assert state(database, plan.id) == "issued"
    assert rt.settle_all(MORNING + timedelta(minutes=2)) == 1
    assert state(database, plan.id) == "disseminated"
    assert rt.settle_all(MORNING + timedelta(minutes=2)) == 0
    verified(database)


def test_nobody_fires_what_follows_from_below_by_calling_himself_the_system(database: Database) -> None:
    rt = runtime(database)
    plan = issued(rt, 1)
    before = everything(database)
    with pytest.raises(TransitionRefused, match="not fired by people"), working(rt, 1, actor="system") as work:
        work.fire(store.get(work.connection, plan.id), MoveRequest(trigger="all_disseminated"))
    with pytest.raises(TransitionRefused, match="not fired by people"), working(rt, 1, actor="system") as work:
        work.fire_many([store.get(work.connection, plan.id)], MoveRequest(trigger="all_disseminated"))
    assert everything(database) == before


def test_a_plan_is_done_when_its_last_unit_was_whoever_was_recorded_last(database: Database) -> None:
    rt = runtime(database)
    due = to_micros(MORNING + timedelta(minutes=10))
    with working(rt) as work:
        plan = work.start("plan", NewChild("CITY", due_at=due))
        work.spawn(plan, "recipient", [NewChild("U1", due_at=due), NewChild("U2", due_at=due)])
    for unit in ("U1", "U2"):
        advance(rt, plan, unit, "disseminate", minutes=1)
    advance(rt, plan, "U1", "report", minutes=20)
    advance(rt, plan, "U2", "report", minutes=30, occurred_at=MORNING + timedelta(minutes=5))
    found = everything(database)
    assert [found[plan.id + n].standing for n in (1, 2)] == ["late", "done"]
    assert (found[plan.id].standing, found[plan.id].done_at) == ("late", to_micros(MORNING + timedelta(minutes=20)))
    verified(database)
