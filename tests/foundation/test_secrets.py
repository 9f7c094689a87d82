"""ID numbers at rest and in sight: no way of showing a value shows the number."""

import base64
import copy
import json
import logging
import pickle
import traceback

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.template import Context, Engine
from django.test.utils import isolate_apps

from foundation.errors import KeyMissing, MaskWritten, Tampered
from foundation.key_rotation import rotate
from foundation.secrets import EncryptedTextField, Masked, blind_index, decrypt, encrypt, key_id_of, mask

NUMBER = "23129919900101182X"
SHOWN = "2312**********182X"


def key(byte: int) -> str:
    return base64.b64encode(bytes((byte + n) % 256 for n in range(32))).decode()


@pytest.fixture(autouse=True)
def keys(settings):
    settings.FIELD_KEYS = {"k1": key(1)}
    settings.FIELD_KEY_ACTIVE = "k1"
    settings.BLIND_INDEX_KEY = key(99)


@pytest.fixture
def masked() -> Masked:
    return Masked.of(NUMBER, purpose="id_number")


@pytest.fixture
def person(transactional_db):
    """A model of the test's own with its own table."""
    with isolate_apps("foundation"):

        class Person(models.Model):
            id_number = EncryptedTextField(purpose="id_number", blank=True, default="")

            class Meta:
                app_label = "foundation"

        with connection.schema_editor() as editor:
            editor.create_model(Person)
        yield Person
        with connection.schema_editor() as editor:
            editor.delete_model(Person)


def rendered(value: object) -> str:
    return (
        Engine()
        .from_string("{{ value }} {{ value|safe }} {{ value|pprint }}")
        .render(Context({"value": value}))
    )


def logged(value: object) -> str:
    record = logging.LogRecord("x", logging.INFO, "x", 1, "%s %r", (value, value), None)
    return logging.Formatter().format(record)


def raised(value: object) -> str:
    try:
        raise ValueError(value)
    except ValueError:
        return traceback.format_exc()


@pytest.mark.parametrize(
    "show",
    [
        str,
        repr,
        "{}".format,
        "{:>30}".format,
        lambda value: f"{value} {value!r} {value!s}",
        "%s".__mod__,
        "%r".__mod__,
        lambda value: "".join(value),
        lambda value: value[:],
        lambda value: value + "",
        lambda value: value.upper(),
        lambda value: value.encode().decode(),
        json.dumps,
        lambda value: json.dumps({"id_number": value, value: 1}),
        lambda value: json.dumps(value, cls=DjangoJSONEncoder),
        lambda value: str([value, {"x": value}]),
        lambda value: pickle.dumps(value).decode("latin-1"),
        lambda value: str(vars(type(value))) + str(getattr(value, "__dict__", "")),
        rendered,
        logged,
        raised,
    ],
)
def test_no_way_of_showing_a_masked_value_shows_the_number(show, masked):
    shown = show(masked)
    assert "19900101" not in shown and NUMBER not in shown and "0101182" not in shown


def test_only_reveal_opens_it(masked):
    assert str(masked) == SHOWN
    assert masked.reveal() == NUMBER
    assert pickle.loads(pickle.dumps(masked)).reveal() == NUMBER
    assert copy.deepcopy(masked).reveal() == NUMBER


def test_two_masked_values_are_equal_when_their_numbers_are_and_not_when_their_masks_are():
    one, same = (Masked.of(NUMBER, purpose="id_number") for _ in range(2))
    other = Masked.of("23129919900102182X", purpose="id_number")
    assert one == same and hash(one) == hash(same) and one.stored != same.stored
    assert str(one) == str(other) and one != other
    assert one != SHOWN and one != NUMBER


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        (NUMBER, SHOWN),
        ("231299900101182", "2312*******1182"),
        ("13800001234", "138****1234"),
        ("1234567890", "****"),
        ("王某", "****"),
        ("x", "****"),
    ],
)
def test_a_mask_keeps_little_of_a_long_value_and_nothing_of_a_short_one(plain, shown):
    assert mask(plain) == shown


def test_two_encryptions_differ_and_both_open():
    one, two = (encrypt(NUMBER, purpose="id_number") for _ in range(2))
    assert one != two and one.startswith("v1:k1:") and NUMBER not in one
    assert decrypt(one, purpose="id_number") == decrypt(two, purpose="id_number") == NUMBER


def test_a_changed_bit_or_another_field_is_tampering():
    stored = encrypt(NUMBER, purpose="id_number")
    head, body = stored.rsplit(":", 1)
    raw = bytearray(base64.b64decode(body))
    raw[-1] ^= 1
    flipped = f"{head}:{base64.b64encode(raw).decode()}"
    for broken, purpose in (
        (flipped, "id_number"),
        (stored, "bank_account"),
        ("v1:k1:AAAA", "id_number"),
        ("plain", "x"),
    ):
        with pytest.raises(Tampered) as told:
            decrypt(broken, purpose=purpose)
        assert NUMBER not in repr(told.value)


def test_a_value_whose_key_is_gone_shows_stars_and_says_which_key(settings, masked):
    stored = masked.stored
    settings.FIELD_KEYS = {"k2": key(7)}
    lost = Masked(stored, purpose="id_number")
    assert str(lost) == "****"
    with pytest.raises(KeyMissing) as told:
        lost.reveal()
    assert "k1" in told.value.text


def test_a_blind_index_meets_equal_numbers_however_they_are_typed(settings):
    index = blind_index(NUMBER, "id_number")
    assert (
        index
        == blind_index("231299 19900101 182x", "id_number")
        == blind_index("２３１２９９19900101182X", "id_number")
    )
    assert index != blind_index(NUMBER, "phone") and len(index) == 64
    settings.BLIND_INDEX_KEY = key(50)
    assert index != blind_index(NUMBER, "id_number")


def raw_value(model: type[models.Model]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id_number FROM {model._meta.db_table}")
        return cursor.fetchone()[0]


def test_the_column_holds_the_encrypted_form_and_the_instance_the_mask(person):
    made = person(id_number=NUMBER)
    assert str(made.id_number) == SHOWN and NUMBER not in str(vars(made))
    made.save()
    assert raw_value(person).startswith("v1:k1:")
    loaded = person.objects.get()
    assert str(loaded.id_number) == SHOWN and loaded.id_number.reveal() == NUMBER
    assert list(person.objects.values_list("id_number", flat=True)) == [made.id_number]


def test_empty_stays_empty(person):
    person.objects.create()
    assert person.objects.get().id_number == ""
    assert raw_value(person) == ""


def test_a_serialised_row_holds_the_encrypted_form(person):
    person.objects.create(id_number=NUMBER)
    for dump in (
        serializers.serialize("json", person.objects.all()),
        serializers.serialize("xml", person.objects.all()),
    ):
        assert "v1:k1:" in dump and NUMBER not in dump and SHOWN not in dump


def test_a_mask_that_comes_back_from_a_form_is_not_stored(person):
    made = person.objects.create(id_number=NUMBER)
    with pytest.raises(MaskWritten):
        made.id_number = SHOWN
    assert person.objects.get().id_number.reveal() == NUMBER


def test_saving_again_moves_a_value_to_the_active_key(person, settings):
    person.objects.create(id_number=NUMBER)
    settings.FIELD_KEYS = {"k1": key(1), "k2": key(2)}
    settings.FIELD_KEY_ACTIVE = "k2"
    loaded = person.objects.get()
    assert loaded.id_number.reveal() == NUMBER
    loaded.save()
    assert key_id_of(raw_value(person)) == "k2"
    settings.FIELD_KEYS = {"k2": key(2)}
    assert person.objects.get().id_number.reveal() == NUMBER


def test_rotation_moves_every_row_once_and_changes_no_number(person, settings):
    person.objects.create(id_number=NUMBER)
    person.objects.create(id_number="")
    settings.FIELD_KEYS = {"k1": key(1), "k2": key(2)}
    settings.FIELD_KEY_ACTIVE = "k2"
    person.objects.create(id_number=NUMBER)
    assert (rotate(person), rotate(person)) == (1, 0)
    settings.FIELD_KEYS = {"k2": key(2)}
    assert [getattr(row.id_number, "reveal", str)() for row in person.objects.order_by("pk")] == [
        NUMBER,
        "",
        NUMBER,
    ]


def test_the_column_cannot_be_searched(person):
    with pytest.raises(FieldError):
        person.objects.filter(id_number=NUMBER).exists()
    assert not person.objects.filter(id_number__isnull=True).exists()


def test_the_field_survives_a_migration_file():
    name, path, args, kwargs = EncryptedTextField(purpose="phone").deconstruct()
    assert (path, args, kwargs) == ("foundation.secrets.EncryptedTextField", [], {"purpose": "phone"})
