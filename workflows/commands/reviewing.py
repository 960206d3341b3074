"""How a draft is gone through in the terminal: the document beside each fact, a key or a word for each decision.

What a decision does is review's; the draft is written by the command that reads.
"""

from __future__ import annotations

import io
import itertools
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol

import click

from engine.errors import InputError
from workflows import review
from workflows.commands import labels
from workflows.commands import review_screen as screen
from workflows.commands.context import Context
from workflows.commands.excerpt import rows_of
from workflows.commands.rendering import Words, heading, line, say
from workflows.commands.review_labels import KEYS, chosen, kind, kind_meant, now_and_how, value
from workflows.commands.review_screen import Session
from workflows.review import Review

if TYPE_CHECKING:
    from workflows.documents.lines import Line
    from workflows.plans import Plan


def go_through(
    context: Context, plan: Plan, lines: Sequence[Line], *, keep: Path, everything: bool = False, anew: bool = False
) -> Plan:
    """Ask a person about the facts of a draft, beside the document's lines; returns the plan that is to be written.

    Decisions are kept in a file until the caller removes it; ``anew``: those of another draft are given up. Raises InputError
    where nobody can answer, or where decisions of another draft are kept; click's Exit when the person leaves without writing.
    """
    asking = _answers()
    found = _kept(context, plan, keep, anew=anew)
    session = Session(context=context, rows=rows_of(lines), keep=keep, review=found)
    open_ = review.still_open(found)
    session.queue = [n for n in review.order(found) if everything or n in open_]
    others = len(found.items) - len(session.queue)
    heading(
        context.words(f"{len(session.queue)} dữ kiện cần xem.", f"{len(session.queue)} fact(s) to look at."),
        context.words(f"{others} dữ kiện khác coi như đã nhận (l để xem).", f"The others are accepted: {others} (l lists them).")
        if others
        else None,
    )
    shown: tuple[Review, int | None] | None = None
    while True:
        here = (session.review, None if session.ended else session.item)
        if shown is None or shown[0] is not here[0] or shown[1] != here[1]:
            screen.summary(session) if session.ended else screen.show(session)
        shown = here
        try:
            if _obey(session, asking(screen.prompt_of(session)), asking):
                return review.draft(session.review)
        except (EOFError, KeyboardInterrupt):
            _leave(session)
        except InputError as error:
            line(Words(str(error), "bad"))


class _Asking(Protocol):
    """Shows a prompt and returns the line that was typed; raises EOFError at the end of the input."""

    def __call__(self, prompt: str, recall: str | None = None) -> str:
        """``recall``: what the up key brings, to be changed rather than typed anew."""


def _answers() -> _Asking:
    """How a person is asked: at the terminal, or through a pipe; raises InputError where nobody answers."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # what is no text is no answer
    if sys.stdin is not None and sys.stdin.isatty():
        with suppress(ImportError):  # Windows edits lines by itself
            import readline  # noqa: F401  (from now on input() edits lines)
        return _typed
    ahead = sys.stdin.readline() if sys.stdin is not None else ""
    if not ahead:
        raise InputError(
            "there is nobody to ask: the input is no terminal, and empty.",
            remedy="Write the draft without a review: cascade read DOCUMENT -o PLAN.yaml",
        )
    lines: Iterator[str] = itertools.chain([ahead], iter(sys.stdin.readline, ""))

    def piped(prompt: str, recall: str | None = None) -> str:
        click.echo(prompt, nl=False)
        said = next(lines, None)
        click.echo((said or "").rstrip("\n"))
        if said is None:
            raise EOFError
        return said.strip()

    return piped


def _typed(prompt: str, recall: str | None = None) -> str:
    if recall and "readline" in sys.modules:
        sys.modules["readline"].add_history(recall)
    try:
        return input(prompt).strip()
    except (EOFError, KeyboardInterrupt):
        click.echo()
        raise


# -- what is typed -----------------------------------------------------------------------------------------------------


def _obey(session: Session, said: str, asking: _Asking) -> bool:
    """Do what was typed; returns whether the draft is to be written."""
    key, rest = _key(said)
    if key == "w" and not session.ended:
        screen.summary(session)
    if key == "w" or (key == "" and session.ended):
        return True
    if key == "q":
        _quit(session, asking)
    elif key == "?":
        screen.keys(session)
    elif key == "l":
        screen.overview(session)
    elif key == "#":
        _go_to(session, int(rest))
    elif key == "u" and session.review.before is None:
        raise InputError(session.words("Chưa có quyết định nào để rút lại.", "There is no decision to undo."))
    elif key == "u":
        _decide(session, review.undo(session.review), forward=False)
    elif key == "+":
        _add(session, rest, asking)
    elif key == "b":
        session.at = max(0, session.at - 1)
    elif key == "n":
        session.at = _first_open(session) if session.ended else session.at + 1
    elif session.ended:
        raise InputError(session.words("Đã hết: w ghi, b lùi, ? các phím.", "This is the end: w writes, b goes back, ? helps."))
    elif key == "d":
        _decide(session, review.drop(session.review, session.item, session.words("đã bỏ", "dropped")))
    elif key == "c":
        _correct(session, rest, asking)
    else:
        _accept(session, rest, asking, entered=key == "")
    return False


def _key(said: str) -> tuple[str, str]:
    """The key that was meant, and what follows it; "" for a mere Enter, "#" for an item's number."""
    if said.isdecimal():
        return "#", said
    if said.startswith("+"):
        return "+", said[1:].strip()
    for letter, key in KEYS.items():
        for word in (letter, *key.words):
            if said.lower() == word or said.lower().startswith(f"{word} "):
                return letter, said[len(word) :].strip()
    if said:
        raise InputError(f"'{said}'? {' · '.join(KEYS)}")
    return "", ""


def _accept(session: Session, words: str, asking: _Asking, *, entered: bool) -> None:
    """Accept the item; where a value is asked for, ask for it; where all is said, go on."""
    asked = review.asked(session.review).get(session.item, [])
    empty = next((name for question in asked if (name := review.to_fill(question))), None)
    if entered and empty:
        _fill(session, empty, asking)
    elif entered and not asked and session.review.items[session.item].standing != "open":
        session.at += 1
    else:
        _decide(session, review.accept(session.review, session.item, words or session.words("đúng như đã đọc", "as read")))


def _fill(session: Session, name: str, asking: _Asking) -> None:
    """Ask for one value until it is one; a blank leaves the item as it is."""
    known = next(each for each in review.fields(session.review.items[session.item]) if each.name == name)
    now = value(known, session.lang).text if known.value not in (None, (), "") else None
    while text := asking(f"{now_and_how(known, session.lang)} > ", now):
        try:
            corrected = review.correct(
                session.review, session.item, {name: chosen(known, text)}, session.words("đã sửa", "corrected")
            )
        except InputError as error:
            line(Words(session.words(f"Chưa nhận được '{text}': cần ghi như sau.", str(error)), "bad"))
            continue
        _decide(session, corrected)
        return


def _correct(session: Session, rest: str, asking: _Asking) -> None:
    """Correct one field of the item: asked for, or typed behind the key; the item stays to be looked at."""
    fields = review.fields(session.review.items[session.item])
    if not fields:
        raise InputError(
            session.words(
                "Không có gì để sửa: a LỜI GIẢI ĐÁP, hoặc d.", "There is nothing to correct: a ANSWER, or d to set it aside."
            )
        )
    if not rest and len(fields) > 1:
        rest = asking(session.words("Sửa mục số mấy? > ", "Which number? > "))
        if not rest:
            return
    first, _, text = rest.partition(" ")
    names = {str(n): each for n, each in enumerate(fields, 1)} | {each.name: each for each in fields}
    names |= {labels.field(each.name, session.lang).lower(): each for each in fields}
    found = names.get(first.lower())
    if len(fields) == 1 and (found is None or not text):
        found, text = fields[0], rest if found is None else ""
    if found is None:
        raise InputError(session.words(f"Không có mục '{first}' để sửa.", f"There is no '{first}' to correct here."))
    if not text:
        at = session.at
        _fill(session, found.name, asking)
        session.at = at
        return
    words = session.words("đã sửa", "corrected")
    _decide(
        session, review.correct(session.review, session.item, {found.name: chosen(found, text.strip())}, words), forward=False
    )


def _add(session: Session, rest: str, asking: _Asking) -> None:
    """Add what was missed: of which kind, on which line of the document, and then what it says, field by field."""
    if not session.rows:
        raise InputError(
            session.words(
                "Không có văn bản bên cạnh: thêm vào tệp kế hoạch.", "No document lies beside it: add it in the plan file."
            )
        )
    kinds = review.addable(session.review)
    if not rest:
        for n, name in enumerate(kinds, 1):
            line(Words(f"{n} ", "quiet"), Words(kind(name, session.lang)))
        rest = asking(session.words("Thêm gì, ở dòng nào? (SỐ DÒNG) > ", "What, on which line? (NUMBER LINE) > "))
    meant, _, at = rest.rpartition(" ")
    texts = dict(session.rows)
    if not at.isdecimal() or int(at) not in texts:
        raise InputError(session.words("Cần loại và dòng, ví dụ: + 6 34", "It takes a kind and a line, as: + 6 34"))
    name = kind_meant(kinds, meant, session.lang)
    typed: dict[str, str] = {}
    for each in review.demanded(name):
        said = asking(f"{now_and_how(each, session.lang)} > ")
        if not said:
            return
        typed[each.name] = chosen(each, said)
    session.review = review.add(session.review, name, int(at), texts[int(at)], typed)
    number = len(session.review.items) - 1
    session.queue.insert(session.at, number)
    _save(session)
    for each in review.fields(session.review.items[number]):
        if each.name not in typed:
            place = session.at
            _fill(session, each.name, asking)
            session.at = place


def _decide(session: Session, decided: Review, *, forward: bool = True) -> None:
    """Take a decision over, keep it, and go on to the next item that is open, unless this one still is."""
    item = None if session.ended else session.item
    session.review = decided
    _save(session)
    asked, open_ = review.asked(decided), review.still_open(decided)
    session.queue = [n for n in session.queue if n < len(decided.items)]  # what was added, and is taken back, is gone
    session.queue += [n for n in asked if n not in session.queue]
    if forward and item is not None and item not in asked:
        left = (n for n in range(session.at + 1, len(session.queue)) if session.queue[n] in open_)
        session.at = next(left, len(session.queue))


def _first_open(session: Session) -> int:
    """The first place in the queue that is still open; its length where none is."""
    open_ = review.still_open(session.review)
    return next((n for n, item in enumerate(session.queue) if item in open_), len(session.queue))


def _go_to(session: Session, number: int) -> None:
    if not 1 <= number <= len(session.review.items):
        raise InputError(f"1 … {len(session.review.items)}")
    if number - 1 not in session.queue:
        session.queue.insert(session.at, number - 1)
    session.at = session.queue.index(number - 1)


# -- what is kept ------------------------------------------------------------------------------------------------------


def _kept(context: Context, plan: Plan, keep: Path, *, anew: bool) -> Review:
    """The review that was left, or a new one."""
    if not keep.exists():
        return review.begin(plan)
    try:
        found = review.resume(plan, json.loads(keep.read_text(encoding="utf-8")))
    except ValueError:  # no JSON, no text
        found = None
    if found is not None:
        n = sum(item.standing != "open" for item in found.items)
        say(context.words(f"Tiếp tục: đã có {n} quyết định trong {keep}.", f"Going on: {n} decision(s) were kept in {keep}."))
        return found
    if anew:
        return review.begin(plan)
    raise InputError(
        "these decisions are of another reading of the document.",
        file=keep,
        remedy="Remove the file, or begin anew with --force.",
    )


def _save(session: Session) -> None:
    """Keep the decisions so far; whatever ends the program leaves the old or the new ones."""
    text = json.dumps(review.kept(session.review), ensure_ascii=False)
    new = session.keep.with_name(session.keep.name + ".new")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(session.keep)
    except OSError as error:
        message = f"the decisions cannot be kept ({error.strerror})."
        raise InputError(message, file=session.keep, remedy="Name another file with -o.") from error


def _quit(session: Session, asking: _Asking) -> None:
    """Leave without writing; the decisions are kept for the next time unless the person says no."""
    if session.keep.exists():
        said = asking(session.words("Giữ các quyết định cho lần sau? [Y/n] ", "Keep the decisions for the next time? [Y/n] "))
        if said.lower() in ("n", "no", "k", "không"):
            session.keep.unlink()
    _leave(session)


def _leave(session: Session) -> NoReturn:
    """Leave without writing, and say what is kept."""
    say(session.words("Chưa ghi bản nháp.", "No draft was written."))
    if session.keep.exists():
        vi = f"Các quyết định được giữ trong {session.keep}: chạy lại lệnh này để tiếp tục."
        say(session.words(vi, f"The decisions are kept in {session.keep}: the same command goes on."))
    raise click.exceptions.Exit(1)
