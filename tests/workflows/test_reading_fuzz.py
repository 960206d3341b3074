"""Whatever is cut off, flipped or strewn in: reading gives a draft or a refusal with a remedy, and nothing else.

All bytes, every one of them: ``python -m benchmarks.fuzz_reading FOLDER``.
"""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_reading import outcome, sampled
from benchmarks.kit import media
from engine.errors import InputError
from tests.workflows.papers import PAPERS
from workflows.documents import read_text
from workflows.documents.files.noise import Mender
from workflows.documents.files.text import decode

WELL = {"draft", "refused"}
_SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "plans"
_REAL = {path.name[:3]: path for path in sorted(_SHARED.glob("0*.txt"))}  # none where they are not at hand
_PAPERS = [*PAPERS, *_REAL]
_pieces = st.sampled_from(
    (
        *(
            "Số ",
            "127-KL/TW",
            "ngày 3/2/2025",
            "trước ",
            "Kính gửi:",
            "Nơi nhận:",
            "- ",
            "\n",
            "\t",
            "    ",
            "I. ",
            "1. ",
            "a) ",
            "**",
        ),
        *("| ", "Sở A", "Ban Thường vụ", "báo cáo ", "hằng tháng", "(b/c)", "KẾ HOẠCH\n", "hội nghị ", "T/M ", "\f", "U B N D"),
        *("vềviệc", "…", "“"),
    )
)


def whole(paper: str) -> str:
    """The text of a paper of ours, or of a real one."""
    return _REAL[paper].read_text(encoding="utf-8") if paper in _REAL else PAPERS[paper]


def refused_or_read(text: str) -> str:
    """What came of a text."""
    try:
        read_text(text, "document")
    except InputError as error:
        return "refused" if error.remedy else "refused without a remedy"
    return "draft"


@pytest.mark.parametrize("paper", _PAPERS)
def test_every_prefix_by_lines_gives_a_draft_or_a_refusal(paper: str) -> None:
    lines = whole(paper).split("\n")
    step = max(1, len(lines) // 60)
    assert {refused_or_read("\n".join(lines[:end])) for end in range(0, len(lines) + 1, step)} <= WELL


@pytest.mark.parametrize("paper", _PAPERS)
def test_cut_off_and_flipped_bytes_give_a_draft_or_a_refusal(tmp_path: Path, paper: str) -> None:
    chance = random.Random(len(paper))
    came = {outcome(tmp_path / "document.txt", each) for each in sampled(whole(paper).encode(), 30, chance)}
    assert came <= WELL


@pytest.mark.parametrize("medium", ["docx", "pdf", "utf-16", "vni", "windows-1258"])
def test_cut_off_and_flipped_files_give_a_draft_or_a_refusal(tmp_path: Path, medium: str) -> None:
    content = media.render(PAPERS["letter"], medium, two_columns=True)
    file = tmp_path / f"document{media.SUFFIXES[medium]}"
    assert {outcome(file, each) for each in sampled(content, 30, random.Random(5))} <= WELL


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(_pieces, st.text(max_size=8)), max_size=80))
def test_anything_strewn_together_gives_a_draft_or_a_refusal(pieces: list[str]) -> None:
    assert refused_or_read("Số 1-KH/TU\n" + "".join(pieces)) in WELL


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(content: bytes) -> None:
    with contextlib.suppress(InputError):
        assert decode(content, "file.txt").strip()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_mending_keeps_every_letter(text: str) -> None:
    mended = Mender(text).mend(text)
    assert [letter for letter in mended if letter.isalnum()] == [letter for letter in text if letter.isalnum()]
