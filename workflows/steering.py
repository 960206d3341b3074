"""Suspends, resumes, withdraws or supersedes a plan with everything below it, or one unit's part of it; one transaction each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from engine import spawning, store
from engine.errors import InputError, NotFound, TransitionRefused
from engine.instance import Instance
from engine.runtime import MoveRequest, UnitOfWork
from engine.where import Where
from workflows import register
from workflows.installation import By, Installation, in_turn
from workflows.operations import instance_of
from workflows.register import Registered


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """What steering a subtree did, or would do."""

    moved: tuple[Instance, ...]  # as they were before
    left: tuple[Instance, ...]  # those whose state does not allow it, reported ones for instance
    not_issued: int = 0  # units that the plan was still to be issued to, and will not be

    def by_state(self) -> dict[str, int]:
        """How many were moved out of each state."""
        return dict(Counter(instance.state for instance in self.moved))


@in_turn
def steer(
    installation: Installation,
    trigger: str,
    plan: str,
    by: By,
    *,
    reason: str,
    subtree: str | None = None,
    replaced_by: str | None = None,
    dry_run: bool = False,
) -> Steered:
    """Suspend, resume, withdraw or supersede a plan with everything below it, or one unit's part of it."""
    with installation.work(by, dry_run=dry_run) as work:
        connection = work.connection
        registered = register.find(connection, plan)
        top = instance_of(work, registered, subtree, trigger) if subtree else store.get(connection, registered.id)
        successor = register.find(connection, replaced_by) if replaced_by and trigger == "supersede" else None
        if successor == registered:
            raise InputError(f"{registered.number} cannot be replaced by itself.", remedy="Name the plan that takes its place.")
        fields = {"by": successor.number} if successor else {}
        not_issued = _leave_out(work, registered, top, trigger)
        below = list(store.select(connection, Where(below=top.path), order="path"))
        moved = [each for each in below if (trigger, each.state) in work.definition_of(each).transitions]
        if not moved:
            raise NotFound(
                f"Nothing in {registered.number} has the move '{trigger}' from where it stands.",
                remedy=f"See where it stands with: cascade status {registered.number} --tree",
            )
        work.fire_many(moved, MoveRequest(trigger=trigger, fields=fields, reason=reason))
        chosen = {each.id for each in moved}
        return Steered(moved=tuple(moved), left=tuple(each for each in below if each.id not in chosen), not_issued=not_issued)


def _leave_out(work: UnitOfWork, plan: Registered, top: Instance, trigger: str) -> int:
    """End the issuing that is under way below, where the plan is taken back; returns how many units will not get it.

    Raises TransitionRefused for suspending: the units that are still to come would not be suspended.
    """
    left = 0
    for progress in spawning.under_way(work.connection, below=top.path).values():
        if trigger == "suspend":
            raise TransitionRefused(
                f"{plan.number} is being issued: {progress.done} of {progress.total} units have it.",
                remedy="Wait until it is issued (cascade jobs watch), or withdraw it.",
            )
        if trigger != "resume":
            store.lock(work.connection, progress.node_id)  # a batch under way is finished before, and seen afterwards
            left += spawning.stop(work.connection, progress.node_id)
    return left
