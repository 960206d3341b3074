"""The JSON of what was read and its schema, the words beside each fact, and the questions that keep a draft from being issued."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from tests.cli_case import CITY, PLAN, CommandLine
from tests.workflows.test_documents import INVITATION, KEYS, LETTER, SHARED, STATE_PLAN, TELEGRAM, needs_shared
from tests.workflows.test_plans import any_plan
from workflows import plans, questions
from workflows.documents import read, read_text
from workflows.documents.lines import clean, read_lines
from workflows.plan_draft import to_yaml
from workflows.plans import Attachment, Conference, Plan, Recipient, Reference, Task, Warning
from workflows.reading_json import CODES, reading, schema

CHECKOUT = Path(__file__).resolve().parents[2]
WRITTEN = {"plan": STATE_PLAN, "letter": LETTER, "invitation": INVITATION, "telegram": TELEGRAM}
DOCUMENTS = [PLAN, *sorted(map(str, (CHECKOUT / "benchmarks" / "plans" / "known").glob("[0-9]*.[mt][dx]*")))]
MEETING = Warning(code="weekday_mismatch", message="'thứ Hai, ngày 11/3/2025' is a Tuesday.", line=7)
COMPLETE = Plan(number="1-KH/TU", date=dt.date(2025, 3, 10), issuer="Thành ủy")


def _json(plan: Plan) -> Any:
    return json.loads(json.dumps(reading(plan)))


def _require_valid(value: Any) -> None:
    validator = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    faults = [f"{'/'.join(map(str, fault.absolute_path))}: {fault.message}" for fault in validator.iter_errors(value)]
    assert faults == []


def _facts(plan: Plan) -> Iterator[Any]:
    """Everything in a plan that has words of the document beside it."""
    for field in dataclasses.fields(plan):
        value = getattr(plan, field.name)
        yield from (item for item in value if hasattr(item, "confidence")) if isinstance(value, tuple) else ()


# -- the schema --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_what_is_read_of_a_text_is_what_the_schema_says(text: str) -> None:
    _require_valid(_json(read_text(text, "x")))


@pytest.mark.parametrize("path", DOCUMENTS, ids=[Path(path).stem for path in DOCUMENTS])
def test_what_is_read_of_an_example_is_what_the_schema_says(path: str) -> None:
    _require_valid(_json(read(path)))


@needs_shared
@pytest.mark.parametrize("key", KEYS)
def test_what_is_read_of_a_real_document_is_what_the_schema_says(key: str) -> None:
    _require_valid(_json(read(next(SHARED.glob(f"{key}_*.txt")))))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_plan)
def test_any_plan_is_printed_as_the_schema_says(plan: Plan) -> None:
    _require_valid(_json(plan))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(WRITTEN)), st.data())
def test_a_torn_document_is_printed_as_the_schema_says_or_refused(name: str, data: st.DataObject) -> None:
    text = WRITTEN[name]
    start, end = sorted(data.draw(st.tuples(*2 * [st.integers(0, len(text))])))
    try:
        plan = read_text(text[:start] + text[end:], "x")
    except InputError:
        return
    _require_valid(_json(plan))
    assert plans.parse_text(to_yaml(plan), "x") == plan


def test_nothing_at_all_still_has_every_key() -> None:
    empty = _json(Plan())
    _require_valid(empty)
    assert list(empty) == [
        "schema", "number", "symbol", "date", "place", "type", "title", "issuer", "urgency", "signer", "basis", "citations",
        "follows_up", "recipients", "tasks", "deadlines", "recurring", "reports", "conferences", "attachments", "suspensions",
        "funding",
        "warnings", "origins", "source", "questions",
    ]  # fmt: skip
    assert {key for key, value in empty.items() if value is not None and value != []} == {"schema", "questions"}


def test_the_schema_describes_every_key_demands_it_and_permits_no_other() -> None:
    said = schema()
    jsonschema.Draft202012Validator.check_schema(said)
    for described in (said, *said["$defs"].values()):
        assert described["additionalProperties"] is False
        assert described["required"] == list(described["properties"])
        assert [name for name, each in described["properties"].items() if not each["description"].endswith((".", "…"))] == []
    used = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(said)))
    assert used == set(said["$defs"])


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("colour",), "red"),
        (("date",), "10/3/2025"),
        (("date",), "2025-02-30"),
        (("type",), "XX"),
        (("schema",), "another"),
        (("recipients", 0, "purpose"), "tell"),
        (("recipients", 0, "list"), None),
        (("recipients", 0, "confidence"), 1.5),
        (("recipients", 0, "line"), 0),
        (("conferences", 0, "starts_at"), "2026-01-09T01:00:00+00:00"),
        (("deadlines", 0, "due_time"), "15h00"),
        (("deadlines", 0, "who"), "Phòng Kinh tế"),
    ],
)
def test_the_schema_refuses_what_is_no_reading(place: tuple[str | int, ...], value: object) -> None:
    found = _json(read_text(STATE_PLAN, "x"))
    _require_valid(found)
    *way, last = place
    inside = found
    for step in way:
        inside = inside[step]
    inside[last] = value
    with pytest.raises(AssertionError):
        _require_valid(found)


def test_the_schema_refuses_a_reading_that_lacks_a_key() -> None:
    found = _json(read_text(STATE_PLAN, "x"))
    for key in found:
        less = copy.copy(found)
        del less[key]
        with pytest.raises(AssertionError):
            _require_valid(less)


def test_the_schema_in_the_docs_is_the_programs_own(bare: CommandLine) -> None:
    kept = json.loads((CHECKOUT / "docs" / "reading.schema.json").read_text(encoding="utf-8"))
    assert kept == schema(), "out of date: run `make docs`"
    assert bare.done("read", "--schema").json == kept


def test_every_code_of_a_warning_is_listed() -> None:
    rooms = (*(CHECKOUT / "workflows" / "documents").rglob("*.py"), CHECKOUT / "workflows" / "questions.py")
    text = "".join(path.read_text(encoding="utf-8") for path in rooms)
    found = set(re.findall(r'(?:code=|_question\()\s*"([a-z_]+)"', text))
    assert "purpose_detached" in found
    assert found <= set(CODES)
    assert set(questions.ASKED) <= set(CODES)


# -- what it says ------------------------------------------------------------------------------------------------------


def test_the_facts_stand_at_the_top_and_times_are_vietnams(bare: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(STATE_PLAN, encoding="utf-8")
    found = bare.done("read", path, "--json").json
    assert found["number"] == "15/KH-UBND"
    assert found["source"] == "plan.txt"
    assert found["conferences"][0]["starts_at"] == "2026-01-09T08:00:00+07:00"
    (date,) = (each for each in found["origins"] if each["fact"] == "date")
    assert (date["line"], date["phrase"]) == (3, "Đồi Sim, ngày 05 tháng 01 năm 2026")


def test_a_warning_that_a_person_must_answer_holds_its_question() -> None:
    plan = dataclasses.replace(COMPLETE, warnings=(MEETING, Warning(code="section_twice", message="3 stands twice.", line=9)))
    found = _json(plan)
    _require_valid(found)
    assert [each["question"] for each in found["warnings"]] == ["Which is right, the weekday or the date?", None]
    assert [(each["code"], each["line"], each["option"]) for each in found["questions"]] == [("weekday_mismatch", 7, None)]
    answered = dataclasses.replace(plan, warnings=(dataclasses.replace(MEETING, answer="ngày 11"), plan.warnings[1]))
    assert _json(answered)["warnings"][0]["question"] is None
    assert _json(answered)["questions"] == []


def test_an_impossible_date_is_asked_for_once() -> None:
    wrong = Warning(code="date_impossible", message="no calendar has this date: ngày 31 tháng 02.", line=3)
    plan = dataclasses.replace(
        COMPLETE, date=None, warnings=(Warning(code="date_missing", message="the date is missing."), wrong)
    )
    assert [(each.code, each.line, each.option) for each in questions.missing(plan)] == [("date_impossible", 3, "--date")]
    assert questions.missing(dataclasses.replace(plan, date=dt.date(2025, 2, 28))) == ()


# -- words and confidence ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*WRITTEN, *DOCUMENTS], ids=[*WRITTEN, *(Path(path).stem for path in DOCUMENTS)])
def test_the_words_beside_a_fact_are_the_documents_own(path: str) -> None:
    plan = read_text(WRITTEN[path], "x") if path in WRITTEN else read(path)
    lines = clean(WRITTEN[path], "x") if path in WRITTEN else read_lines(path)
    whole = " ".join(line.text for line in lines)
    columns = [" ".join(line.text for line in lines if line.column == column) for column in range(6)]
    facts = list(_facts(plan))
    assert facts
    for fact in facts:
        assert 0 < fact.confidence <= 1
        assert fact.phrase, fact
        found = any(fact.phrase.strip(" .,;") in text for text in (whole, *columns))
        cells = fact.phrase.strip(" .,;").split(", ")  # of a table's row
        assert found or all(any(cell in text for text in columns) for cell in cells), fact
        assert isinstance(fact, plans.Suspension | plans.Recurring) or len(fact.phrase) <= 200


def test_what_was_guessed_has_less_confidence_than_what_was_printed() -> None:
    letter, plan = (read_text(text, "x") for text in (LETTER, STATE_PLAN))
    by_text = {each.text: each.confidence for each in letter.recipients}
    assert by_text["Phòng Đảng viên"] < questions.DOUBTFUL < by_text["Thường trực Tỉnh uỷ"]
    origins = {each.fact: each.confidence for each in plan.origins}
    assert origins["number"] == origins["date"] == 1
    printed, guessed = (read_text(STATE_PLAN.replace("20/01/2026", day), "x").deadlines[0] for day in ("20/01/2026", "20/01"))
    assert printed.due_date == guessed.due_date == dt.date(2026, 1, 19)
    assert guessed.confidence < printed.confidence  # its year was supplied from the document's date


def test_the_words_are_no_part_of_what_a_plan_says() -> None:
    one = dataclasses.replace(COMPLETE, tasks=(Task(unit="Sở Y tế", phrase="1. Sở Y tế"),))
    other = dataclasses.replace(COMPLETE, tasks=(Task(unit="Sở Y tế"),))
    assert one == other
    assert one.digest() == other.digest()
    assert one.digest() != dataclasses.replace(one, tasks=(Task(unit="Sở Y tế", confidence=0.5),)).digest()


# -- the draft ---------------------------------------------------------------------------------------------------------


def test_a_draft_says_beside_each_fact_where_it_stands_and_which_ones_to_check() -> None:
    basis = (
        Reference(number="5-KH/TU", line=9, phrase="Kế hoạch số 5-KH/TU", confidence=0.6),
        Reference(number="6-KH/TU", line=10),
    )
    text = to_yaml(dataclasses.replace(COMPLETE, basis=basis))
    assert '  - number: "5-KH/TU"  # line 9: "Kế hoạch số 5-KH/TU" (?) hãy kiểm tra / check\n' in text
    assert "    confidence: 0.6\n" in text
    assert '  - number: "6-KH/TU"  # line 10: "6-KH/TU"\n' in text
    assert text.count("confidence") == text.count("(?)") == 1
    assert plans.parse_text(text, "x").basis == basis


def test_a_draft_says_at_the_top_what_to_answer_and_how() -> None:
    meeting = Conference(id="1", starts_at=dt.datetime(2025, 3, 11, 1, tzinfo=dt.UTC))
    unknown = Recipient(text="Phòng Đảng viên", line=40)
    text = to_yaml(Plan(symbol="KH/TU", warnings=(MEETING,), conferences=(meeting,), recipients=(unknown,)))
    head = text.partition("\n\n")[0].splitlines()
    assert "#   number_missing: the number is missing (the document leaves it blank before KH/TU). [--number]" in head
    assert head[
        head.index("#   number_missing: the number is missing (the document leaves it blank before KH/TU). [--number]") + 1
    ] == ("#     Which number does the document bear? -> number:")
    assert any(line.startswith("#   weekday_mismatch: line 7: 'thứ Hai, ngày 11/3/2025' is a Tuesday.") for line in head)
    assert any(line.startswith("#   purpose_unknown: line 40: ") and line.endswith("[--allow-unresolved]") for line in head)
    assert "    answer:  # Which is right, the weekday or the date?\n" in text
    assert "    purpose:  # act, coordinate, report, inform, file\n" in text
    assert plans.parse_text(text, "x") == Plan(symbol="KH/TU", warnings=(MEETING,), conferences=(meeting,), recipients=(unknown,))


def test_an_attachment_may_be_its_name_alone() -> None:
    plan = plans.parse_text("attachments:\n  - Mẫu biểu\n  - text: Hướng dẫn\n    number: 5 -HD/TU\n", "x")
    assert plan.attachments == (Attachment(text="Mẫu biểu"), Attachment(text="Hướng dẫn", number="5-HD/TU"))
    assert plan.to_json() == {"attachments": ["Mẫu biểu", {"text": "Hướng dẫn", "number": "5-HD/TU"}]}
    assert Plan.from_json(plan.to_json()) == plan


@pytest.mark.parametrize("written", ["1.1", "-0.5", "nan", "inf", "1e-3", "high"])
def test_a_confidence_is_a_number_from_0_to_1(written: str) -> None:
    with pytest.raises(InputError, match="0 to 1") as caught:
        plans.parse_text(f"tasks:\n  - unit: A\n    confidence: {written}\n", "x")
    assert caught.value.line == 3


# -- issuing -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def bare(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line where nothing has been set up yet."""
    monkeypatch.delenv("CASCADE_DB", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return CommandLine(tmp_path / "cascade.db", lambda: capsys.readouterr())


@pytest.fixture
def city(bare: CommandLine) -> CommandLine:
    """The command line on the example city, nothing issued."""
    bare.done("init")
    bare.done("units", "import", CITY / "units.yaml")
    return bare


@pytest.mark.parametrize(
    ("code", "change", "answer"),
    [
        ("number_missing", ("Số 58-KH/TU", "Số     -KH/TU"), ("\nnumber:", '\nnumber: "60-KH/TU"')),
        ("date_missing", ("ngày 10 tháng 3 năm 2025", "ngày     tháng 3 năm 2025"), ("\ndate:", "\ndate: 2025-03-10")),
        ("date_impossible", ("ngày 10 tháng 3 năm 2025", "ngày 31 tháng 02 năm 2025"), ("\ndate:", "\ndate: 2025-03-10")),
        ("date_before_basis", ("ngày 24/02/2025", "ngày 24/03/2025"), ("date: 2025-03-24", "date: 2025-02-24")),
        ("weekday_mismatch", ("ngày 19/3/2025", "thứ Hai, ngày 19/3/2025"), ("    answer:", "    answer: the 19th, a Wednesday")),
    ],
)
def test_nothing_is_issued_before_the_plan_file_answers(
    city: CommandLine, tmp_path: Path, code: str, change: tuple[str, str], answer: tuple[str, str]
) -> None:
    text = Path(PLAN).read_text(encoding="utf-8")
    document, draft = tmp_path / "plan.md", tmp_path / "plan.yaml"
    document.write_text(text.replace(*change), encoding="utf-8")
    assert text.replace(*change) != text
    assert code in [each["code"] for each in city.done("read", document, "--json").json["questions"]]
    refusal = city.refused("issue", document)
    assert "the plan file, whose head says where" in refusal
    assert "?." not in refusal
    city.done("read", document, "-o", draft)
    written = draft.read_text(encoding="utf-8")
    assert f"#   {code}: " in written
    city.refused("issue", draft)
    assert answer[0] in written
    draft.write_text(written.replace(*answer), encoding="utf-8")
    assert city.done("issue", draft, "--json").json["units"] == 24


@pytest.mark.parametrize("code", ["weekday_mismatch", "programme_conflict", "date_before_basis"])
def test_a_contradiction_is_settled_by_an_answer_beside_its_warning(city: CommandLine, tmp_path: Path, code: str) -> None:
    draft = tmp_path / "plan.yaml"
    plan = read(PLAN)
    if code == "date_before_basis":
        plan = dataclasses.replace(plan, basis=(dataclasses.replace(plan.basis[0], date=dt.date(2026, 2, 24)),))
    doubt = Warning(code=code, message="it says one day here and another there.", line=plan.basis[0].line)
    draft.write_text(to_yaml(dataclasses.replace(plan, warnings=(doubt,))), encoding="utf-8")
    refusal = city.refused("issue", draft)
    assert "the plan file, whose head says where" in refusal
    written = draft.read_text(encoding="utf-8")
    draft.write_text(re.sub(r"\n    answer:.*", "\n    answer: as printed, asked the office", written), encoding="utf-8")
    assert city.done("issue", draft, "--json").json["units"] == 24


def test_several_questions_are_asked_in_one_line_with_all_that_answers_them(city: CommandLine, tmp_path: Path) -> None:
    draft = tmp_path / "plan.yaml"
    plan = dataclasses.replace(read(PLAN), number=None, date=None, warnings=(MEETING,))
    draft.write_text(to_yaml(plan), encoding="utf-8")
    refusal = city.refused("issue", draft)
    for words in (
        "the number is missing",
        "the date of signing is missing",
        "is a Tuesday",
        "Answer with --number and --date, and",
    ):
        assert words in refusal
    assert "is a Tuesday" in city.refused("issue", draft, "--number", "60-KH/TU", "--date", "2025-03-10")


def test_a_recipient_without_a_purpose_is_a_question_until_it_has_one(city: CommandLine, tmp_path: Path) -> None:
    draft = tmp_path / "plan.yaml"
    plan = read(PLAN)
    unsaid = dataclasses.replace(plan.recipients[3], purpose=None)
    draft.write_text(to_yaml(dataclasses.replace(plan, recipients=(unsaid, *plan.recipients[4:]))), encoding="utf-8")
    asked = city.done("read", draft, "--json").json["questions"]
    assert [(each["code"], each["line"], each["option"]) for each in asked] == [
        ("purpose_unknown", unsaid.line, "--allow-unresolved")
    ]
    assert "'purpose:'" in city.refused("issue", draft)
    written = draft.read_text(encoding="utf-8")
    draft.write_text(re.sub(r"\n    purpose:  #.*", "\n    purpose: act", written, count=1), encoding="utf-8")
    assert city.done("read", draft, "--json").json["questions"] == []
    city.done("issue", draft)


# -- the table ---------------------------------------------------------------------------------------------------------


def test_the_table_marks_what_to_check_and_counts_it(bare: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text(LETTER, encoding="utf-8")
    ran = bare.done("read", path)
    marked = [row for row in ran.rows if row[1].endswith(" (?)")]
    facts = list(_facts(read(path)))
    assert len(marked) == sum(fact.confidence < questions.DOUBTFUL for fact in facts) > 0
    assert any(row[1].startswith("Phòng Đảng viên") for row in marked)
    assert ran.err.splitlines()[-1] == f"{len(ran.rows) - 2} fact(s), {len(marked)} to check (?)."  # number and date are blank
    sure = bare("--lang", "vi", "read", path)
    assert sure.err.splitlines()[-1].endswith("cần kiểm tra (?).")
