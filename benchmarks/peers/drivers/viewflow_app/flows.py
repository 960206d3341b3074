"""The flows that drive_viewflow.py runs: a plan, and a unit's part of it. In an application of Django's, as flows must be."""

from __future__ import annotations

from django.db import connection
from phases import STEPS
from viewflow import this
from viewflow.workflow import flow, lock

# "Recommended to use with PostgreSQL" (viewflow.workflow.lock). On SQLite writers are one at a time anyhow.
LOCK = lock.select_for_update_lock if connection.vendor == "postgresql" else lock.no_lock


class PlanFlow(flow.Flow):
    """The issuer's side: one task, which the units' processes hang below."""

    lock_impl = LOCK

    start = flow.StartHandle().Next(this.gather)
    gather = flow.Handle().Next(this.end)
    end = flow.End()


class RecipientFlow(flow.Flow):
    """A unit's side: three tasks that are done from code (docs.viewflow.io, workflow/nodes.html, "Handle")."""

    lock_impl = LOCK

    start = flow.StartHandle().Next(this.disseminate)
    disseminate = flow.Handle().Next(this.hold_conference)
    hold_conference = flow.Handle().Next(this.report)
    report = flow.Handle().Next(this.end)
    end = flow.End()


HANDLES = tuple(getattr(RecipientFlow, step) for step in STEPS)
