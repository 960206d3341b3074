"""The command that reads a document into a draft plan, and how the plan's facts are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflows.commands.context import Context, Language
from workflows.commands.labels import columns, date_text, purpose, word
from workflows.commands.rendering import Cell, Words, emit_json, json_option, say, table

if TYPE_CHECKING:
    from workflows.plans import Conference, Deadline, Plan, Recipient, Recurring, Reference, Task

PLAN_FILES = (".yaml", ".yml")
Row = tuple[Cell, Cell, Cell]
_KINDS: Mapping[str, tuple[str, str]] = {  # of conferences, tasks and recurring reports
    "in_person": ("trực tiếp", "in person"),
    "online": ("trực tuyến", "online"),
    "relayed": ("tiếp sóng", "relayed"),
    "hybrid": ("trực tiếp kết hợp trực tuyến", "hybrid"),
    "in_person_or_online": ("trực tiếp hoặc trực tuyến", "in person or online"),
    "lead": ("chủ trì", "leads"),
    "support": ("phối hợp", "supports"),
    "daily": ("hằng ngày", "daily"),
    "weekly": ("hằng tuần", "weekly"),
    "monthly": ("hằng tháng", "monthly"),
    "quarterly": ("hằng quý", "quarterly"),
    "half_year": ("6 tháng", "half-yearly"),
    "nine_month": ("9 tháng", "nine-monthly"),
    "yearly": ("hằng năm", "yearly"),
}


@click.command()
@click.argument("document")
@click.option("-o", "--output", metavar="PLAN.yaml", help="Write the draft into this file, to be looked over; '-': to stdout.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@json_option
@click.pass_obj
def read(context: Context, document: str, output: str | None, force: bool, as_json: bool) -> None:
    """Read DOCUMENT into a draft plan: each fact with its line, and what is left to a person.

    \b
    Examples:
      cascade read ke-hoach.md
      cascade read ke-hoach.txt -o plan.yaml
      cascade read ke-hoach.md --json
    """
    plan = plan_of(document)
    if output is not None:
        _write(context, plan, output, force)
    if as_json:
        from workflows.plans import missing

        emit_json({"plan": plan, "questions": missing(plan)})
    elif output is None:
        table(columns(context.lang, "fact", "says", "line"), list(_rows(plan, context.lang)))
    if output != "-":
        _ask(context, plan)


def plan_of(path: str) -> Plan:
    """The plan that a plan file or a document says; raises InputError."""
    if path.lower().endswith(PLAN_FILES):
        from workflows import plans

        return plans.parse(path)
    from workflows import documents

    return documents.read(path)


def _write(context: Context, plan: Plan, output: str, force: bool) -> None:
    from engine.errors import AlreadyExists, InputError
    from workflows.plan_draft import to_yaml

    text = to_yaml(plan)
    if output == "-":
        click.echo(text, nl=False)
        return
    try:
        with Path(output).open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise AlreadyExists(f"{output} is there already.", remedy="Name another file, or replace it with --force.") from None
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror}).", file=output, remedy="Name another file.") from error
    say(context.words(f"Bản nháp ở trong {output}.", f"The draft is in {output}."))


def _ask(context: Context, plan: Plan) -> None:
    """Tell what must be answered and looked at."""
    from workflows.plans import missing

    asked = missing(plan)
    for question in asked:
        say(f"{context.words('Cần trả lời', 'To be answered')}: {question.message} [{question.option}]")
    codes = {question.code for question in asked}
    for warning in plan.warnings:
        if warning.code not in codes:
            where = f"{context.words('dòng', 'line')} {warning.line}: " if warning.line else ""
            say(f"{context.words('Cần xem lại', 'To be looked at')}: {where}{warning.message}")


# -- facts as rows: what it is, what the document says, where ------------------------------------------------------------


def _rows(plan: Plan, lang: Language) -> Iterator[Row]:
    lines = {origin.fact: origin.line for origin in plan.origins}
    for name in ("number", "date", "place", "type", "title", "issuer", "urgency"):
        value = getattr(plan, name)
        if value is not None or name in ("number", "date", "issuer"):
            said: Cell = Words("?", "bad") if value is None else date_text(value) if name == "date" else str(value)
            yield word(name, lang), said, lines.get(name)
    if plan.signer:
        said = ", ".join(part for part in (plan.signer.authority, plan.signer.title, plan.signer.name) if part)
        yield word("signer", lang), said, lines.get("signer")
    yield from (_reference(word("basis", lang), each) for each in plan.basis)
    yield from (_reference(word("follows_up", lang), each) for each in plan.follows_up)
    yield from (_reference(word("citation", lang), each) for each in plan.citations)
    yield from (_conference(each, lang) for each in plan.conferences)
    yield from (_task(each, lang) for each in plan.tasks)
    yield from (_deadline(each, lang) for each in plan.deadlines)
    yield from (_recurring(each, lang) for each in plan.recurring)
    yield from ((word("suspension", lang), _joined(each.unit, each.phrase), each.line) for each in plan.suspensions)
    yield from ((word("attachments", lang), each.text, each.line) for each in plan.attachments)
    yield from (_recipient(each, lang) for each in plan.recipients)


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _kind(name: str | None, lang: Language) -> str | None:
    return _KINDS[name][0 if lang == "vi" else 1] if name else None


def _reference(name: str, each: Reference) -> Row:
    return name, _joined(each.number, date_text(each.date), each.issuer), each.line


def _conference(each: Conference, lang: Language) -> Row:
    after = f"{word('after', lang)} {each.after}" if each.after else None
    when = each.starts_at or each.due_date
    said = _joined(each.id, each.title or each.tier, _kind(each.form, lang), date_text(when) if when else None, after, each.venue)
    return word("conference", lang), said, each.line


def _task(each: Task, lang: Language) -> Row:
    said = _joined(each.heading, each.unit, _kind(each.role, lang), date_text(each.due_date), each.gist)
    return word("task", lang), said, each.line


def _deadline(each: Deadline, lang: Language) -> Row:
    last = date_text(each.due_date) or "?"
    clock = f"{each.due_time:%H:%M}" if each.due_time else None
    return word("deadline", lang), _joined(last, clock, ", ".join(each.who), each.phrase), each.line


def _recurring(each: Recurring, lang: Language) -> Row:
    return word("recurring", lang), _joined(_kind(each.frequency, lang), ", ".join(each.who), each.phrase), each.line


def _recipient(each: Recipient, lang: Language) -> Row:
    meant: Words = (
        Words("?", "bad") if each.purpose is None and not each.as_above else Words(purpose(each.purpose, lang), "strong")
    )
    why = f" ({each.why})" if each.why else ""
    return word("recipient", lang), (Words(each.text), Words(" · "), meant, Words(why, "quiet")), each.line
