"""Owns the documents that reading is measured on: the corpus, the five real ones, and the media that a text is put into."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import yaml_source

PLANS = Path(__file__).resolve().parents[1] / "plans"
REAL = Path(__file__).resolve().parents[3] / "shared" / "plans"  # not part of the project; skipped where it is absent

_TYPES = {"kế hoạch": "KH", "công văn": "CV", "hướng dẫn": "HD", "kết luận": "KL", "nghị quyết": "NQ", "quyết định": "QĐ"}
_PURPOSES = {"báo cáo": "report", "phối hợp": "coordinate", "lưu": "file"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document and what a careful clerk gets out of it."""

    name: str  # "01-ke-hoach-huyen-uy"
    path: Path  # its text
    facts: dict[str, Any]
    about: dict[str, Any]  # form, tier, year, noise, medium

    @property
    def medium(self) -> str:
        """What the text is put into before it is read."""
        return str(self.about.get("medium") or "txt")


def corpus(half: str) -> list[Document]:
    """The documents of one half, "known" or "unseen", by number; raises OSError or InputError for what cannot be read."""
    return [_document(path) for path in sorted((PLANS / half).glob("*.yaml"))]


def _document(facts_path: Path) -> Document:
    text = next(facts_path.with_suffix(suffix) for suffix in (".txt", ".md") if facts_path.with_suffix(suffix).is_file())
    value = yaml_source.parse(facts_path.read_text(encoding="utf-8"), str(facts_path)).value
    assert isinstance(value, dict)
    about = {key: item for key, item in value.items() if key != "facts"}
    return Document(name=facts_path.stem, path=text, facts=dict(value["facts"]), about=about)


# --- media ------------------------------------------------------------------------------------------------------------


class CannotRender(Exception):
    """What writes this medium is not installed."""


def rendered(document: Document, folder: Path) -> Path:
    """The document's file in its medium, written into the folder if need be; raises CannotRender."""
    if document.medium in ("txt", "md"):
        return document.path
    try:
        from benchmarks.kit.media import SUFFIXES, render

        content = render(document.path.read_text(encoding="utf-8"), document.medium)
    except ImportError as missing:
        raise CannotRender(f"{missing.name} is not installed") from missing
    target = folder / (document.name + SUFFIXES[document.medium])
    target.write_bytes(content)
    return target


# --- the five real documents ------------------------------------------------------------------------------------------


def real() -> list[Document]:
    """The five real documents, their facts in the corpus' shape; empty where the folder is absent."""
    if not (REAL / "facts.yaml").is_file():
        return []
    value = yaml_source.parse((REAL / "facts.yaml").read_text(encoding="utf-8"), "facts.yaml").value
    assert isinstance(value, dict)
    return [
        Document(name=name, path=next(REAL.glob(f"{name}_*.txt")), facts=_adapted(facts), about={"medium": "txt"})
        for name, facts in value.items()
    ]


def _adapted(old: dict[str, Any]) -> dict[str, Any]:
    """What facts.yaml says in the corpus' shape; "?" where it does not say, ``open`` where it names only some."""
    kind = str(old["type"])
    body = str(old["issuer"]["body"])
    within = re.search(r"\((.+?)[,)]", body)
    bare = re.sub(r"\s*\(.*\)", "", body).split(",")[0]
    return {
        "number": old.get("number"),
        "symbol": old.get("symbol") or (re.sub(r"^\d+-?", "", old["number"]) if old.get("number") else "?"),
        "date": old.get("date"),
        "place": old.get("place"),
        "type": "CV" if kind.startswith("công văn") else _TYPES[kind.lower()],
        "title": old.get("subject") or "?",  # subject_q of 003 is cut off where its first line ends
        "issuer": f"{bare} | {bare} {within[1]}" if within else bare,
        "signer": old["signer"],
        "basis": [_paper(each) for each in old.get("basis") or []],
        "citations": [_paper(each) for each in (*(old.get("cites") or []), old.get("subject_doc")) if each],
        "recipients": [
            {"text": re.sub(r"\s*\(.*\)", "", each["q"]), "list": name, "purpose": _PURPOSES.get(each.get("purpose", ""), "?")}
            for name in ("kinh_gui", "noi_nhan")
            for each in old.get(name) or []
        ],
        "tasks": [task for each in old.get("tasks") or [] for task in _tasks(each)],
        "deadlines": _deadlines(old),
        "recurring": [entry for each in old.get("recurring") or [] for entry in _recurring(each)],
        "reports": [
            {"who": each["who"], "to": each["to"], "via": each.get("via"), "phrase": each.get("q")}
            for each in old.get("reports") or []
        ],
        "conferences": [_conference(each) for each in old.get("conferences") or []],
        "attachments": [_enclosed(each) for each in old["materials"]],
        "suspensions": [
            {"phrase": f"tạm dừng {each['q']}", "unit": each["unit"], "until": each["q"]}
            for each in old.get("tasks") or []
            if each.get("kind") == "suspension"
        ],
        "warnings": _codes(old),
        "open": ["citations", "warnings"],
    }


def _enclosed(each: Any) -> dict[str, Any]:
    return {"text": each["q"]} if isinstance(each, dict) else {"text": each, "number": each}


def _paper(each: dict[str, Any]) -> dict[str, Any]:
    issuer = each.get("by", "?")
    if issuer.endswith("Ban Bí thư"):  # as the head of the document words it, and as its body does
        issuer = f"{issuer} | {issuer} Trung ương Đảng"
    return {"number": each["n"], "date": each["d"], "type": _TYPES.get(each.get("type", "").lower(), "?"), "issuer": issuer}


def _tasks(each: dict[str, Any]) -> list[dict[str, Any]]:
    heading, unit = str(each["h"]), each.get("unit")
    first, _, last = heading.partition("-")
    unit = {"chung": None, "see recurring": "?"}.get(str(unit), unit)
    if unit:
        unit = re.sub(r"\s*\(.*\)", "", str(unit))
        unit = f"{unit} | {unit.split(';')[0]}"
    role = {"chủ trì": "lead"}.get(str(each.get("role")), "?")
    headings = [first, last] if last else ["?" if "unnumbered" in heading else heading.split(" (")[0]]
    return [{"heading": name, "unit": unit, "role": role, "due_date": each.get("due")} for name in headings]


def _deadlines(old: dict[str, Any]) -> list[dict[str, Any]]:
    """A month's end on each line that says so; else what the tasks give. Who is not always said."""
    asked = {"who": "?", "to": "?", "via": "?"}
    if lines := old.get("month_deadline_lines"):
        (due,) = {each["due"] for each in old["conferences"]}
        return [{"due_date": due, "phrase": "Hoàn thành trong tháng 3/2025", **asked} for _ in lines]
    dated = [each for each in old["tasks"] if each.get("due")]
    return [{"due_date": each["due"], "phrase": each["q"], **asked, "who": [each["unit"]]} for each in dated]


def _recurring(each: dict[str, Any]) -> list[dict[str, Any]]:
    def listed(value: Any) -> list[str]:
        return value if isinstance(value, list) else [value]

    common = {
        "weekday": str(each["weekday"]).lower() if each.get("weekday") else None,
        "time": f"{each['before']}:00" if each.get("before") else None,
        "who": listed(each["who"]),
        "to": listed(each["to"]),
        "via": each.get("via"),
        "consolidates": each.get("consolidates") or "false",
    }
    return [{"frequency": name, **common} for name in listed(each["freq"])]


def _conference(each: dict[str, Any]) -> dict[str, Any]:
    said = str(each["form"])
    form = "relayed" if "tiếp sóng" in said else said.replace(" ", "_")
    after = re.search(r"after (\S+)", str(each.get("order", "")))
    return {
        "id": each["id"],
        "form": form,
        "due_date": each["due"],
        "chair": each.get("chair"),
        "venue": each.get("venue"),
        "after": after[1] if after else None,
        "organiser": each.get("heading_organiser", "?"),
        "reporter": each.get("reporter", "?"),
        "invitation": each.get("invite", "?"),
    }


def _codes(old: dict[str, Any]) -> list[str]:
    signs = {
        "number_missing": not old.get("number"),
        "date_missing": not old.get("date"),
        "date_before_basis": "date_suspect" in old,
        "purpose_detached": "detached_purposes" in old,
        "section_twice": any("duplicate" in str(each["h"]) for each in old["tasks"]),
        "organiser_conflict": any("body_organiser" in each for each in old.get("conferences") or []),
        "report_without_day": any(str(each.get("day")) == "none" for each in old.get("recurring") or []),
    }
    return [code for code, stands in signs.items() if stands]
