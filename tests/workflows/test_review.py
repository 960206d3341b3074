"""Going through a draft: what a person says of each fact, and the plan that comes of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from tests.workflows.test_plans import any_plan
from workflows import documents, plans, review
from workflows.plan_draft import to_yaml
from workflows.plans import Conference, Deadline, Plan, Recipient, Reference, Signer, Warning
from workflows.questions import questions, to_look_at
from workflows.review import Review

CITY = Path(__file__).resolve().parent.parent.parent / "examples" / "city"
DATE = dt.date(2025, 3, 10)
WHOLE = {"number": "1-KH/TU", "symbol": "KH/TU", "date": DATE, "issuer": "Thành ủy"}
thorough = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def number_of(found: Review, kind: str, place: int = 0) -> int:
    """Which item is the n-th of its kind."""
    return [n for n, item in enumerate(found.items) if item.kind == kind][place]


def survives(plan: Plan) -> bool:
    """Whether a plan is read back from its plan file as it was."""
    return plans.parse_text(to_yaml(plan), "plan.yaml") == plan


# -- what holds of any plan --------------------------------------------------------------------------------------------


@thorough
@given(any_plan)
def test_a_draft_that_nobody_touched_is_the_plan_itself(plan: Plan) -> None:
    found = review.begin(plan)
    assert review.draft(found) == plan
    assert sorted(review.order(found)) == list(range(len(found.items)))


@thorough
@given(any_plan)
def test_to_accept_everything_changes_no_fact(plan: Plan) -> None:
    found = review.begin(plan)
    for n in review.order(found):
        if not any(review.to_fill(question) for question in review.asked(found).get(n, ())):
            found = review.accept(found, n)
    says, said = dataclasses.asdict(review.draft(found)), dataclasses.asdict(plan)
    for before, after in zip(said.pop("warnings"), says.pop("warnings"), strict=False):
        assert after in (before, {**before, "answer": "as read"})
    assert without_confidence(says) == without_confidence(said)


def without_confidence(value: object) -> object:
    if isinstance(value, dict):
        return {key: without_confidence(item) for key, item in value.items() if key != "confidence"}
    return [without_confidence(item) for item in value] if isinstance(value, tuple) else value


@thorough
@given(any_plan, st.data())
def test_whatever_is_decided_the_plan_survives_its_file_and_undo_takes_it_back(plan: Plan, data: st.DataObject) -> None:
    found = review.begin(plan)
    for _ in range(data.draw(st.integers(1, 6))):
        n = data.draw(st.integers(-1, len(found.items) - 1))
        decided = decide(found, n, data) if n >= 0 else added(found, data)
        if decided is not None:
            assert review.undo(decided) == found
            assert survives(review.draft(decided))
            again = review.resume(plan, json.loads(json.dumps(review.kept(decided))))
            assert again is not None
            assert review.draft(again) == review.draft(decided)
            assert [item.standing for item in again.items] == [item.standing for item in decided.items]
            found = decided


def added(found: Review, data: st.DataObject) -> Review | None:
    """Something that was missed; None where it was refused."""
    kind = data.draw(st.sampled_from(review.addable(found)))
    typed = st.sampled_from(["3", "1-KH/TU", "monthly", "KH", "Thành ủy"]) | st.text()
    says = {each.name: data.draw(st.sampled_from(each.choices) if each.choices else typed) for each in review.demanded(kind)}
    try:
        return review.add(found, kind, data.draw(st.integers(1, 99)), data.draw(st.text()), says)
    except InputError:
        return None


def decide(found: Review, n: int, data: st.DataObject) -> Review | None:
    """Some decision on an item; None where it was refused."""
    try:
        match data.draw(st.sampled_from(["accept", "drop", "correct"])):
            case "accept":
                return review.accept(found, n)
            case "drop":
                return review.drop(found, n)
        fields = review.fields(found.items[n])
        name, _, choices = data.draw(st.sampled_from(fields)) if fields else ("nothing", None, ())
        typed = st.sampled_from(["-", "3", "true", "1/4/2025", "15h30", "1/4/2025 8:00", "0.5", "A; B", *choices]) | st.text()
        return review.correct(found, n, {name: data.draw(typed)})
    except InputError:
        return None


# -- decisions ---------------------------------------------------------------------------------------------------------


def test_a_corrected_fact_is_sure_and_keeps_its_line_and_the_documents_words() -> None:
    deadline = Deadline(phrase="trước ngày 20/3", line=40, confidence=0.5)
    found = review.begin(Plan(**WHOLE, deadlines=(deadline,)))
    found = review.correct(found, number_of(found, "deadlines"), {"due_date": "19/3/2025", "due_time": "15h", "who": "A; B"})
    (corrected,) = review.draft(found).deadlines
    assert corrected == Deadline(
        phrase="trước ngày 20/3", line=40, due_date=dt.date(2025, 3, 19), due_time=dt.time(15), who=("A", "B")
    )
    assert 'trước ngày 20/3"  # line 40: "trước ngày 20/3"' in to_yaml(review.draft(found))


def test_a_corrected_head_is_sure_and_its_symbol_follows_its_number() -> None:
    read = documents.read(CITY / "ke-hoach.md")
    found = review.begin(read)
    found = review.correct(found, number_of(found, "number"), {"number": "Số 9 -CV/TU"})
    found = review.correct(found, number_of(found, "signer"), {"name": "Lò Văn Thịnh", "title": "-"})
    said = review.draft(found)
    assert (said.number, said.symbol) == ("9-CV/TU", "CV/TU")
    assert said.signer == Signer(authority=read.signer.authority if read.signer else None, name="Lò Văn Thịnh")
    assert {each.fact: each.confidence for each in said.origins}["number"] == 1.0
    assert [(each.fact, each.line) for each in said.origins] == [(each.fact, each.line) for each in read.origins]


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("date", {"date": "30/2/2025"}, "date"),
        ("type", {"type": "XX"}, "Write one of: KH, CV"),
        ("recipients", {"purpose": "tell"}, "act, coordinate, report, inform, file"),
        ("recipients", {"text": "-"}, "'text' is missing"),
        ("recipients", {"colour": "red"}, "Name one of: text, list, purpose"),
        ("deadlines", {"due_time": "3pm"}, "15:00"),
        ("conferences", {"after": "9"}, "no other conference '9'"),
        ("conferences", {"id": "2"}, "two conferences"),
        ("conferences", {"starts_at": "26/3/2025"}, "2025-03-25T08:00"),
    ],
)
def test_what_a_plan_file_may_not_say_is_refused_with_its_reason(kind: str, typed: dict[str, str], words: str) -> None:
    meetings = (Conference(id="1"), Conference(id="2", after="1"))
    plan = Plan(**WHOLE, type="KH", recipients=(Recipient(text="A"),), deadlines=(Deadline(phrase="p"),), conferences=meetings)
    found = review.begin(plan)
    with pytest.raises(InputError) as caught:
        review.correct(found, number_of(found, kind), typed)
    assert words in str(caught.value)
    assert "plan.yaml" not in str(caught.value)
    assert not str(caught.value).startswith(":")


@pytest.mark.parametrize(
    ("typed", "starts_at"),
    [
        ("26/3/2025 8:00", dt.datetime(2025, 3, 26, 1, tzinfo=dt.UTC)),
        ("7 giờ 30 phút, ngày 26/3/2025", dt.datetime(2025, 3, 26, 0, 30, tzinfo=dt.UTC)),
        ("2025-03-26 14h00", dt.datetime(2025, 3, 26, 7, tzinfo=dt.UTC)),
        ("2025-03-26T14:00+07:00", dt.datetime(2025, 3, 26, 7, tzinfo=dt.UTC)),
    ],
)
def test_an_instant_is_typed_as_people_write_it(typed: str, starts_at: dt.datetime) -> None:
    found = review.begin(Plan(**WHOLE, conferences=(Conference(id="1"),)))
    found = review.correct(found, number_of(found, "conferences"), {"starts_at": typed})
    assert review.draft(found).conferences[0].starts_at == starts_at


def test_a_fact_that_was_missed_is_added_with_its_line_and_words_and_taken_back() -> None:
    found = review.begin(Plan(**WHOLE))
    missed = review.add(found, "recurring", 12, "báo  cáo hằng tháng", {"frequency": "monthly"})
    missed = review.correct(missed, len(missed.items) - 1, {"day": "20", "to": "Văn phòng Thành ủy"})
    (report,) = review.draft(missed).recurring
    assert (report.frequency, report.day, report.to, report.line, report.phrase) == (
        "monthly", 20, ("Văn phòng Thành ủy",), 12, "báo cáo hằng tháng",
    )  # fmt: skip
    assert not review.still_open(missed)
    assert review.undo(review.undo(missed)) == found
    urgent = review.add(missed, "urgency", 2, "HỎA TỐC", {"urgency": "hỏa tốc"})
    assert review.draft(urgent).urgency == "hỏa tốc"
    assert [(each.line, each.phrase) for each in review.draft(urgent).origins if each.fact == "urgency"] == [(2, "HỎA TỐC")]


def test_what_may_not_be_added_is_refused_with_its_reason() -> None:
    found = review.begin(Plan(**WHOLE))
    with pytest.raises(InputError, match="has a number already"):
        review.add(found, "number", 1, "Số: 2-KH/TU", {"number": "2-KH/TU"})
    with pytest.raises(InputError, match="frequency"):
        review.add(found, "recurring", 1, "hằng tháng", {"frequency": "now and then"})
    with pytest.raises(InputError, match="line 7 has no words"):
        review.add(found, "signer", 7, " ", {})


def test_what_followed_a_conference_that_is_dropped_or_renamed_still_has_its_place() -> None:
    meetings = (Conference(id="1"), Conference(id="2", after="1"), Conference(id="3", after="2"))
    found = review.begin(Plan(**WHOLE, conferences=meetings))
    dropped = review.drop(found, number_of(found, "conferences", 1))
    assert [(each.id, each.after) for each in review.draft(dropped).conferences] == [("1", None), ("3", "1")]
    renamed = review.correct(found, number_of(found, "conferences", 1), {"id": "2.1"})
    assert [(each.id, each.after) for each in review.draft(renamed).conferences] == [("1", None), ("2.1", "1"), ("3", "2.1")]
    again = review.correct(dropped, number_of(found, "conferences"), {"id": "2"})
    with pytest.raises(InputError, match="two conferences"):
        review.accept(again, number_of(found, "conferences", 1))


# -- what is asked -----------------------------------------------------------------------------------------------------


def test_what_is_asked_comes_first_then_what_is_in_doubt() -> None:
    plan = Plan(
        date=DATE,
        issuer="Thành ủy",
        recipients=(Recipient(text="A", line=50), Recipient(text="B", purpose="act", line=51)),
        deadlines=(Deadline(phrase="sớm", line=20, confidence=0.9), Deadline(phrase="muộn", line=20, confidence=0.6)),
        warnings=(
            Warning(code="deadline_without_date", message="'sớm' gives no date: a person must set one.", line=20),
            Warning(code="section_twice", message="section 3 stands twice", line=30),
        ),
    )
    found = review.begin(plan)
    first = [(found.items[n].kind, found.items[n].line) for n in review.order(found)][:5]
    assert first == [("number", None), ("recipients", 50), ("deadlines", 20), ("deadlines", 20), ("warnings", 30)]
    sooner = number_of(found, "deadlines")
    assert [each.code for each in review.doubts(found)[sooner]] == ["deadline_without_date"]
    assert sooner + 1 not in review.doubts(found)
    assert review.still_open(found) == set(review.order(found)[:5])


def test_a_doubt_belongs_to_the_fact_that_it_quotes_and_to_accept_it_ends_the_doubt() -> None:
    deadlines = (Deadline(phrase="sớm", line=20), Deadline(phrase="muộn", line=20, confidence=0.6))
    doubt = Warning(code="deadline_without_date", message="'muộn' gives no date: a person must set one.", line=20)
    found = review.begin(Plan(**WHOLE, deadlines=deadlines, warnings=(doubt,)))
    (later,) = review.still_open(found)
    assert found.items[later].fact == deadlines[1]
    assert "(?)" in to_yaml(review.draft(found))
    found = review.accept(found, later)
    assert review.still_open(found) == set()
    assert review.draft(found).deadlines == (deadlines[0], dataclasses.replace(deadlines[1], confidence=1.0))
    assert "(?)" not in to_yaml(review.draft(found))


def test_a_value_that_is_asked_for_cannot_be_waved_through() -> None:
    found = review.begin(Plan(date=DATE, recipients=(Recipient(text="A", line=50),), issuer="Thành ủy"))
    for kind, typed in (("number", {"number": "1-KH/TU"}), ("recipients", {"purpose": "act"})):
        n = number_of(found, kind)
        with pytest.raises(InputError, match=f"Give the {next(iter(typed))}"):
            review.accept(found, n)
        found = review.correct(found, n, typed)
    assert questions(review.draft(found)) == ()


def test_two_recipients_of_one_line_and_name_are_asked_about_one_after_the_other() -> None:
    found = review.begin(Plan(**WHOLE, recipients=(Recipient(text="A", line=5), Recipient(text="A", line=5))))
    for _ in range(2):
        (n,) = review.asked(found)
        found = review.correct(found, n, {"purpose": "act"})
    assert review.asked(found) == {}


CONTRADICTION = Warning(code="weekday_mismatch", message="21/3/2025 is no Monday", line=40)


@pytest.mark.parametrize("how", ["accept", "drop"])
def test_a_contradiction_is_settled_by_what_a_person_says_of_its_fact(how: str) -> None:
    deadline = Deadline(phrase="thứ Hai, ngày 21/3/2025", line=40, due_date=dt.date(2025, 3, 21))
    found = review.begin(Plan(**WHOLE, deadlines=(deadline,), warnings=(CONTRADICTION,)))
    (n,) = review.asked(found)
    assert found.items[n].kind == "deadlines"
    decided = getattr(review, how)(found, n, "asked the office by phone")
    assert questions(review.draft(decided)) == ()
    assert review.draft(decided).warnings[0].answer == "asked the office by phone"
    assert survives(review.draft(decided))


def test_a_correction_leaves_a_contradiction_open_until_a_person_says_that_it_is_right_now() -> None:
    deadline = Deadline(phrase="thứ Hai, ngày 21/3/2025", line=40, due_date=dt.date(2025, 3, 21))
    found = review.begin(Plan(**WHOLE, deadlines=(deadline,), warnings=(CONTRADICTION,)))
    (n,) = review.asked(found)
    found = review.correct(found, n, {"who": "Các phòng, ban"})
    assert list(review.asked(found)) == [n]
    found = review.accept(found, n)
    assert review.asked(found) == {}
    assert found.items[n].standing == "corrected"


def test_a_doubt_about_no_fact_is_an_item_and_a_question_too_where_it_keeps_the_plan_back() -> None:
    found = review.begin(Plan(**WHOLE, warnings=(CONTRADICTION,)))
    (n,) = review.asked(found)
    assert found.items[n].kind == review.DOUBT
    assert review.fields(found.items[n]) == []
    assert review.asked(review.accept(found, n, "Friday")) == {}


def test_a_date_before_its_basis_is_settled_by_a_date_or_by_words() -> None:
    basis = Reference(number="5-KH/TU", date=dt.date(2025, 4, 1), line=9)
    found = review.begin(Plan(**WHOLE, basis=(basis,)))
    (n,) = review.asked(found)
    assert found.items[n].kind == "basis"
    assert review.asked(review.correct(found, n, {"date": "1/3/2025"})) == {}
    assert review.asked(review.correct(found, number_of(found, "date"), {"date": "2/4/2025"})) == {}
    accepted = review.accept(found, n, "both are right")
    assert review.asked(accepted) == {}
    assert survives(review.draft(accepted))


def test_a_doubt_that_a_person_looked_at_is_no_longer_to_be_looked_at() -> None:
    doubt = Warning(code="section_twice", message="section 3 stands twice", line=30)
    found = review.begin(Plan(**WHOLE, warnings=(doubt,)))
    assert to_look_at(review.draft(found)) == (doubt,)
    assert to_look_at(review.draft(review.accept(found, number_of(found, "warnings")))) == ()


# -- what is kept ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spoilt", [None, [], {}, {"draft": 3}, "text", {"standing": {"0": "lost"}}, {"plan": {"colour": 1}}])
def test_what_was_kept_of_another_draft_or_is_no_review_is_not_taken(spoilt: object) -> None:
    plan = documents.read(CITY / "ke-hoach.md")
    good = review.kept(review.drop(review.begin(plan), 0))
    assert review.resume(plan, good) is not None
    assert review.resume(Plan(**WHOLE), good) is None
    assert review.resume(plan, {**good, **spoilt} if isinstance(spoilt, dict) and spoilt else spoilt) is None


def test_typed_text_is_composed_and_on_one_line() -> None:
    found = review.begin(Plan(**WHOLE, title="x"))
    typed = unicodedata.normalize("NFD", "Về  việc\tđôn đốc")
    assert review.draft(review.correct(found, number_of(found, "title"), {"title": typed})).title == "Về việc đôn đốc"
