"""The grammar of enumeration: lists whose names share words."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import ellipsis

word = st.sampled_from(["ban", "chi", "đảng", "bộ", "huyện", "thị", "thành", "ủy", "xã", "phường", "sở", "đoàn"])
other = st.sampled_from(["tổ", "chức", "cơ", "quan", "trực", "hội"])
words = st.lists(word, min_size=1, max_size=3, unique=True).map(" ".join)
others = st.lists(other, min_size=1, max_size=3, unique=True).map(" ".join)
lists = st.lists(words, min_size=2, max_size=ellipsis.MOST_PARTS, unique=True)
join = st.sampled_from([", ", "; ", " và ", ", và ", " hoặc "])


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in ellipsis.segments(text)]


@given(lists, st.data())
def test_a_list_is_cut_where_its_parts_meet(parts: list[str], data: st.DataObject) -> None:
    text = parts[0] + "".join(data.draw(join) + part for part in parts[1:])
    assert cut(text) == parts


@given(st.text(alphabet="aà ,;và", max_size=60))
def test_parts_stand_in_order_and_leave_only_what_separates(text: str) -> None:
    parts = ellipsis.segments(text)
    assert len(parts) <= ellipsis.MOST_PARTS
    assert all(start <= end for start, end in parts)
    between = [text[end:start] for (_, end), (start, _) in pairwise(parts)]
    assert all(re.fullmatch(r"[\s,;]*(và|va|hoặc)?\s*", each) for each in between)


def test_what_is_too_long_for_a_list_has_no_parts() -> None:
    assert ellipsis.segments(", ".join(["x"] * 13)) == []
    assert len(ellipsis.segments(", ".join(["x"] * 12))) == 12


@given(st.lists(word, min_size=2, max_size=6, unique=True), others)
def test_names_that_share_their_last_words_are_written_out(parts: list[str], shared: str) -> None:
    full = {f"{part} {shared}" for part in parts}
    assert ellipsis.completed([*parts[:-1], f"{parts[-1]} {shared}"], full.__contains__) == tuple(f"{p} {shared}" for p in parts)


@given(st.lists(word, min_size=2, max_size=6, unique=True), others)
def test_names_that_share_their_first_words_are_written_out(parts: list[str], shared: str) -> None:
    full = {f"{shared} {part}" for part in parts}
    assert ellipsis.completed([f"{shared} {parts[0]}", *parts[1:]], full.__contains__) == tuple(f"{shared} {p}" for p in parts)


@given(lists, others)
def test_a_list_with_an_unknown_name_is_not_written_out(parts: list[str], unknown: str) -> None:
    assert ellipsis.completed([unknown, *parts], parts.__contains__) is None


def test_a_part_that_is_a_name_by_itself_is_completed_nevertheless() -> None:
    known = {"huyện", "huyện ủy", "thành ủy", "thị ủy", "xã", "đảng ủy xã", "phường", "đảng ủy phường"}.__contains__
    assert ellipsis.completed(["huyện", "thành", "thị ủy"], known) == ("huyện ủy", "thành ủy", "thị ủy")
    assert ellipsis.completed(["đảng ủy xã", "phường"], known) == ("đảng ủy xã", "đảng ủy phường")
    assert ellipsis.completed(["xã", "phường"], known) == ("xã", "phường")


@pytest.mark.parametrize("text", ["Các xã", "các  xã", "những xã", "Tất cả các xã", "toàn thể các xã"])
def test_a_plural_is_told_from_its_first_word(text: str) -> None:
    assert ellipsis.singular(text) == "xã"
    assert ellipsis.singular("xã các") == "xã các"
