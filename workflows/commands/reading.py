"""The command that reads a document into a draft plan, and how the plan's facts are shown."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflows.commands.context import Context, Language
from workflows.commands.labels import choice, columns, date_text, purpose, word
from workflows.commands.rendering import Cell, Words, emit_json, json_option, say, table, together

if TYPE_CHECKING:
    from workflows.documents.lines import Line
    from workflows.plans import (
        Attachment,
        Conference,
        Deadline,
        Funding,
        Origin,
        Plan,
        Recipient,
        Recurring,
        Reference,
        Report,
        Suspension,
        Task,
    )

    Fact = Origin | Reference | Recipient | Task | Deadline | Recurring | Report | Conference | Attachment | Suspension | Funding
    Named = tuple[str, Cell, Fact | None]  # what it is, what the document says, and the fact itself

PLAN_FILES = (".yaml", ".yml")
Row = tuple[Cell, Cell, Cell]
_SCHEMA_HELP = "Print the JSON Schema of what --json prints, and do nothing else."


def _print_schema(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked:
        from workflows.reading_json import schema

        emit_json(schema())
        context.exit()


@click.command()
@click.argument("document")
@click.option("-o", "--output", metavar="PLAN.yaml", help="Write the draft into this file, to be looked over; '-': to stdout.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@json_option
@click.option("--text", "as_text", is_flag=True, help="Print the document's text with the line numbers that facts name.")
@click.option("--review", is_flag=True, help="Accept, correct, drop or add facts beside the document, then write the draft.")
@click.option("--all", "everything", is_flag=True, help="With --review: all facts, not only those asked about or in doubt.")
@click.option("--schema", is_flag=True, is_eager=True, expose_value=False, callback=_print_schema, help=_SCHEMA_HELP)
@click.pass_obj
def read(
    context: Context, document: str, output: str | None, force: bool, as_json: bool, as_text: bool, review: bool, everything: bool
) -> None:
    """Read DOCUMENT into a draft plan: each fact with its line, and what is left to a person.

    A document is a Word file (.docx), a PDF with a text layer, or text (.txt, .md); with LibreOffice also .doc, .rtf and .odt.

    \b
    Examples:
      cascade read ke-hoach.md
      cascade read ke-hoach.docx -o plan.yaml
      cascade read ke-hoach.docx --review
      cascade read ke-hoach.pdf --text
      cascade read ke-hoach.md --json
      cascade read --schema
    """
    if everything and not review:
        raise click.UsageError("--all goes with --review.")
    if review and (as_json or as_text or output == "-"):
        raise click.UsageError("--review talks to a person: it goes with neither --json nor --text nor -o -.")
    if review:
        _review(context, document, output or f"{Path(document).stem}.yaml", force=force, everything=everything)
        return
    if as_text:
        _print_text(document)
        return
    plan = plan_of(document)
    if output is not None:
        _write(context, plan, output, force)
    if as_json:
        from workflows.reading_json import reading

        emit_json(reading(plan))
    elif output is None:
        table(columns(context.lang, "fact", "says", "line"), [_row(*each) for each in _facts(plan, context.lang)])
    if output != "-":
        _ask(context, plan)


def _print_text(path: str) -> None:
    """The text as it is read, each line after its number; columns stand apart, control characters are left out."""
    from workflows.documents.files import read_rows

    for number, row in enumerate(read_rows(path), 1):
        text = "    ".join(row).replace("\t", "    ").replace("\xa0", " ")
        click.echo(f"{number:5}  {''.join(letter for letter in text if letter.isprintable())}".rstrip())


def _review(context: Context, document: str, output: str, *, force: bool, everything: bool) -> None:
    """Let a person go through the facts, and write what came of it."""
    from workflows.commands.reviewing import go_through

    if Path(output).exists() and not force:
        raise _taken(output)
    if not os.access(Path(output).parent, os.W_OK):
        raise _unwritable(
            output, context.words("thư mục không có, hoặc không được ghi", "no such folder, or nobody may write there")
        )
    plan, lines = _with_lines(document)
    keep = Path(f"{output}.review")
    plan = go_through(context, plan, lines, keep=keep, everything=everything, anew=force)
    _write(context, plan, output, force)
    keep.unlink(missing_ok=True)
    _ask(context, plan)
    say(context.words(f"Tiếp theo: cascade issue {output} --dry-run", f"Next: cascade issue {output} --dry-run"))


def _with_lines(path: str) -> tuple[Plan, Sequence[Line]]:
    """A plan and the document's lines; of a plan file those of the document that lies beside it, if it does."""
    from workflows import documents

    if not path.lower().endswith(PLAN_FILES):
        return documents.read_with_lines(path)
    plan = plan_of(path)
    beside = Path(path).with_name(plan.source) if plan.source and Path(plan.source).name == plan.source else None
    return plan, documents.read_with_lines(beside)[1] if beside and beside.is_file() else ()


def plan_of(path: str) -> Plan:
    """The plan that a plan file or a document says; raises InputError."""
    if path.lower().endswith(PLAN_FILES):
        from workflows import plans

        return plans.parse(path)
    from workflows import documents

    return documents.read(path)


def _write(context: Context, plan: Plan, output: str, force: bool) -> None:
    from workflows.plan_draft import to_yaml

    text = to_yaml(plan, context.lang)
    if output == "-":
        click.echo(text, nl=False)
        return
    try:
        with Path(output).open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise _taken(output) from None
    except OSError as error:
        raise _unwritable(output, str(error.strerror)) from error
    say(context.words(f"Bản nháp ở trong {output}.", f"The draft is in {output}."))


def _unwritable(output: str, why: str) -> Exception:
    from engine.errors import InputError

    return InputError(f"cannot be written ({why}).", file=output, remedy="Name another file.")


def _taken(output: str) -> Exception:
    from engine.errors import AlreadyExists

    return AlreadyExists(f"{output} is there already.", remedy="Name another file, or replace it with --force.")


def _ask(context: Context, plan: Plan) -> None:
    """Tell what must be answered and looked at, and how much was read."""
    from workflows.questions import DOUBTFUL, questions, said, to_look_at

    for question in questions(plan):
        where = f"{context.words('dòng', 'line')} {question.line}: " if question.line else ""
        option = f" [{question.option}]" if question.option else ""
        say(f"{context.words('Cần trả lời', 'To be answered')}: {where}{said(question, context.lang)}{option}")
    for warning in to_look_at(plan):
        where = f"{context.words('dòng', 'line')} {warning.line}: " if warning.line else ""
        say(f"{context.words('Cần xem lại', 'To be looked at')}: {where}{said(warning, context.lang)}")
    found = [fact for _, _, fact in _facts(plan, context.lang) if fact]
    doubtful = sum(fact.confidence < DOUBTFUL for fact in found)
    check = context.words(f", {doubtful} cần kiểm tra (?)", f", {doubtful} to check (?)") if doubtful else ""
    say(context.words(f"{len(found)} dữ kiện{check}.", f"{len(found)} fact(s){check}."))


# -- facts as rows: what it is, what the document says, where, and a mark where the reading is in doubt -------------------


def _row(name: str, said: Cell, fact: Fact | None) -> Row:
    from workflows.questions import DOUBTFUL

    if fact is not None and fact.confidence < DOUBTFUL:
        said = together([said, Words("(?)", "bad")], " ")
    return name, said, fact.line if fact else None


def _facts(plan: Plan, lang: Language) -> Iterator[Named]:
    origins = {origin.fact: origin for origin in plan.origins}
    for name in ("number", "date", "place", "type", "title", "issuer", "urgency"):
        value = getattr(plan, name)
        if value is not None:
            yield word(name, lang), date_text(value) if name == "date" else str(value), origins.get(name)
        elif name in ("number", "date", "issuer"):
            yield word(name, lang), Words("?", "bad"), None
    if plan.signer:
        yield word("signer", lang), _joined(plan.signer.authority, plan.signer.title, plan.signer.name), origins.get("signer")
    yield from ((word("basis", lang), _reference(each), each) for each in plan.basis)
    yield from ((word("follows_up", lang), _reference(each), each) for each in plan.follows_up)
    yield from ((word("citation", lang), _reference(each), each) for each in plan.citations)
    yield from ((word("conference", lang), _conference(each, lang), each) for each in plan.conferences)
    yield from ((word("task", lang), _task(each, lang), each) for each in plan.tasks)
    yield from ((word("deadline", lang), _deadline(each), each) for each in plan.deadlines)
    yield from ((word("recurring", lang), _recurring(each, lang), each) for each in plan.recurring)
    yield from ((word("reports", lang), _joined(each.phrase, ", ".join(each.who), each.gist), each) for each in plan.reports)
    yield from ((word("suspension", lang), _joined(each.unit, each.phrase), each) for each in plan.suspensions)
    yield from ((word("funding", lang), each.text, each) for each in plan.funding)
    yield from ((word("attachments", lang), each.text, each) for each in plan.attachments)
    yield from ((word("recipient", lang), _recipient(each, lang), each) for each in plan.recipients)


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _kind(name: str | None, lang: Language) -> str | None:
    return choice(name, lang) if name else None


def _reference(each: Reference) -> str:
    return _joined(each.number, date_text(each.date), each.issuer)


def _conference(each: Conference, lang: Language) -> str:
    after = f"{word('after', lang)} {each.after}" if each.after else None
    when = each.starts_at or each.due_date
    return _joined(each.id, each.title or each.tier, _kind(each.form, lang), date_text(when) if when else None, after, each.venue)


def _task(each: Task, lang: Language) -> str:
    return _joined(each.heading, each.unit, _kind(each.role, lang), date_text(each.due_date), each.gist)


def _deadline(each: Deadline) -> str:
    clock = f"{each.due_time:%H:%M}" if each.due_time else None
    return _joined(date_text(each.due_date) or "?", clock, ", ".join(each.who), each.phrase)


def _recurring(each: Recurring, lang: Language) -> str:
    return _joined(_kind(each.frequency, lang), ", ".join(each.who), each.phrase)


def _recipient(each: Recipient, lang: Language) -> Cell:
    from workflows.commands.review_labels import reason

    unknown = each.purpose is None and not each.as_above
    meant = Words("?", "bad") if unknown else Words(purpose(each.purpose, lang), "strong")
    why = f" ({reason(each.why, lang)})" if each.why else ""
    return Words(each.text), Words(" · "), meant, Words(why, "quiet")
