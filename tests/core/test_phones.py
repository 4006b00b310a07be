"""Telephone numbers as typed: one number whatever the spelling, shown and masked as people expect."""

import pytest

from core.phones import comparable_phone, mask_phone, parse_phone, show_phone


@pytest.mark.parametrize(
    ("typed", "kind", "e164"),
    [
        ("13800000000", "mobile", "+8613800000000"),
        ("138 0000-0000", "mobile", "+8613800000000"),
        ("１３８００００００００", "mobile", "+8613800000000"),
        ("+86 138 0000 0000", "mobile", "+8613800000000"),
        ("0086-13800000000", "mobile", "+8613800000000"),
        ("8613800000000", "mobile", "+8613800000000"),
        ("14100000000", "mobile", "+8614100000000"),
        ("010-88880000", "landline", "+861088880000"),
        ("(010) 8888 0000", "landline", "+861088880000"),
        ("（０１０）８８８８００００", "landline", "+861088880000"),
        ("+86 10 8888 0000", "landline", "+861088880000"),
        ("+86-021-68880000", "landline", "+862168880000"),
        ("0513-8888000", "landline", "+865138888000"),
        ("0755 28880000", "landline", "+8675528880000"),
        ("010-8888 0000 转 801", "landline", "+861088880000;801"),
        ("010-88880000-801", "landline", "+861088880000;801"),
        ("010-88880000 ext. 12", "landline", "+861088880000;12"),
        ("010-88880000x12", "landline", "+861088880000;12"),
        ("010-88880000#12", "landline", "+861088880000;12"),
        ("010-88880000 分机8", "landline", "+861088880000;8"),
        ("400-888-1234", "service", "+864008881234"),
        ("8008881234", "service", "+868008881234"),
        ("+1 650 253 0000", "foreign", "+16502530000"),
    ],
)
def test_valid_numbers(typed, kind, e164):
    phone = parse_phone(typed)
    assert phone is not None
    assert (phone.kind, phone.e164) == (kind, e164)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12800000000",
        "1380000000",
        "138000000000",
        "88880000",
        "010-18880000",
        "1.38E+10",
        "+86",
        "abc",
        "+86 1 2",
        "转801",
    ],
)
def test_invalid_numbers(typed):
    assert parse_phone(typed) is None


def test_spellings_compare_equal_and_an_extension_does_not_matter():
    assert comparable_phone("138-0000 0000") == comparable_phone("+8613800000000")
    assert comparable_phone("010-88880000-801") == comparable_phone("(010)88880000")
    assert comparable_phone("8888 0000") == "88880000"


@pytest.mark.parametrize(
    ("typed", "shown", "masked"),
    [
        ("+8613800001234", "138 0000 1234", "138****1234"),
        ("01088880000", "010-8888 0000", "010-****0000"),
        ("05138888000", "0513-888 8000", "0513-****8000"),
        ("4008881234", "400-888-1234", "400-****1234"),
        ("+16502530000", "+16502530000", "+16****0000"),
        ("88880000", "88880000", "****00"),
        ("123", "123", "****"),
        ("", "", "****"),
    ],
)
def test_shown_and_masked(typed, shown, masked):
    assert show_phone(typed) == shown
    assert mask_phone(typed) == masked
