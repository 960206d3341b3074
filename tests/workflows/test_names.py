"""Names: folding, abbreviations, alphabetical order."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import names

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
vietnamese = st.text(alphabet=st.sampled_from(LETTERS + LETTERS.upper() + "àảãáạờởỡớợ 0123456789-"), max_size=30)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert names.fold(names.fold(text)) == names.fold(text)


@given(vietnamese)
def test_case_and_composition_do_not_matter(text: str) -> None:
    assert names.fold(text.upper()) == names.fold(text) == names.fold(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đảng ủy xã Suối  Biếc", "dang uy xa suoi biec"),
        ("Tỉnh uỷ", "tinh uy"),
        ("chính trị - xã hội", "chinh tri xa hoi"),
        ("  Ủy ban MTTQ, các phòng;", "uy ban mttq cac phong"),
    ],
)
def test_marks_case_and_punctuation_are_folded_away(text: str, folded: str) -> None:
    assert names.fold(text) == folded


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("BTVQU", "Ban Thường vụ Quận ủy"),
        ("VPHU", "Văn phòng Huyện ủy"),
        ("VP Thành ủy", "Văn phòng Thành ủy"),
        ("Các TCCSĐ trực thuộc", "Các tổ chức cơ sở đảng trực thuộc"),
        ("Các TCCSD trực thuộc", "Các tổ chức cơ sở đảng trực thuộc"),
        ("HĐND, UBND TP", "Hội đồng nhân dân, Ủy ban nhân dân thành phố"),
        ("ubmttq và các tổ chức CT - XH", "Ủy ban Mặt trận Tổ quốc và các tổ chức chính trị - xã hội"),
        ("TTĐU", "Thường trực Đảng ủy"),
        ("ĐU xã Khe Vắng", "Đảng ủy xã Khe Vắng"),
        ("BTG&DV Tỉnh ủy", "Ban Tuyên giáo và Dân vận Tỉnh ủy"),
        ("VPUBND TP", "Văn phòng Ủy ban nhân dân thành phố"),
        ("Phòng GD&ĐT, phòng TC - KH", "Phòng Giáo dục và Đào tạo, phòng Tài chính - Kế hoạch"),
        ("UBND P. Hoa Sim, X.Khe Vắng, TX. Gió Ngàn", "UBND phường Hoa Sim, xã Khe Vắng, thị xã Gió Ngàn"),
        ("TP.HCM", "thành phố Hồ Chí Minh"),
        ("Trường THPT, LLVT", "Trường Trung học phổ thông, lực lượng vũ trang"),
    ],
)
def test_an_abbreviation_compares_as_what_it_stands_for(short: str, long: str) -> None:
    assert names.canonical(short) == names.canonical(long)


@pytest.mark.parametrize("text", ["Tuần", "Đu đủ", "Trung tâm TT", "Vàng", "Thị xã", "đu xã", "ông A. Hờ"])
def test_words_that_only_look_like_abbreviations_stay(text: str) -> None:
    assert names.expand(text) == text


@given(st.text(alphabet="BTVQUHPĐ/c -XCS", max_size=20))
def test_expanding_twice_is_expanding_once(text: str) -> None:
    assert names.expand(names.expand(text)) == names.expand(text)


def test_a_symbol_of_two_committees_has_a_reading_for_each() -> None:
    readings = names.readings("Ban TGDVTU")
    assert "ban tuyen giao va dan van tinh uy" in readings
    assert "ban tuyen giao va dan van thanh uy" in readings


def test_tt_stands_for_what_the_directory_has() -> None:
    assert {"thuong truc huyen uy", "thi tran huyen uy", "trung tam huyen uy"} < set(names.readings("TT Huyện ủy"))
    assert len(names.readings("TT TU")) == 4 * 3
    assert len(names.readings("TT, TT, TU")) == 1  # a list, whose parts are read one by one


@given(vietnamese)
def test_a_text_is_one_of_its_own_readings(text: str) -> None:
    assert names.readings(text)[0] == names.canonical(text)


def test_the_word_tu_is_not_taken_for_a_committee() -> None:
    assert names.readings("Xã Từ Mai") == ("xa tu mai",)


def test_letters_sort_in_the_order_of_the_alphabet() -> None:
    shuffled = LETTERS[::-1]
    assert sorted(shuffled, key=names.sort_key) == list(LETTERS)


def test_tones_sort_in_the_order_of_dictionaries() -> None:
    words = [unicodedata.normalize("NFC", "ba" + tone) for tone in TONES]
    shuffled = words[::-1]
    assert sorted(shuffled, key=names.sort_key) == words


def test_d_with_a_stroke_comes_after_every_d() -> None:
    assert sorted(["Đà", "Dương", "Da", "E"], key=names.sort_key) == ["Da", "Dương", "Đà", "E"]


def test_the_tone_of_a_syllable_outweighs_the_letters_of_the_next() -> None:
    assert sorted(["tuần chay", "tuân thủ"], key=names.sort_key) == ["tuân thủ", "tuần chay"]


def test_numbers_sort_by_their_value() -> None:
    texts = ["Chi bộ 10", "Chi bộ 2", "Chi bộ 02a", "Chi bộ 1"]
    assert sorted(texts, key=names.sort_key) == ["Chi bộ 1", "Chi bộ 2", "Chi bộ 02a", "Chi bộ 10"]


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_texts_have_one_order_however_they_were_given(texts: list[str]) -> None:
    composed = [unicodedata.normalize("NFC", text) for text in texts]
    backwards = composed[::-1]
    assert sorted(composed, key=names.sort_key) == sorted(backwards, key=names.sort_key)


@given(vietnamese, vietnamese, vietnamese)
def test_the_order_is_total_and_transitive(one: str, two: str, three: str) -> None:
    first, second, third = sorted([one, two, three], key=names.sort_key)
    assert names.sort_key(first) <= names.sort_key(second) <= names.sort_key(third)
    assert names.sort_key(first) <= names.sort_key(third)
    assert (names.sort_key(one) == names.sort_key(two)) == (
        unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", two)
    )


def test_swapped_words_are_alike_but_not_equal() -> None:
    assert names.likeness("xa thuong lam", ["xa thuong lam"]) == 100
    assert names.NEAR_ENOUGH < names.likeness("xa thuong lam", ["xa lam thuong"]) < 100


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Xã Ba Tơ", "xã ba tơ", True),
        ("Xã Hòa Lộc", "Xã Hoà Lộc", True),
        ("Chính trị - xã hội", "chính trị-xã hội", True),
        ("Xã Ba Tơ", "Xã Ba Tô", False),
        ("Xã Sơn Hà", "Xã Sơn Hạ", False),
        ("Xã Đông Thành", "Xã Đồng Thành", False),
    ],
)
def test_names_that_differ_by_a_mark_are_spelt_differently(one: str, other: str, alike: bool) -> None:
    assert names.fold(one) == names.fold(other)
    assert (names.spelt(one) == names.spelt(other)) is alike
