"""Commands around whom a document's words mean: a plan's recipients in the directory, and the aliases that people decide."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from workflows.commands.context import Context, Language
from workflows.commands.labels import columns, moment, purpose
from workflows.commands.reading import plan_of
from workflows.commands.refusals import refusals
from workflows.commands.rendering import Cell, Words, emit_json, json_option, progress, say, table

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.engine import Connection

    from engine.database import Database
    from workflows.recipients import Line, Named

_HOW = {  # resolve.How
    "written": ("tệp kế hoạch", "the plan file"),
    "decided": ("đã có người quyết định", "a decision"),
    "name": ("tên", "its name"),
    "body": ("tên, qua cơ quan của nó", "its name, by an office of it"),
    "reworded": ("tên viết cách khác", "its name in other words"),
    "kind": ("loại đơn vị", "the kind of units"),
    "enumeration": ("từng tên trong danh sách", "the names of a list"),
    "persons": ("cá nhân", "persons"),
    "as_above": ("như trên", "as above"),
    "archive": ("lưu", "archive"),
    "empty_group": ("không có đơn vị nào", "no such unit here"),
    "ended": ("đơn vị đã kết thúc", "the unit has ended"),
    "ambiguous": ("nhiều đơn vị cùng tên", "several of this name"),
    "unknown": ("chưa rõ", "not known"),
}


@click.command("recipients")
@click.argument("plan")
@click.option("--issuer", metavar="UNIT", help="The unit that issues it, where its words do not say so.")
@click.option("--on", metavar="DATE", help="As the directory is on this day. Default: today.")
@click.option("--choose", metavar="N=CODE,…", multiple=True, help="Decide whom recipient N means; may be repeated.")
@click.option("--ask", is_flag=True, help="Ask for each that is open; only on a terminal.")
@click.option("--dry-run", is_flag=True, help="Keep no decision.")
@json_option
@click.pass_obj
def recipients(
    context: Context, /, plan: str, issuer: str | None, on: str | None, choose: tuple[str, ...], ask: bool, dry_run: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Show whom each recipient of PLAN means in the directory, and decide what the program does not.

    PLAN is a plan file or a document. What is decided holds for the issuer's documents from then on; it is kept with who decided
    it and when, see units alias. Likeness decides nothing: it only orders what is proposed.

    \b
    Examples:
      cascade recipients plan.yaml
      cascade recipients plan.yaml --choose 3=P.HT --choose 5=TP.PNV,TP.PTC
      cascade recipients plan.yaml --ask
    """
    from workflows import recipients as resolving
    from workflows.issuing import Issuing, issuer_of

    said = plan_of(plan)
    decided: list[tuple[int, list[str], str | None]] = [(*_choice(each), None) for each in choose]
    by, day = context.by(), context.day(on) or context.today
    with context.database() as database:
        database.require_current()
        looking_up = progress(context.words("Đối chiếu", "Looking up"))
        with refusals(context, said), database.read() as connection, looking_up:
            unit = issuer_of(connection, Issuing(plan=said, issuer=issuer), context.now)
            found = resolving.lines(connection, said, issuer=unit, on=day)
        if ask:
            decided += _asked(context, database, found)
        if decided:
            with database.write() as connection:
                for place, codes, part in decided:
                    resolving.decide(connection, found, place, codes, issuer=unit, by=by.operator, now=by.now, part=part)
                found = resolving.lines(connection, said, issuer=unit, on=day)
                if dry_run:
                    connection.rollback()
    if as_json:
        emit_json({"issuer": unit, "on": day, "recipients": found, "decided": len(decided), "dry_run": dry_run})
    else:
        _show(context, found, day)
    if decided:
        _tell(context, len(decided), unit, dry_run)


def _choice(text: str) -> tuple[int, list[str]]:
    place, _, codes = text.partition("=")
    chosen = [each.strip() for each in codes.split(",") if each.strip()]
    if not place.strip().isdecimal() or not chosen:
        raise click.UsageError(f"--choose takes N=CODE or N=CODE,CODE: '{text}' is neither.")
    return int(place), chosen


def _asked(context: Context, database: Database, found: list[Line]) -> Iterator[tuple[int, list[str], str | None]]:
    """What the person at the terminal says of each open line, or of its unknown parts; nothing for a line that is left open."""
    if not sys.stdin.isatty():
        say(context.words("Không có ai để hỏi: đầu vào không phải là màn hình.", "There is nobody to ask: this is no terminal."))
        return
    for line in found:
        if line.is_open:
            say(f"\n{line.place}. {line.recipient.text}")
            for number, each in enumerate(line.candidates, 1):
                say(f"   {number}) {_text(each, context.lang)}")
            for part in line.unknown or (None,):
                if part:
                    say(f"   {context.words('không rõ', 'not known')}: {part}")
                if codes := _answer(context, database, line):
                    yield line.place, codes, part


def _answer(context: Context, database: Database, line: Line) -> list[str]:
    """The codes that were typed, or chosen by number; asked again until each of them exists."""
    from engine.errors import NotFound
    from workflows import directory

    vi = "Số hoặc mã, cách nhau bằng dấu phẩy; Enter: để lại"
    words = context.words(vi, "Numbers or codes, separated by commas; Enter: leave")
    places = range(1, len(line.candidates) + 1)
    while True:
        typed = [
            each.strip() for each in click.prompt(words, default="", show_default=False, err=True).split(",") if each.strip()
        ]
        codes = [str(line.candidates[int(each) - 1].code) if each.isdecimal() and int(each) in places else each for each in typed]
        try:
            with database.read() as connection:
                groups = {group.code for group in directory.all_groups(connection)}
                return [each if each in groups else directory.get(connection, each).code for each in codes]
        except NotFound as error:
            say(str(error))


def _show(context: Context, found: list[Line], day: date) -> None:
    from workflows.duties import ACTING

    rows = [_row(line, context.lang) for line in found]
    table(["#", *columns(context.lang, "recipient", "purpose", "means", "how")], rows)
    count = sum(line.is_open for line in found)
    unsaid = sum(line.recipient.purpose is None and not line.recipient.as_above for line in found)
    if unsaid:
        vi = f"{unsaid} nơi nhận chưa rõ để làm gì: ghi act, coordinate, report, inform hoặc file ở purpose: của tệp kế hoạch."
        en = f"{unsaid} recipient(s) have no purpose: write act, coordinate, report, inform or file at purpose: in the plan file."
        say(context.words(vi, en))
    if people := [line.place for line in found if line.recipient.purpose in ACTING and line.how == "persons"]:
        which = ", ".join(map(str, people))
        vi = f"Nơi nhận {which} là cá nhân: không đơn vị nào nhận việc. Nếu là cơ quan của họ, quyết định bằng --choose."
        say(
            context.words(vi, f"Recipient {which} is people: no unit would act. If their bodies are meant, decide with --choose.")
        )
    if count:
        vi = f"{count} nơi nhận chưa rõ là ai ngày {day:%d/%m/%Y}. Quyết định bằng --choose hoặc --ask."
        say(context.words(vi, f"{count} recipient(s) are open on {day:%d/%m/%Y}. Decide with --choose or --ask."))


def _row(line: Line, lang: Language) -> list[Cell]:
    how = _HOW[line.how][0 if lang == "vi" else 1]
    said = line.recipient
    return [
        line.place,
        said.text,
        purpose(said.purpose, lang),
        _means(line, lang),
        Words(how, "bad" if line.is_open else "quiet"),
    ]


def _means(line: Line, lang: Language) -> Cell:
    if not line.is_open:
        return "; ".join(_text(each, lang) for each in _together(line.means))
    vi = lang == "vi"
    parts = [
        *([_text(each, lang) for each in _together(line.known)]),
        *([f"{'không rõ' if vi else 'not known'}: {'; '.join(line.unknown)}"] if line.unknown else []),
        *([f"{'khi đó là' if vi else 'then'}: {'; '.join(_text(each, lang) for each in line.once)}"] if line.once else []),
        *(f"? {_text(each, lang)}" for each in line.candidates),
    ]
    return Words("\n".join(parts), "warn")


def _together(means: Sequence[Named]) -> list[Named]:
    """What a line means, the kinds of one plural ("các chi, đảng bộ") as one."""
    plurals = Counter[str]()
    for each in means:
        plurals[each.name] += each.units if each.code is None else 0
    return list({(each.code, each.name): replace(each, units=plurals[each.name] or each.units) for each in means}.values())


def _text(named: Named, lang: Language) -> str:
    count = "" if named.units == 1 and named.code else f" ({named.units} {'đơn vị' if lang == 'vi' else 'unit(s)'})"
    score = f" [{named.score:.0f}]" if named.score is not None else ""
    return f"{named.code + ' ' if named.code else ''}{named.name}{count}{score}"


def _tell(context: Context, decided: int, issuer: str, dry_run: bool) -> None:
    if dry_run:
        say(context.words("Chưa ghi gì.", "Nothing was written."))
        return
    vi = f"Đã ghi {decided} quyết định, áp dụng cho văn bản của {issuer}."
    say(context.words(vi, f"{decided} decision(s) were kept for the documents of {issuer}."))


# -- units alias -------------------------------------------------------------------------------------------------------


@click.group()
def alias() -> None:
    """Keep what words mean: aliases that people decide, for one issuer's documents or for all. No import removes them.

    \b
    Examples:
      cascade units alias list
      cascade units alias add "Các phòng, ban thành phố" PHONG --for TP
    """


_for = click.option("--for", "issuer", metavar="UNIT", help="Only in documents of this unit. Default: in all.")


@alias.command("list")
@_for
@json_option
@click.pass_obj
def list_aliases(context: Context, issuer: str | None, as_json: bool) -> None:
    """List the aliases that were decided, with who decided them and when.

    \b
    Examples:
      cascade units alias list
      cascade units alias list --for TP --json
    """
    from workflows import aliases, directory

    with context.reading() as connection:
        found = aliases.every(connection, directory.find(connection, issuer).code if issuer else None)
    if as_json:
        emit_json(found)
        return
    heads = columns(context.lang, "alias", "means", "issuer", "decided", "recorded")
    table(heads, [(each.alias, each.code, each.issuer, each.decided_by, moment(each.decided_at)) for each in found])


@alias.command("add")
@click.argument("name")
@click.argument("codes", nargs=-1, required=True)
@_for
@click.pass_obj
def add_alias(context: Context, name: str, codes: tuple[str, ...], issuer: str | None) -> None:
    """Decide that NAME means the units or groups with these CODES, in the place of what it was decided to mean before.

    For one unit's documents a coordinator of that unit may decide; for all documents, an admin of the whole directory.

    \b
    Examples:
      cascade units alias add "Đ.ủy phường Hàng Châu" P.HT
      cascade units alias add "Các phòng, ban thành phố" PHONG --for TP
    """
    from workflows import aliases

    by = context.by()
    with context.database() as database:
        database.require_current()
        with database.write() as connection:
            of = _whose(connection, by.operator, issuer)
            aliases.decide(connection, name, codes, issuer=of, by=by.operator, now=by.now)
    click.echo(f"{name}: {', '.join(codes)}")


@alias.command("remove")
@click.argument("name")
@_for
@click.pass_obj
def remove_alias(context: Context, name: str, issuer: str | None) -> None:
    """Take back what was decided of NAME.

    \b
    Example:
      cascade units alias remove "Các phòng, ban thành phố" --for TP
    """
    from workflows import aliases

    with context.database() as database:
        database.require_current()
        with database.write() as connection:
            aliases.forget(connection, name, issuer=_whose(connection, context.by().operator, issuer))
    click.echo(f"{name}: {context.words('đã bỏ', 'removed')}")


def _whose(connection: Connection, operator: str, issuer: str | None) -> str:
    """For whom is decided, where the operator may; raises NotAuthorised, NotFound."""
    from workflows import directory
    from workflows.aliases import EVERYBODY

    of = directory.find(connection, issuer).code if issuer else EVERYBODY
    directory.require(connection, operator, "coordinator" if of else "admin", of or directory.EVERYWHERE)
    return of
