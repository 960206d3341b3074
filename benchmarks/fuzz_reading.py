"""Reads documents that were cut off or had a byte changed, every way there is, and counts what came of it.

``python -m benchmarks.fuzz_reading [FOLDER] [--every N] [--flip]``: of each .txt and .md file in FOLDER (the examples, if none
is given) all prefixes by lines, every Nth prefix by bytes, and every Nth byte with each of its bits flipped and with eight other
values (with ``--flip`` all its bits at once, and one of them alone, the next bit at each byte; an eighth of the hours); of its
Word and PDF renderings a sample. A draft or an InputError is well; anything else is printed with what brings it about, and so is
whatever took more than five seconds of the processor. All processors are used.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.kit import media
from engine.errors import InputError
from workflows.documents import read

EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "city"
_OTHERS = (0x00, 0x09, 0x0A, 0x20, 0x28, 0x80, 0xC3, 0xFF)
_SLOW = 5.0  # seconds of the processor
SHARES = 20  # of each document's ways


def others(byte: int, place: int, flip: bool) -> set[int]:
    """What is put in a byte's place."""
    return {byte ^ 0xFF, byte ^ 1 << place % 8} if flip else {*_OTHERS, *(byte ^ 1 << bit for bit in range(8))}


def changed(content: bytes, every: int, flip: bool) -> Iterator[bytes]:
    """A text cut off after each line and each Nth byte, and with each Nth byte changed."""
    for end, byte in enumerate(content):
        if byte == 0x0A or end % every == 0:
            yield content[:end]
        if end % every == 0:
            for other in others(byte, end, flip):
                yield content[:end] + bytes([other]) + content[end + 1 :]


def sampled(content: bytes, times: int, chance: random.Random) -> Iterator[bytes]:
    """A file cut off, or with one to twenty bytes changed, so many times."""
    for n in range(times):
        if n % 3 == 0:
            yield content[: chance.randrange(len(content))]
            continue
        other = bytearray(content)
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            other[chance.randrange(len(other))] = chance.randrange(256)
        yield bytes(other)


def outcome(file: Path, content: bytes) -> str:
    """What comes of reading this: "draft", "refused", or the traceback of what must not be."""
    file.write_bytes(content)
    started = time.process_time()
    try:
        read(file)
        came = "draft"
    except InputError as error:
        came = "refused" if error.remedy else f"refused without a remedy: {error}"
    except Exception:  # noqa: BLE001  (this is what is looked for)
        came = traceback.format_exc()
    took = time.process_time() - started
    return came if took < _SLOW else f"took {took:.1f} s ({came})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of what is made of one document: each SHARESth way, from one on."""

    path: Path
    number: int
    every: int
    flip: bool
    sample: int


def ways(share: Share) -> Iterator[tuple[str, bytes]]:
    """All that is made of a document: the ending of a file's name, and its content."""
    content = share.path.read_bytes()
    for each in changed(content, share.every, share.flip):
        yield share.path.suffix, each
    for medium in ("docx", "pdf", "utf-16", "tcvn3"):
        rendered = media.render(content.decode(), medium, two_columns=True)
        for each in sampled(rendered, share.sample, random.Random(1)):
            yield media.SUFFIXES[medium], each


def read_share(share: Share) -> tuple[Share, Counter[str], list[str]]:
    """What came of a share, and what must not be, each with what brings it about."""
    counted: Counter[str] = Counter()
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for suffix, content in islice(ways(share), share.number, None, SHARES):
            came = outcome(Path(folder) / f"document{suffix}", content)
            counted[came if came in ("draft", "refused") else "wrong"] += 1
            if came not in ("draft", "refused"):
                wrong.append(f"{share.path.name}{suffix}, {len(content)} bytes: {came}")
    return share, counted, wrong


def main() -> None:
    """Read everything in a folder in all these ways; exits 1 when anything but a draft or a refusal came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=EXAMPLES)
    parser.add_argument("--every", type=int, default=1, help="take every Nth byte only")
    parser.add_argument(
        "--flip", action="store_true", help="each byte with all its bits flipped and with one, and no other value"
    )
    parser.add_argument("--sample", type=int, default=300, help="changed Word and PDF files per document")
    asked = parser.parse_args()
    paths = sorted(each for each in asked.folder.iterdir() if each.suffix in (".txt", ".md") and each.name != "README.md")
    shares = [
        Share(path=path, number=number, every=asked.every, flip=asked.flip, sample=asked.sample)
        for path in paths
        for number in range(SHARES)
    ]
    counted: Counter[str] = Counter()
    started = time.monotonic()
    with multiprocessing.get_context("spawn").Pool() as pool:
        for done, (share, found, wrong) in enumerate(pool.imap_unordered(read_share, shares), 1):
            counted += found
            for each in wrong:
                print(each)
            said = f"{done} of {len(shares)} shares, {share.path.name}: {counted.total():,} readings so far, {dict(counted)}"
            print(f"{said}, {time.monotonic() - started:.0f} s", flush=True)
    sys.exit(1 if counted["wrong"] else 0)


if __name__ == "__main__":
    main()
