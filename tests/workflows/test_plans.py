"""The Plan, its JSON, and plan files."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import typing
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from workflows import plans, questions
from workflows.plan_draft import to_yaml
from workflows.plans import Conference, Plan, Recipient, Recurring, Reference, Signer, normalise_number

EXAMPLE = """
number: 12 -KH/XU
date: 2026-03-02
type: KH
title: Học tập nghị quyết
issuer: Ban Thường vụ Đảng ủy xã Đồi Sim
basis:
  - number: 00097
    date: 2026-02-20
recipients:
  - text: Các chi bộ trực thuộc
    purpose: act
    units: [on, "0012"]
recurring:
  - phrase: hằng tuần
    frequency: weekly
    weekday: wed
    time: 15:00
conferences:
  - id: "2.1"
    held_by: issuer
  - id: "2.2"
    after: "2.1"
"""


def test_a_plan_file_is_read_as_typed_facts() -> None:
    plan = plans.parse_text(EXAMPLE, "plan.yaml")
    assert plan.number == "12-KH/XU"
    assert plan.date == dt.date(2026, 3, 2)
    assert plan.basis == (Reference(number="00097", date=dt.date(2026, 2, 20)),)
    assert plan.recipients == (Recipient(text="Các chi bộ trực thuộc", purpose="act", units=("on", "0012")),)
    assert plan.recurring == (Recurring(phrase="hằng tuần", frequency="weekly", weekday="wed", time=dt.time(15)),)
    assert plan.conferences == (Conference(id="2.1", held_by="issuer"), Conference(id="2.2", after="2.1"))


def test_a_plan_file_is_read_from_disk_and_named_in_complaints(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    assert plans.parse(path) == plans.parse_text(EXAMPLE, "other")
    path.write_text("nummer: 1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"plan\.yaml:1: there is no key 'nummer'"):
        plans.parse(path)
    with pytest.raises(InputError, match="no such file"):
        plans.parse(tmp_path / "missing.yaml")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("number: 1-KH/XU\ncolour: red\n", 2, ("no key 'colour'", "number, symbol, date")),
        ("number: 1-KH/XU\ndate: 2/3/2026\n", 2, ("'2/3/2026' is not a date", "2025-03-31")),
        ("date: 20260302\n", 1, ("is not a date",)),
        ("date: 2026-02-30\n", 1, ("date",)),
        ("type: XX\n", 1, ("'XX' is not a type", "KH, CV")),
        (
            "recipients:\n  - text: A\n    purpose: tell\n",
            3,
            ("'tell' is not a purpose", "act, coordinate, report, inform, file"),
        ),
        ("recipients:\n  - purpose: act\n", 2, ("'text' is missing",)),
        ("recipients:\n  - text: A\n    colour: red\n", 3, ("no key 'colour'", "text, list, purpose")),
        ("recipients: A\n", 1, ("must be a list",)),
        ("recipients:\n  - A\n", 2, ("must have keys", "text, list")),
        ("recurring:\n  - phrase: p\n    frequency: often\n", 3, ("'often' is not a frequency", "weekly")),
        ("recurring:\n  - phrase: p\n    frequency: weekly\n    weekday: Wednesday\n", 4, ("mon, tue",)),
        ("recurring:\n  - phrase: p\n    frequency: monthly\n    day: 32\n", 4, ("not a day", "1 to 31")),
        ("recurring:\n  - phrase: p\n    frequency: weekly\n    time: 3pm\n", 4, ("not a time", "15:00")),
        ("conferences:\n  - id: a\n    starts_at: 2026-03-03T08:00\n", 3, ("starts_at", "+07:00")),
        ("conferences:\n  - id: a\n  - id: a\n", 3, ("two conferences",)),
        ("conferences:\n  - id: a\n  - id: b\n    after: c\n", 4, ("no other conference 'c'", "Write one of: a")),
        ("title: [a]\n", 1, ("plain text",)),
        ("number: 1\nnumber: 2\n", 2, ("stands twice",)),
        ("- number\n", 1, ("not a plan file",)),
        ("number: [\n", 2, ()),
    ],
)
def test_a_slip_in_a_plan_file_is_refused_with_its_line_and_a_remedy(text: str, line: int, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as caught:
        plans.parse_text(text, "plan.yaml")
    assert caught.value.line == line, str(caught.value)
    assert caught.value.remedy
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("127 -KL/TW", "127-KL/TW"),
        ("Số 174 KL/TW", "174-KL/TW"),
        ("12 tháng", "12 tháng"),
        ("127- KL/TW", "127-KL/TW"),
        ("127-\nKL/TW", "127-KL/TW"),
        ("02-HD/BTGDVTU", "02-HD/BTGDVTU"),
        ("Số: 15 / KH – UBND", "15/KH-UBND"),
        ("Số 56a-TB/TU.", "56a-TB/TU"),
        ("33/CĐ-BCĐ-BNNMT", "33/CĐ-BCĐ-BNNMT"),
        ("154/CTPH-A-B, C", "154/CTPH-A-B,C"),
        ("2-CV/ĐU", "2-CV/ĐU"),
    ],
)
def test_a_number_loses_the_scanners_spaces_and_keeps_its_padding(written: str, number: str) -> None:
    assert normalise_number(written) == number
    assert normalise_number(number) == number


def test_what_must_be_answered_before_issuing_is_named_with_its_option() -> None:
    codes = {question.code: question.option for question in questions.missing(Plan())}
    assert codes == {"number_missing": "--number", "date_missing": "--date", "issuer_missing": "--issuer"}


def test_a_date_before_the_basis_is_a_question_about_the_date() -> None:
    basis = Reference(number="5-KH/TU", date=dt.date(2026, 2, 1), line=9)
    cited = Reference(number="7-NQ/TW", date=dt.date(2026, 1, 15), line=11)
    plan = Plan(number="1-KH/XU", date=dt.date(2026, 1, 10), issuer="Đảng ủy", basis=(basis,), citations=(cited,))
    asked = questions.missing(plan)
    assert [(question.code, question.line, question.option) for question in asked] == [
        ("date_before_basis", 9, "--date"),
        ("date_before_subject", 11, "--date"),
    ]
    assert questions.missing(Plan(number="1-KH/XU", date=dt.date(2026, 2, 1), issuer="Đảng ủy", basis=(basis,))) == ()


def test_the_digest_changes_with_any_fact_and_only_then() -> None:
    plan = plans.parse_text(EXAMPLE, "plan.yaml")
    assert plan.digest() == plans.parse_text(EXAMPLE, "elsewhere.yaml").digest()
    assert plan.digest() != plans.parse_text(EXAMPLE.replace("15:00", "15:30"), "plan.yaml").digest()
    assert Plan().digest() == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"  # SHA-256 of "{}"


def test_reading_the_model_does_not_import_pydantic() -> None:
    code = "import sys, workflows.plans, workflows.plan_draft; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0


# --- round trips ------------------------------------------------------------------------------------------------------

_texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).map(
    lambda text: unicodedata.normalize("NFC", text)
)
_numbers = st.builds("{}-{}/{}".format, st.integers(1, 999), st.sampled_from(["KH", "CĐ"]), st.sampled_from(["TU", "ĐU"]))
_dates = st.dates(dt.date(1000, 1, 1), dt.date(9999, 12, 31))
_times = st.times().map(lambda time: time.replace(microsecond=0))
_instants = st.datetimes(dt.datetime(1000, 1, 2), dt.datetime(9999, 12, 30), timezones=st.just(dt.UTC))


def _strategy(kind: object, name: str) -> st.SearchStrategy[object]:
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        return st.lists(_strategy(arguments[0], name), max_size=1).map(tuple)
    if type(None) in arguments:
        return st.none() | _strategy(arguments[0], name)
    if typing.get_origin(kind) is typing.Literal:
        return st.sampled_from(arguments)
    by_kind = {dt.date: _dates, dt.time: _times, dt.datetime: _instants, bool: st.booleans(), int: st.integers(1, 31)}
    by_kind[float] = st.integers(0, 100).map(lambda percent: percent / 100)
    if kind is str:
        return _numbers if name == "number" else _texts
    return by_kind[kind] if kind in by_kind else _facts(kind)


def _facts(kind: object, **fixed: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    hints = plans._hints(kind)
    return st.builds(kind, **{name: fixed[name] if name in fixed else _strategy(hint, name) for name, hint in hints.items()})


_meetings = st.lists(_facts(Conference, after=st.none()), max_size=3, unique_by=lambda meeting: meeting.id).map(tuple)
any_plan = _facts(Plan, conferences=_meetings)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_plan)
def test_any_plan_survives_its_json(plan: Plan) -> None:
    again = Plan.from_json(json.loads(json.dumps(plan.to_json())))
    assert again == plan
    assert again.digest() == plan.digest()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_plan)
def test_any_plan_survives_its_plan_file(plan: Plan) -> None:
    assert plans.parse_text(to_yaml(plan), "draft.yaml") == plan


def test_the_draft_says_what_to_answer_and_where_each_fact_stands() -> None:
    reference = Reference(number="5-KH/TU", date=dt.date(2026, 2, 1), line=9)
    origins = (plans.Origin(fact="place", phrase="Đồi Sim, ngày 10 tháng 01", line=4),)
    doubt = plans.Warning(code="section_twice", message="two sections are numbered 3", line=40)
    plan = Plan(place="Đồi Sim", basis=(reference,), origins=origins, warnings=(doubt,), signer=Signer(name="Lò Thị Mận"))
    text = to_yaml(plan)
    assert "number_missing: the number is missing. [--number]" in text
    assert "section_twice: line 40: two sections are numbered 3" in text
    assert 'place: "Đồi Sim"  # line 4: "Đồi Sim, ngày 10 tháng 01"' in text
    assert '- number: "5-KH/TU"  # line 9: "5-KH/TU"' in text
    assert "\nnumber:\n" in text
