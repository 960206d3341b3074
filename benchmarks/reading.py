"""How well documents are read: precision and recall of each field, on real documents and on the corpus' two halves apart.

python -m benchmarks.reading                            # all; writes READING.md
python -m benchmarks.reading --half known --misses      # what was not read as it stands; writes nothing
python -m benchmarks.reading --half known --document 05 --misses
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.kit.reading_facts import CannotRender, Document, corpus, real, rendered
from benchmarks.kit.reading_score import Score, Tally, score
from engine.errors import CascadeError
from workflows import documents
from workflows.reading_json import reading

CHECKOUT = Path(__file__).resolve().parent.parent
REPORT = CHECKOUT / "benchmarks" / "READING.md"
HALVES = {"real": "the five real documents", "known": "known half", "unseen": "unseen half"}
AIMS = {"real": 0.98, "known": 0.95, "unseen": 0.95}
PAGE = 2_800  # characters of a page of 14-point text
PAGES = 20
_READ_ALONE = """
import resource, sys, time
from workflows import documents
before = time.perf_counter(), time.process_time()
documents.read(sys.argv[1])
print(time.perf_counter() - before[0], time.process_time() - before[1], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def main() -> None:
    """Read, compare, print; ends with 1 when a document could not be read at all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=sorted(HALVES), help="only these documents")
    parser.add_argument("--document", metavar="NN", help="only the document whose name begins so")
    parser.add_argument("--medium", metavar="M", help="read all in this medium (docx, pdf, tcvn3 …) instead of each in its own")
    parser.add_argument("--misses", action="store_true", help="print each thing that was not read as it stands")
    asked = parser.parse_args()
    chosen = {name: _documents(name, asked.document, asked.medium) for name in HALVES if asked.half in (None, name)}
    with tempfile.TemporaryDirectory(prefix="cascade-reading-") as folder:
        scores = {name: scored(documents_, Path(folder)) for name, documents_ in chosen.items()}
    if asked.misses:
        print("\n".join(line for part in scores.values() for line in _misses(part)))
    totals = {name: total(part) for name, part in scores.items() if part}
    print(table(totals))
    for name in [name for name in HALVES if asked.half in (None, name) and name not in totals]:
        print(f"{HALVES[name]}: none here.")
    if asked.half is asked.document is asked.medium is None:
        REPORT.write_text(report(scores, chosen), encoding="utf-8")
        print(_twenty_pages())
    sys.exit(any(value is None for part in scores.values() for value in part.values()))


def _documents(half: str, beginning: str | None, medium: str | None) -> list[Document]:
    found = [each for each in (real() if half == "real" else corpus(half)) if each.name.startswith(beginning or "")]
    return [replace(each, about={**each.about, "medium": medium}) for each in found] if medium else found


def scored(chosen: Iterable[Document], folder: Path) -> dict[str, Score | None]:
    """The score of each document by its name; None where it was refused. One whose medium cannot be made is left out."""
    scores: dict[str, Score | None] = {}
    for document in chosen:
        try:
            plan = documents.read(rendered(document, folder))
        except (CannotRender, ImportError) as reason:  # what writes this medium, or what reads it, is not installed
            print(f"{document.name}: left out: {reason}.")
            continue
        except CascadeError as refusal:
            print(f"{document.name}: refused: {refusal}")
            scores[document.name] = None
            continue
        scores[document.name] = score(document.facts, reading(plan))
    return scores


def total(scores: Mapping[str, Score | None]) -> Score:
    """The documents' scores as one."""
    result = Score()
    for each in scores.values():
        result += each or Score()
    return result


def _misses(scores: Mapping[str, Score | None]) -> list[str]:
    return [
        f"{name} | {miss.field}\n    expected: {miss.expected}\n    found:    {miss.found}"
        for name, each in scores.items()
        for miss in (each.misses if each else [])
    ]


# --- the report -------------------------------------------------------------------------------------------------------


def table(totals: Mapping[str, Score]) -> str:
    """Precision, recall and how many there are, field by field, each group of documents apart; Markdown."""
    order = sorted({name for part in totals.values() for name in part.tallies}, key=_place)
    head = "| field | " + " | ".join(f"{HALVES[name]}: precision | recall | of" for name in totals) + " |"
    rows = [head, "|---|" + "--:|--:|--:|" * len(totals)]
    for name in order:
        rows.append(f"| {name} | " + " | ".join(_cells(part.tallies.get(name, Tally())) for part in totals.values()) + " |")
    rows.append("| **all** | " + " | ".join(_cells(part.total()) for part in totals.values()) + " |")
    return "\n".join(rows)


_ORDER = (
    "number", "symbol", "date", "place", "type", "title", "issuer", "urgency", "signer", "basis", "citations", "follows_up",
    "recipients", "tasks", "deadlines", "recurring", "reports", "conferences", "attachments", "suspensions", "warnings",
)  # fmt: skip


def _place(name: str) -> tuple[int, str]:
    return _ORDER.index(name.split(".")[0]), name


def _cells(tally: Tally) -> str:
    return " | ".join([_figure(tally.precision), _figure(tally.recall), str(tally.hit + tally.missed)])


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def report(scores: Mapping[str, Mapping[str, Score | None]], chosen: Mapping[str, Sequence[Document]]) -> str:
    """READING.md: nothing in it depends on the machine."""
    totals = {name: total(part) for name, part in scores.items() if part}
    lines = ["# How well documents are read", "", "Written by `python -m benchmarks.reading`; README.md says what is scored.", ""]
    lines += [table(totals), "", "## Below the aim", ""]
    for name, part in totals.items():
        below = [
            f"{field} ({_figure(tally.precision) or '-'} / {_figure(tally.recall) or '-'})"
            for field, tally in sorted(part.tallies.items(), key=lambda item: _place(item[0]))
            if min(1.0 if each is None else each for each in (tally.precision, tally.recall)) < AIMS[name]
        ]
        lines.append(f"- {HALVES[name]} (aim {AIMS[name]}): {', '.join(below) if below else 'none'}.")
    for name in ("known", "unseen"):
        if scores.get(name):
            lines += ["", f"## Each document of the {HALVES[name]}", "", *_by_document(scores[name], chosen[name])]
    return "\n".join(lines) + "\n"


def _by_document(scores: Mapping[str, Score | None], chosen: Sequence[Document]) -> list[str]:
    rows = ["| document | form | tier | year | medium | precision | recall | of |", "|---|---|---|---|---|--:|--:|--:|"]
    for each in chosen:
        about = " | ".join(str(each.about.get(key, "")) for key in ("form", "tier", "year", "medium"))
        one = scores.get(each.name)
        rows.append(f"| {each.name} | {about} | {_cells(one.total()) if one else 'not read | |'} |")
    return rows


def _twenty_pages() -> str:
    """Seconds and peak memory of reading a document of twenty pages, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="cascade-reading-") as folder:
        path = Path(folder) / "twenty.txt"
        path.write_text(twenty_pages(corpus("known")), encoding="utf-8")
        command = [sys.executable, "-c", _READ_ALONE, str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=CHECKOUT)
    seconds, own, memory = (float(each) for each in done.stdout.split())
    return f"{PAGES} pages: {seconds:.2f} s (aim 0.5), of which {own:.2f} s CPU; peak memory {memory:.0f} MB (aim 150)."


def twenty_pages(known: Sequence[Document]) -> str:
    """One document: the first one's head and closing about the bodies of all, as often as it takes."""
    texts = [each.path.read_text(encoding="utf-8") for each in known]
    first = texts[0]
    cut = first.index("Nơi nhận")
    inner = [text.partition("\n\n")[2].partition("Nơi nhận")[0] for text in texts]
    body, turn = first[:cut], 0
    while len(body) < PAGES * PAGE:
        body += "\n" + inner[turn % len(inner)]
        turn += 1
    return body[: PAGES * PAGE] + "\n\n" + first[cut:]


if __name__ == "__main__":
    main()
