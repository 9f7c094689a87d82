"""What a page is found by holds no ID number, however it is glued or spaced."""

import pytest

from dossiers.search_text import holds_number, mask_in_name, mask_numbers, search_tokens

NUMBER, OTHER = "231299199003074218", "231299198501011234"
WRITTEN = [
    NUMBER,
    f"1{NUMBER}",
    f"{NUMBER}1234",
    f"6217{NUMBER}",
    f"{NUMBER}{OTHER}",
    f"{NUMBER} {OTHER}",
    "231299-19900307-4218",
    "231299.19900307.4218",
    "231299  19900307  4218",
    "231299\u00a0199003074218",
    "２３１２９９１９９００３０７４２１８",
    f"No{NUMBER}女",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_no_stored_text_and_no_token_keeps_a_birthday_or_a_number(written):
    shown, tokens = mask_numbers(written), " ".join(search_tokens(written))

    for kept in (shown, tokens):
        assert "19900307" not in kept
        assert "１９９００３０７" not in kept
        assert "19850101" not in kept


@pytest.mark.parametrize("written", WRITTEN)
def test_no_address_may_carry_it(written):
    assert holds_number(written)


@pytest.mark.parametrize("written", ["2026-10-19 08:30", "13800138000", "2026-014", "培训合格证 80 课时"])
def test_dates_telephones_and_class_numbers_stay(written):
    assert mask_numbers(written) == written
    assert not holds_number(written)


@pytest.mark.parametrize("written", WRITTEN)
def test_no_file_name_keeps_it(written):
    for name in (f"王海燕{written}.jpg", f"20261019{written}.jpg", f"20261019 {written}.jpg"):
        assert "19900307" not in mask_in_name(name)


@pytest.mark.parametrize("name", ["20261019083000123.mp4", "VID_20261019_083000.mp4", "2026-10-19 08.30.mp4"])
def test_the_moment_in_a_recordings_name_stays(name):
    assert mask_in_name(name) == name
