"""Files of other writers (.doc, .rtf, .odt) are read through LibreOffice, and refused with what to do where it is not there."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.kit import media
from engine.errors import InputError
from tests.workflows.test_media import PAPERS
from workflows.documents import read
from workflows.documents.files import older
from workflows.documents.files.formats import read_rows

NO_OFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
OLD = b"\xd0\xcf\x11\xe0" + bytes(600)
RTF = rb"{\rtf1\ansi ke hoach}"
KINDS = [("old.doc", OLD, "old"), ("any.rtf", RTF, "RTF")]


@pytest.fixture
def another_writers(tmp_path: Path, suffix: str) -> Path:
    """A letter as LibreOffice writes it in another format."""
    (tmp_path / "letter.docx").write_bytes(media.render(PAPERS["letter"], "docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", suffix, "--outdir", str(tmp_path), str(tmp_path / "letter.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return tmp_path / f"letter.{suffix}"


@NO_OFFICE
@pytest.mark.parametrize("suffix", ["doc", "rtf", "odt"])
def test_a_letter_says_the_same_in_every_writers_format(another_writers: Path, tmp_path: Path) -> None:
    expected, found = read(tmp_path / "letter.docx"), read(another_writers)
    assert (found.number, found.symbol, found.date, found.title) == (
        expected.number, expected.symbol, expected.date, expected.title
    )  # fmt: skip
    assert found.recipients == expected.recipients
    assert [each.due_date for each in found.deadlines] == [each.due_date for each in expected.deadlines]
    assert expected.recipients


@NO_OFFICE
def test_what_libreoffice_cannot_open_is_refused_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "old.doc").write_bytes(OLD)
    with pytest.raises(InputError, match=r"old\.doc: this is .* cannot be opened") as caught:
        read_rows(tmp_path / "old.doc")
    assert ".docx" in (caught.value.remedy or "")


@pytest.mark.parametrize(("name", "content", "words"), KINDS)
def test_without_libreoffice_it_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, words: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(older, "_COMMANDS", older._COMMANDS[:2])
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        read_rows(tmp_path / name)
    assert re.search(r"\.docx.*LibreOffice", caught.value.remedy or "")


@NO_OFFICE
@pytest.mark.skipif(sys.platform != "linux", reason="what a process may write to is bounded on Linux")
def test_a_file_that_would_take_gigabytes_is_refused_before_it_does(tmp_path: Path) -> None:
    (tmp_path / "deep.rtf").write_bytes(rb"{\rtf1\ansi " + rb"{\b a\par " * 3_000_000)
    with pytest.raises(InputError, match=r"deep\.rtf: this is an RTF file, which cannot be opened: damaged"):
        read_rows(tmp_path / "deep.rtf")
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_500_000  # kilobytes, of the largest process so far


@pytest.mark.skipif(os.name != "posix", reason="a shell script plays LibreOffice")
def test_a_libreoffice_that_does_not_end_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "soffice"
    script.write_text(f"#!/bin/sh\nsleep 300 &\necho $! > {tmp_path}/child\nwait\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setattr(older, "_COMMANDS", (str(script),))
    monkeypatch.setattr(older, "_LONGEST", 1)
    (tmp_path / "old.doc").write_bytes(OLD)
    with pytest.raises(InputError, match="not done with it after 1 seconds"):
        read_rows(tmp_path / "old.doc")
    child = Path("/proc") / (tmp_path / "child").read_text().strip() / "status"
    deadline = time.monotonic() + 10
    while child.exists() and "zombie" not in child.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not child.exists() or "zombie" in child.read_text()
