"""Deadline phrases, working days, typed dates, rounds of a recurring report."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError
from workflows.calendar import ZONE, Due, due_of_phrase, due_on, end_of_day, parse_when, rounds
from workflows.due_phrases import last_moment
from workflows.plans import Recurring
from workflows.working_days import add_days, add_working_days, calendar_version, is_working_day, next_working_day

ISSUED = dt.date(2025, 3, 7)  # a Friday
NOW = dt.datetime(2025, 3, 7, 18, 30, tzinfo=dt.UTC)  # already 8 March in Vietnam


def _vietnam(due: Due) -> str | None:
    return due.due_at.astimezone(ZONE).isoformat(timespec="minutes")[:16] if due.due_at else None


@pytest.mark.parametrize(
    ("phrase", "late_from", "rule"),
    [
        ("chậm nhất ngày 10/3/2025", "2025-03-11T00:00", "by_day"),
        ("Chậm nhất là ngày 10 tháng 3 năm 2025", "2025-03-11T00:00", "by_day"),
        ("trong ngày 10/3/2025", "2025-03-11T00:00", "by_day"),
        ("đến hết ngày 10-3-2025", "2025-03-11T00:00", "by_day"),
        ("từ ngày 01/3/2025 đến hết ngày 31/3/2025", "2025-04-01T00:00", "by_day"),
        ("hoàn thành xong trước 10/3", "2025-03-10T00:00", "before_day"),
        ("trước ngày 10/3/2025", "2025-03-10T00:00", "before_day"),
        ("chậm nhất trước ngày 10/3/2025", "2025-03-10T00:00", "before_day"),
        ("trước thứ Hai, ngày 10/3/2025", "2025-03-10T00:00", "before_day"),
        ("trước 15h00' ngày 10/3/2025", "2025-03-10T15:00", "before_time"),
        ("trước 15 giờ 30 phút ngày 10/3/2025", "2025-03-10T15:30", "before_time"),
        ("trước 4 giờ chiều ngày 10/3/2025", "2025-03-10T16:00", "before_time"),
        ("từ 08h00 đến 17h00 ngày 10/3/2025", "2025-03-10T17:00", "before_time"),
        ("ngày 10/3/2025, trước 9:05", "2025-03-10T09:05", "before_time"),
        ("trước 24h00 ngày 10/3/2025", "2025-03-11T00:00", "by_day"),
        ("Hoàn thành trong tháng 3/2025", "2025-04-01T00:00", "within_month"),
        ("trong tháng 3 năm 2025.", "2025-04-01T00:00", "within_month"),
        ("trong tháng 3.", "2025-04-01T00:00", "within_month"),
        ("trước tháng 4/2025", "2025-04-01T00:00", "before_period"),
        ("trong tháng 12/2025", "2026-01-01T00:00", "within_month"),
        ("trong Quý I/2025", "2025-04-01T00:00", "within_quarter"),
        ("trong Quý I", "2025-04-01T00:00", "within_quarter"),
        ("Quý III, IV", "2026-01-01T00:00", "within_quarter"),
        ("Quý III, IV năm 2026", "2027-01-01T00:00", "within_quarter"),
        ("trước quý II/2025", "2025-04-01T00:00", "before_period"),
        ("trong 6 tháng đầu năm 2025", "2025-07-01T00:00", "within_months"),
        ("6 tháng cuối năm", "2026-01-01T00:00", "within_months"),
        ("trong năm 2025", "2026-01-01T00:00", "within_year"),
        ("đầu tháng 4/2025", "2025-04-02T00:00", "part_of_month"),
        ("giữa tháng 4/2025", "2025-04-16T00:00", "part_of_month"),
        ("cuối tháng 4", "2025-05-01T00:00", "part_of_month"),
        ("sau 10 ngày kể từ ngày ký", "2025-03-18T00:00", "days_after_signing"),
        ("trong 15 (mười lăm) ngày, kể từ ngày ban hành", "2025-03-25T00:00", "days_after_signing"),  # the 22nd is a Saturday
        ("trong 02 tuần kể từ ngày ký", "2025-03-22T00:00", "days_after_signing"),
        ("sau 01 tháng kể từ ngày ký", "2025-04-09T00:00", "months_after_signing"),  # 7 April: Hung Kings
        ("trong 5 ngày làm việc", "2025-03-15T00:00", "working_days_after_signing"),
        ("05 ngày làm việc kể từ ngày ký", "2025-03-15T00:00", "working_days_after_signing"),
        ("10 ngày kể từ ngày 01/4/2025", "2025-04-12T00:00", "days_after_date"),
    ],
)
def test_a_deadline_phrase_gives_the_first_instant_that_is_too_late(phrase: str, late_from: str, rule: str) -> None:
    due = due_of_phrase(phrase, issued=ISSUED)
    assert (_vietnam(due), due.rule) == (late_from, rule)
    assert due.phrase == phrase
    assert due.calendar_version == calendar_version()


@pytest.mark.parametrize(
    "phrase",
    [
        "tuần cuối tháng 9",
        "tuần đầu tháng 9/2025",
        "trung tuần tháng 9/2025",
        "thường xuyên",
        "theo yêu cầu",
        "ngay sau khi nhận được văn bản",
        "cho đến khi có hướng dẫn mới của cấp trên",
        "dự kiến trong tháng 3/2025",
        "trong 5 ngày kể từ ngày nhận được văn bản",
        "05 ngày làm việc kể từ ngày nhận được hồ sơ",
        "trước 3 ngày làm việc",
        "trong 5 ngày",
        "chậm nhất ngày 31/02/2025",
        "chậm nhất ngày 10/3/25",
        "chậm nhất ngày 10/13/2025",
        "trước ngày 01/3",  # already past when the document was signed
        "trong tháng 2",
        "trong tháng 13/2025",
        "Quý V/2025",
        "giữa năm 2025",
        "",
        "sớm",
    ],
)
def test_a_phrase_without_an_instant_is_kept_and_gives_no_date(phrase: str) -> None:
    due = due_of_phrase(phrase, issued=ISSUED)
    assert (due.due_at, due.phrase, due.rule) == (None, phrase, "no_instant")


@pytest.mark.parametrize("phrase", ["trước 15h00 ngày thứ Tư hằng tuần", "hàng tháng", "trước ngày 22 của tháng báo cáo"])
def test_a_recurring_phrase_gives_no_single_instant(phrase: str) -> None:
    due = due_of_phrase(phrase, issued=ISSUED)
    assert (due.due_at, due.rule) == (None, "recurring")


@pytest.mark.parametrize(
    "phrase", ["sau 10 ngày kể từ ngày ký", "trước ngày 10/3", "trong Quý I", "trong tháng 3", "5 ngày làm việc"]
)
def test_without_the_documents_date_nothing_is_guessed(phrase: str) -> None:
    assert due_of_phrase(phrase, issued=None).due_at is None


def test_swapped_days_and_public_holidays_are_known() -> None:
    assert not is_working_day(dt.date(2026, 1, 1))
    assert not is_working_day(dt.date(2026, 1, 2))  # swapped
    assert is_working_day(dt.date(2026, 1, 10))  # the Saturday worked instead
    assert is_working_day(dt.date(2026, 8, 22))  # the library's own swap
    assert not is_working_day(dt.date(2026, 8, 31))
    assert not is_working_day(dt.date(2026, 11, 24))
    assert not is_working_day(dt.date(2025, 1, 29))  # Tet
    assert next_working_day(dt.date(2025, 12, 31)) == dt.date(2025, 12, 31)
    assert next_working_day(dt.date(2026, 1, 1)) == dt.date(2026, 1, 5)


_days = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))


@given(_days, st.integers(1, 60))
def test_a_term_never_ends_on_a_rest_day_nor_before_its_days_are_over(start: dt.date, count: int) -> None:
    end = add_days(start, count)
    assert is_working_day(end)
    assert end >= start + dt.timedelta(days=count)
    assert not any(is_working_day(start + dt.timedelta(days=n)) for n in range(count, (end - start).days))


@given(_days, st.integers(1, 40))
def test_a_term_of_working_days_counts_each_of_them_once(start: dt.date, count: int) -> None:
    end = add_working_days(start, count)
    span = (end - start).days
    assert sum(is_working_day(start + dt.timedelta(days=n)) for n in range(1, span + 1)) == count
    assert is_working_day(end)


@given(_days)
def test_a_fixed_date_is_never_moved(day: dt.date) -> None:
    text = f"{day.day}/{day.month}/{day.year}"
    assert due_of_phrase(f"chậm nhất ngày {text}", issued=None).due_at == end_of_day(day)
    assert due_of_phrase(f"trước ngày {text}", issued=None).due_at == end_of_day(day - dt.timedelta(days=1))
    assert end_of_day(day).astimezone(ZONE).time() == dt.time()


@given(st.text(max_size=80), st.none() | st.dates())
def test_any_text_gives_a_due_or_none_and_never_fails(text: str, issued: dt.date | None) -> None:
    due = due_of_phrase(text, issued=issued)
    assert due.due_at is None or due.due_at.tzinfo is dt.UTC


_words = st.sampled_from(
    ["trước", "ngày", "trong", "tháng", "Quý", "III", "10/3", "2025", "15h00", "kể từ ngày ký", "9999", "làm việc", "năm"]
)


@given(st.lists(_words, max_size=10).map(" ".join), st.none() | st.dates())
def test_any_mix_of_deadline_words_never_fails(text: str, issued: dt.date | None) -> None:
    due_of_phrase(text, issued=issued)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-03-31", "2025-03-30T17:00"),
        ("31/3/2025", "2025-03-30T17:00"),
        ("2025-03-31T15:00", "2025-03-31T08:00"),
        ("31/3/2025 15h00", "2025-03-31T08:00"),
        ("31/3/2025 9:05", "2025-03-31T02:05"),
        ("2025-03-31T15:00Z", "2025-03-31T15:00"),
        ("2025-03-31T15:00:30+07:00", "2025-03-31T08:00"),
        ("now", "2025-03-07T18:30"),
        ("hôm nay", "2025-03-07T17:00"),
        ("yesterday", "2025-03-06T17:00"),
    ],
)
def test_a_typed_date_is_vietnams_clock_unless_it_says_otherwise(text: str, instant: str) -> None:
    when = parse_when(text, now=NOW)
    assert when.tzinfo is dt.UTC
    assert when.replace(second=0) == dt.datetime.fromisoformat(instant + "+00:00")


@pytest.mark.parametrize(
    "text", ["", "soon", "31/02/2025", "2025-13-01", "20250331", "31/3/25", "2025-03-31T25:00", "0001-01-01", "٣1/3/2025"]
)
def test_anything_else_typed_as_a_date_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_when(text, now=NOW)
    assert caught.value.remedy


@given(st.datetimes(dt.datetime(1980, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)))
def test_an_instant_written_in_iso_is_read_back(instant: dt.datetime) -> None:
    assert parse_when(instant.isoformat(), now=NOW) == instant
    assert parse_when(instant.astimezone(ZONE).isoformat(), now=NOW) == instant


def test_the_end_of_the_calendar_is_refused() -> None:
    with pytest.raises(InputError, match="too far away"):
        end_of_day(dt.date.max)


def test_a_weekly_report_is_due_at_its_oclock_every_week() -> None:
    weekly = Recurring(phrase="trước 15h00' ngày thứ Tư", frequency="weekly", weekday="wed", time=dt.time(15))
    found = rounds(weekly, first=ISSUED, last=dt.date(2025, 3, 31))
    assert [(item.period, _vietnam(item.due)) for item in found] == [
        ("2025-W11", "2025-03-12T15:00"),
        ("2025-W12", "2025-03-19T15:00"),
        ("2025-W13", "2025-03-26T15:00"),
        ("2025-W14", "2025-04-02T15:00"),
    ]
    assert {item.due.rule for item in found} == {"every_weekly"}


def test_monthly_and_quarterly_reports_fall_on_their_day_or_the_months_last() -> None:
    monthly = Recurring(phrase="ngày cuối tháng", frequency="monthly", day=31)
    found = rounds(monthly, first=dt.date(2024, 2, 1), last=dt.date(2024, 3, 31))
    assert [(item.period, _vietnam(item.due)) for item in found] == [
        ("2024-02", "2024-03-01T00:00"),
        ("2024-03", "2024-04-01T00:00"),
    ]
    quarterly = Recurring(phrase="quý", frequency="quarterly", day=-1)
    assert [item.period for item in rounds(quarterly, first=dt.date(2024, 2, 1), last=dt.date(2024, 7, 1))] == [
        "2024-Q1", "2024-Q2", "2024-Q3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("frequency", "periods"),
    [
        ("half_year", ["2024-H1", "2024-H2"]),
        ("nine_month", ["2024-9M"]),
        ("yearly", ["2024"]),
        ("weekly", None),
        ("daily", None),
    ],
)
def test_periods_of_a_year_have_stable_names_and_no_invented_day(frequency: str, periods: list[str] | None) -> None:
    recurring = Recurring(phrase="định kỳ", frequency=frequency)
    found = rounds(recurring, first=dt.date(2024, 1, 1), last=dt.date(2024, 12, 31))
    assert periods is None or [item.period for item in found] == periods
    assert len({item.period for item in found}) == len(found) == {"weekly": 53, "daily": 366}.get(frequency, len(periods or ()))
    if frequency != "daily":
        assert {(item.due.due_at, item.due.rule) for item in found} == {(None, "no_instant")}


def test_a_day_given_by_a_person_keeps_its_words() -> None:
    due = due_on(dt.date(2025, 3, 31), phrase="2025-03-31")
    assert (due.rule, due.due_at) == ("given", end_of_day(dt.date(2025, 3, 31)))
    assert last_moment("2025", issued=None).day is None
