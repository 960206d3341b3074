"""Files made to harm are refused, or read, within seconds and a hundred and fifty megabytes, whatever they hold."""

from __future__ import annotations

import contextlib
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.kit import media
from engine.errors import InputError
from tests.workflows import hostile
from tests.workflows.papers import PAPERS
from workflows.documents import read, read_text
from workflows.documents.files import read_rows

MOST_SECONDS = 5.0  # of the processor
MOST_MEGABYTES = 150
_MEASURED = """
import resource, sys
from engine.errors import InputError
from workflows.documents import read
try:
    read(sys.argv[1])
    said = "read"
except InputError as error:
    said = f"refused: {error.remedy}"
own, others = (resource.getrusage(which) for which in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
seconds = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(seconds, max(int(peak), others.ru_maxrss) / 1024, said)
"""  # the peak of a process alone: ru_maxrss begins with its parent's


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is told by Linux only")
@pytest.mark.parametrize("name", hostile.FILES)
def test_a_hostile_file_is_read_or_refused_within_bounds(tmp_path: Path, checkout: Path, name: str) -> None:
    hostile.FILES[name](tmp_path / name)
    command = [sys.executable, "-c", _MEASURED, str(tmp_path / name)]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    seconds, megabytes, said = done.stdout.strip().split(" ", 2)
    assert float(seconds) < MOST_SECONDS
    assert float(megabytes) < MOST_MEGABYTES
    assert said == "read" or len(said) > len("refused: None")


@pytest.mark.parametrize("name", ["laughs.docx", "outer_entity.docx"])
def test_entities_are_not_even_looked_at(tmp_path: Path, name: str) -> None:
    hostile.FILES[name](tmp_path / name)
    with pytest.raises(InputError, match="defines entities"):
        read_rows(tmp_path / name)


def test_a_locked_pdf_says_so(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "locked.pdf"), encrypt=StandardEncryption("secret", strength=128))
    canvas.drawString(72, 700, "Ke hoach")
    canvas.save()
    with pytest.raises(InputError, match="locked by a password"):
        read_rows(tmp_path / "locked.pdf")


def test_a_locked_word_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "locked.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    with pytest.raises(InputError, match="locked by a password"):
        read_rows(tmp_path / "locked.docx")


@pytest.mark.parametrize("medium", ["docx", "pdf", "utf-16", "tcvn3"])
def test_a_file_cut_off_or_with_a_wrong_byte_gives_a_draft_or_a_clear_refusal(tmp_path: Path, medium: str) -> None:
    whole = media.render(PAPERS["plan"], medium, two_columns=medium in ("docx", "pdf"))
    chance, file = random.Random(7), tmp_path / f"paper{media.SUFFIXES[medium]}"
    refused = []
    for n in range(30):
        content = bytearray(whole)
        if n % 2:
            del content[chance.randrange(len(content)) :]
        else:
            for _ in range(1 + n // 10):
                content[chance.randrange(len(content))] = chance.randrange(256)
        file.write_bytes(content)
        try:
            read(file)
        except InputError as error:
            refused.append(error)
    assert refused
    assert all(error.remedy for error in refused)


# -- patterns: twice the text takes twice the time -------------------------------------------------------------------------

_HEAD = "SỞ NỘI VỤ\nSố 1/KH-SNV\nKẾ HOẠCH\nvề việc x\n"
_PIECES = (
    " ", "\t", "1", "12.", "1/", "(", "[", ")", ",", "A", "ắ", "Ă ", ".", "-", "– ", "/", "*", "#", "\\", "…", "| ", "**",
    "<b ", "U ", "Ấ B ", "ngày ", "Số ", "1/1 ", "trước ngày ", "tháng ", "quý ", "hằng tháng ", "báo cáo ", "Ban ", "các ",
    "và ", "a, ", "Sở A, ", "hội nghị ", "7h", "KL/", "127-KL/TW ", "(b/c", "- ", "tuần ", "đồng chí ", "kính gửi ",
    "nơi nhận ", "vềviệc", "căn cứ ", "T/M ",
)  # fmt: skip
_SHAPES = {
    "body": "{0}I. NỘI DUNG\n1. {1}\n",
    "head": "{1}\n{0}",
    "addressees": "{0}Kính gửi: {1}\nThực hiện chỉ đạo, đề nghị báo cáo.\n",
    "recipients": "{0}I. A\nNơi nhận:\n- {1};\n- Lưu: VT.\nTM. ỦY BAN\n",
}


def _seconds(text: str) -> float:
    started = time.process_time()
    with contextlib.suppress(InputError):
        read_text(text, "text")
    return time.process_time() - started


@pytest.mark.parametrize("shape", _SHAPES)
def test_no_run_of_the_same_takes_more_than_its_share_of_time(shape: str) -> None:
    slow = {}
    for run in [*_PIECES, *(f"{piece}\n" for piece in _PIECES)]:  # within a line, and line by line
        small, large = (_SHAPES[shape].format(_HEAD, run * (length // len(run))) for length in (5_000, 20_000))
        if _seconds(large) > 0.3 and _seconds(large) > 8 * max(_seconds(small), 0.02):
            slow[run] = (_seconds(small), _seconds(large))
    assert slow == {}


@pytest.mark.parametrize("count", [390, 2400])
def test_many_bodies_are_compared_in_seconds_or_refused(count: int) -> None:
    def named(n: int) -> str:
        return "Ban " + "".join("aăâbcdđeêg"[int(digit)] for digit in str(n)) + " tỉnh"

    tasks = "".join(f"{n}. {named(n)} báo cáo kết quả\n" for n in range(count))
    listed = "".join(f"- {named(n)}x;\n" for n in range(count))
    assert _seconds(f"{_HEAD}I. A\n{tasks}Nơi nhận:\n{listed}") < MOST_SECONDS


def test_a_document_of_twenty_pages_is_read_at_once(tmp_path: Path) -> None:
    item = "- Phòng Kinh tế xã chủ trì rà soát, kịp thời báo cáo khó khăn, vướng mắc của lần thứ {0} về Ủy ban nhân dân xã.\n"
    text = re.sub("II. NỘI DUNG", "".join(map(item.format, range(500))) + "II. NỘI DUNG", PAPERS["plan"])
    for medium in ("utf-8", "docx", "pdf"):
        file = tmp_path / f"long{media.SUFFIXES[medium]}"
        file.write_bytes(media.render(text, medium))
        started = time.process_time()
        read(file)
        assert time.process_time() - started < 2  # a quiet machine takes a quarter of it
