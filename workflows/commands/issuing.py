"""The command that issues a plan, and its preview: who gets what by when."""

from __future__ import annotations

import dataclasses
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflows.commands.context import Context
from workflows.commands.labels import columns, due, purpose, say_more, word
from workflows.commands.reading import PLAN_FILES, plan_of
from workflows.commands.refusals import reason, refusals
from workflows.commands.rendering import emit_json, heading, json_option, limit_options, line, progress, say, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflows.duties import Duty
    from workflows.operations import Issued
    from workflows.plans import Plan


@click.command()
@click.argument("plan")
@click.option("--dry-run", is_flag=True, help="Show who would get what by when; write nothing.")
@click.option("--number", help="The plan's number, where the document leaves it blank.")
@click.option("--date", metavar="DATE", help="The date of signing, where the document leaves it blank.")
@click.option("--issuer", metavar="UNIT", help="The unit that issues it, where its words do not say so.")
@click.option("--under", metavar="PLAN", help="The higher plan that this one carries out.")
@click.option("--as-unit", metavar="UNIT", help="The unit whose part of the higher plan it hangs below. Default: the issuer.")
@click.option("--allow-unresolved", is_flag=True, help="Leave out the recipients that nobody can name.")
@click.option("--key", help="A name for this very command: given again, it is not done twice.")
@click.option("--background", is_flag=True, help="Only fix who gets it; the worker, or the next tick, issues it to them.")
@limit_options
@json_option
@click.pass_obj
def issue(
    context: Context, /, plan: str, dry_run: bool, number: str | None, date: str | None, issuer: str | None, under: str | None,
    as_unit: str | None, allow_unresolved: bool, key: str | None, background: bool, limit: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Issue PLAN, a plan file or a document: every unit that must act gets its part and, with the next tick, its letter.

    All of it happens, or nothing. Whatever is not clear is asked before. With --background the plan is issued at once too, and
    its units are fixed; they get their parts batch by batch, and whatever ends a process, each of them exactly once.

    \b
    Examples:
      cascade issue plan.yaml --dry-run
      cascade issue ke-hoach.md --number 12-KH/TU --date 2025-03-20
      cascade issue ke-hoach-phuong.yaml --under 12-KH/TU --as-unit P.TT
      cascade issue ke-hoach-toan-quoc.yaml --background
    """
    from workflows.operations import Issuing, issue_plan
    from workflows.status import unit_names

    said = _answered(context, plan_of(plan), number, date, issuer)
    issuing = Issuing(
        plan=said,
        issuer=issuer,
        under=under,
        as_unit=as_unit,
        allow_unresolved=allow_unresolved,
        document=None if plan.lower().endswith(PLAN_FILES) else Path(plan).read_bytes(),
        key=key,
    )
    shown: list[Duty] = []
    with refusals(context, said), context.installation() as installation:
        with progress(context.words("Ban hành", "Issuing")) as told:
            issued = issue_plan(installation, issuing, context.by(), background=background, dry_run=dry_run, told=told)
        if dry_run or as_json:
            shown = list(islice(issued.duties, limit))
        with installation.database.read() as connection:
            names = unit_names(connection, [issued.issuer, *(duty.unit for duty in shown), *(issued.informed if dry_run else ())])
    if as_json:
        emit_json({**_fields(issued), "duties": shown, "units": len(issued.duties), "dry_run": dry_run})
    elif dry_run:
        _preview(context, said, issued, shown, names)
    else:
        _tell(context, issued, names)
    if not as_json and not issued.repeated:
        _tell_of_due_dates(context, issued)
    if dry_run or as_json:
        say_more(len(shown), len(issued.duties), context.lang)


def _answered(context: Context, plan: Plan, number: str | None, date: str | None, issuer: str | None) -> Plan:
    """The plan with what the operator adds to it."""
    from workflows.plans import normalise_number
    from workflows.typed import numbered

    return dataclasses.replace(
        plan,
        number=normalise_number(numbered(number, plan.symbol)) if number else plan.number,
        date=context.day(date) or plan.date,
        issuer=plan.issuer or issuer,
    )


def _fields(issued: Issued) -> dict[str, object]:
    return {field.name: getattr(issued, field.name) for field in dataclasses.fields(issued)}


def _preview(context: Context, plan: Plan, issued: Issued, shown: Sequence[Duty], names: Mapping[str, str]) -> None:
    from workflows.names import sort_key

    lang = context.lang
    lines = {line: place for place, line in enumerate(dict.fromkeys(each.line for each in shown))}
    heading(f"{issued.number} · {names[issued.issuer]}")
    line(plan.title)
    table(
        columns(lang, "code", "name", "purpose", "conference", "due", "phrase"),
        [
            (each.unit, names[each.unit], purpose(each.purpose, lang), each.conference, due(each.due_at, lang), _phrase(each.due))
            for each in sorted(shown, key=lambda each: (lines[each.line], each.place, sort_key(names[each.unit])))
        ],
    )
    for conference in plan.conferences:
        if conference.id in issued.conferences:
            line(word("conference", lang), f"{conference.id}:", conference.title, f"({names[issued.issuer]})")
    if issued.informed:
        line(f"{word('informed', lang)}:", "; ".join(names[code] for code in issued.informed))
    for each in issued.left_out:
        line(f"{word('left_out', lang)}:", each.text, f"({reason(each.why, lang)})")
    acting, informed = len(issued.duties), len(issued.informed)
    say(
        context.words(
            f"{acting} đơn vị sẽ thực hiện, {informed} đơn vị được gửi để biết. Chưa ghi gì.",
            f"{acting} units would act, {informed} would be informed. Nothing was written.",
        )
    )


def _tell_of_due_dates(context: Context, issued: Issued) -> None:
    """What an operator would want to know before anybody is asked why: due dates that have passed, or that there are none."""
    from engine.clock import to_micros

    now = to_micros(context.now)
    past = sum(len(each.units) for each in issued.duties.alike if each.duty.due_at is not None and each.duty.due_at < now)
    if past:
        vi = f"{past} đơn vị có hạn đã qua: xem lại thời hạn trong văn bản."
        say(context.words(vi, f"{past} unit(s) have a due date that has passed: look at the document's deadlines."))
    if all(each.duty.due_at is None for each in issued.duties.alike):
        vi = "Không đơn vị nào có hạn: sẽ không ai bị nhắc hay quá hạn."
        say(context.words(vi, "No unit has a due date: nobody will be reminded, or be overdue."))


def _phrase(found: object) -> str | None:
    return getattr(found, "phrase", None)


def _tell(context: Context, issued: Issued, names: Mapping[str, str]) -> None:
    what, of, id = issued.number, names[issued.issuer], issued.id
    if issued.repeated:
        vi = f"{what} của {of} đã được ban hành trước đây bằng chính lệnh này (#{id})."
        click.echo(context.words(vi, f"{what} of {of} was issued by this command before (#{id})."))
        return
    acting, informed, own = len(issued.duties), len(issued.informed), len(issued.conferences)
    done_vi, done_en = ("Đã", "is issued") if issued.job is None else ("Đang", "is being issued")
    vi = f"{done_vi} ban hành {what} của {of} (#{id}): {acting} đơn vị thực hiện, {informed} đơn vị để biết"
    en = f"{what} of {of} {done_en} (#{id}): {acting} unit(s) act, {informed} informed"
    if own:
        vi, en = f"{vi}, {own} hội nghị của mình", f"{en}, {own} conference(s) of its own"
    if issued.job is not None:
        vi, en = f"{vi}; việc {issued.job} giao đến từng đơn vị", f"{en}; job {issued.job} brings it to them"
    click.echo(context.words(vi, en) + ".")
    for each in issued.left_out:
        where = f" ({context.words('dòng', 'line')} {each.line})" if each.line else ""
        say(f"{word('left_out', context.lang)}: '{each.text}'{where}: {reason(each.why, context.lang)}.")
    if issued.job is None:
        say(context.words("Gửi thư bằng lệnh: cascade tick", "The letters leave with: cascade tick"))
    else:
        vi = f"Tiến trình nền làm việc này: cascade work, hoặc cascade tick. Theo dõi: cascade jobs watch {issued.job}"
        say(
            context.words(vi, f"A worker does it: cascade work, or cascade tick. Follow it with: cascade jobs watch {issued.job}")
        )
