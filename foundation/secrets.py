"""Values that harm people when they leak: encrypted at rest, masked in sight, found by a blind index.

A stored value is `v1:<key id>:<base64 of nonce and ciphertext>` (AES-256-GCM, 12-byte nonce, the field's
purpose as associated data). Reading decrypts with the key the value names; writing uses FIELD_KEY_ACTIVE,
so a key is rotated by adding one, making it active and saving the rows again.

`Masked` is a `str` whose characters ARE the mask: str(), repr(), format(), json, logging and templates
show `2312**********182X` because there is nothing else to show. Only `.reveal()` opens it, and only
callers that have asked a permission and written the log may call that.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets as randomness
import unicodedata
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from foundation.errors import KeyMissing, MaskWritten, SecretError, Tampered
from foundation.installation import installation

VERSION = "v1"
NONCE_BYTES = 12
_STORED = re.compile(rf"{VERSION}:([A-Za-z0-9_-]+):([A-Za-z0-9+/]+=*)")
_MASK = re.compile(r"\*{4}")
UNREADABLE_MASK = "****"


def key_from(encoded: str) -> bytes:
    """32 key bytes from their base64; ValueError when they are not 32."""
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error as broken:
        raise ValueError("a key is base64 of 32 bytes") from broken
    if len(key) != 32:
        raise ValueError("a key is base64 of 32 bytes")
    return key


def encrypt(plain: str, *, purpose: str) -> str:
    """The stored form under the active key."""
    key_id = installation().field_key_active
    nonce = randomness.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_key(key_id)).encrypt(nonce, plain.encode(), purpose.encode())
    return f"{VERSION}:{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, *, purpose: str) -> str:
    """The plain text; Tampered when a bit changed or the value comes from another field."""
    found = _STORED.fullmatch(stored)
    if not found:
        raise Tampered
    key_id, body = found.groups()
    try:
        raw = base64.b64decode(body, validate=True)
        plain = AESGCM(_key(key_id)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError):
        raise Tampered from None
    return plain.decode()


def key_id_of(stored: str) -> str:
    """Which key a stored value needs; empty when it is not a stored value."""
    found = _STORED.fullmatch(stored)
    return found.group(1) if found else ""


def blind_index(text: str, purpose: str) -> str:
    """Hex HMAC-SHA-256 of the normalised text: equal texts meet, and nobody reads one back."""
    normal = unicodedata.normalize("NFKC", text).replace(" ", "").upper()
    message = f"{purpose}\0{normal}".encode()
    return hmac.new(_blind_key(), message, hashlib.sha256).hexdigest()


def mask(plain: str) -> str:
    """What may be shown: an ID number keeps four and four, a phone three and four, the rest nothing."""
    head, tail = (4, 4) if len(plain) >= 15 else (3, 4) if len(plain) >= 11 else (0, 0)
    if not head:
        return UNREADABLE_MASK
    return plain[:head] + "*" * (len(plain) - head - tail) + plain[-tail:]


def is_mask(text: str) -> bool:
    """Whether a text is a mask that came back from a form."""
    return bool(_MASK.search(text))


def _key(key_id: str) -> bytes:
    encoded = installation().field_keys.get(key_id)
    if not encoded:
        raise KeyMissing(key_id=key_id)
    return key_from(encoded)


def _blind_key() -> bytes:
    encoded = installation().blind_index_key
    if not encoded:
        raise KeyMissing(key_id="BLIND_INDEX_KEY")
    return key_from(encoded)


class Masked(str):
    """Shows the mask everywhere; `.reveal()` gives the plain text, `.stored` the encrypted form."""

    __slots__ = ("_open", "_purpose", "_stored")

    _stored: str
    _purpose: str
    _open: Callable[[], str]

    def __new__(cls, stored: str, *, purpose: str) -> "Masked":
        try:
            shown = mask(decrypt(stored, purpose=purpose))
        except SecretError:
            shown = UNREADABLE_MASK
        made = super().__new__(cls, shown)
        made._stored = stored
        made._purpose = purpose
        return made

    @classmethod
    def of(cls, plain: str, *, purpose: str) -> "Masked":
        return cls(encrypt(plain, purpose=purpose), purpose=purpose)

    def reveal(self) -> str:
        """The plain text. The caller has asked permission and logged the reason."""
        return decrypt(self._stored, purpose=self._purpose)

    @property
    def stored(self) -> str:
        return self._stored

    def reveal_or_empty(self) -> str:
        """As reveal, but an unreadable value gives an empty text."""
        try:
            return self.reveal()
        except SecretError:
            return ""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Masked):
            return False
        mine, theirs = self.reveal_or_empty(), other.reveal_or_empty()
        return bool(mine) and hmac.compare_digest(mine.encode(), theirs.encode())

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((Masked, self.reveal_or_empty()))

    def __reduce__(self) -> tuple[Any, ...]:
        return (_masked, (self._stored, self._purpose))

    def __copy__(self) -> "Masked":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Masked":
        return self


def _masked(stored: str, purpose: str) -> Masked:
    return Masked(stored, purpose=purpose)


class _MaskOnAssignment(DeferredAttribute):
    """Assigned plain text becomes Masked at once, so an unsaved instance leaks no more than a loaded one."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class EncryptedTextField(models.TextField):
    """A text column holding `v1:...`; its Python value is Masked, or an empty text, or None.

    It cannot be searched: keep a `blind_index` column beside it for exact search.
    """

    descriptor_class = _MaskOnAssignment

    def __init__(self, *args: Any, purpose: str = "text", **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"purpose": self.purpose}

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or isinstance(value, Masked) or value == "":
            return value
        if key_id_of(value):
            return Masked(value, purpose=self.purpose)
        if is_mask(value):
            raise MaskWritten
        return Masked.of(value, purpose=self.purpose)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Masked | str | None:
        return Masked(value, purpose=self.purpose) if value else value

    def get_prep_value(self, value: Any) -> Any:
        value = self.to_python(value)
        if not isinstance(value, Masked):
            return value
        if key_id_of(value.stored) == installation().field_key_active:
            return value.stored
        return encrypt(value.reveal(), purpose=self.purpose)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return value.stored if isinstance(value, Masked) else value or ""

    def get_lookup(self, lookup_name: str) -> Any:
        """Two encryptions of one text differ, so only emptiness can be asked of this column."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        return None
