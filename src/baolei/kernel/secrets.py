"""Identity fields: sealed under a key of the person, found by keyed hashes (D8, G-28, G-29).

Each person has a random key, wrapped under the province's data key; without the wrapped key no copy of the
sealed fields can be opened. An erased person has an empty key and empty fields. The hashes are made under the
national index key, over the whole number, or over its last four characters together with the name.
"""

import hmac
import logging
import os
from functools import cache
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from baolei.kernel.identity import normal_number
from baolei.kernel.secretfiles import secret

DATA_KEY = "province_data_key"
INDEX_KEY = "national_index_key"

_SUITE = b"\x01"
"""AES-128-GCM for persons, AES-256-GCM for wrapping; a later suite gets another number."""

_NONCE = 12
_KEY = 16
HASH = 16
"""Bytes kept of a keyed hash."""

_WRAP = b"person key"
FIELDS = {"id_number": "id_sealed", "phone": "phone_sealed"}

_log = logging.getLogger(__name__)


class Unreadable(ValueError):
    """A sealed field cannot be opened: its bytes are damaged, or this instance has another key."""


class Sealed(NamedTuple):
    """What the database keeps of a person's identity and phone number."""

    key_wrapped: bytes
    id_sealed: bytes
    id_hash: bytes
    id_tail_hash: bytes
    phone_sealed: bytes | None
    phone_hash: bytes | None
    phone_tail_hash: bytes | None


class Sealer:
    """Seals, opens and hashes; made once per process, because setting up the keys costs more than a row."""

    def __init__(self, data_key: bytes, index_key: bytes):
        self._wrap = AESGCM(data_key)
        self._keyed = hmac.new(index_key, digestmod="sha256")
        self._random = b""
        self._at = 0

    def seal_person(self, id_number: str, phone: str, name: str) -> Sealed:
        """Seal normalized numbers (`normal_number`) under a new key; an empty phone gives three None."""
        random = self._bytes(_KEY + 3 * _NONCE)
        key = random[:_KEY]
        person = AESGCM(key)
        wrap_nonce, id_nonce, phone_nonce = random[16:28], random[28:40], random[40:52]
        wrapped = _SUITE + wrap_nonce + self._wrap.encrypt(wrap_nonce, key, _WRAP)
        id_sealed = _SUITE + id_nonce + person.encrypt(id_nonce, id_number.encode(), b"id_number")
        id_hash, tail_hash = self.hash_id(id_number), self.hash_tail(id_number[-4:], name)
        if not phone:
            return Sealed(wrapped, id_sealed, id_hash, tail_hash, None, None, None)
        phone_sealed = _SUITE + phone_nonce + person.encrypt(phone_nonce, phone.encode(), b"phone")
        phone_hash, phone_tail = self.hash_phone(phone), self.hash_phone_tail(phone[-4:], name)
        return Sealed(wrapped, id_sealed, id_hash, tail_hash, phone_sealed, phone_hash, phone_tail)

    def open_field(self, member: Any, field: str) -> str:
        """The clear value of `field` ("id_number" or "phone") of a row; "" when the row has none, or is erased.

        Raises Unreadable, which is logged for the operator with the row's number and nothing of the person.
        Whoever shows the value writes an event (G-22).
        """
        sealed = getattr(member, FIELDS[field])
        if not sealed:
            return ""
        try:
            wrapped, sealed = _checked(bytes(member.key_wrapped)), _checked(bytes(sealed))
            key = self._wrap.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _WRAP)
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], field.encode()).decode()
        except (InvalidTag, ValueError) as error:
            _log.error(
                "%s of row %s cannot be opened: wrong key or damaged", field, getattr(member, "pk", "?")
            )
            raise Unreadable(field) from error

    def hash_id(self, number: str) -> bytes:
        """The keyed hash of a whole identity number."""
        return self._hash(b"id\0" + number.encode())

    def hash_tail(self, last4: str, name: str) -> bytes:
        """The keyed hash of an identity number's last four characters with the name."""
        return self._hash(f"id tail\0{last4}\0{name}".encode())

    def hash_phone(self, phone: str) -> bytes:
        """The keyed hash of a whole phone number."""
        return self._hash(b"phone\0" + phone.encode())

    def hash_phone_tail(self, last4: str, name: str) -> bytes:
        """The keyed hash of a phone number's last four digits with the name."""
        return self._hash(f"phone tail\0{last4}\0{name}".encode())

    def hash_slip(self, slip: str) -> bytes:
        """The keyed hash of a slip number, by which somebody without an account asks again."""
        return self._hash(b"slip\0" + slip.encode())

    def _hash(self, message: bytes) -> bytes:
        keyed = self._keyed.copy()  # a copy is half the price of a new one: the key is already taken in
        keyed.update(message)
        return keyed.digest()[:HASH]

    def _bytes(self, number: int) -> bytes:
        """Random bytes, fetched from the system in blocks."""
        if self._at + number > len(self._random):
            self._random, self._at = os.urandom(64 * 1024), 0
        start = self._at
        self._at += number
        return self._random[start : self._at]


def _checked(sealed: bytes) -> bytes:
    if sealed[:1] != _SUITE:
        raise ValueError("sealed with a suite that this release does not know")
    return sealed[1:]


@cache
def sealer() -> Sealer:
    """The sealer of this instance, with the keys of its secrets directory."""
    return Sealer(secret(DATA_KEY, 32), secret(INDEX_KEY, 32))


# A fork takes no random bytes that its parent takes, too.
os.register_at_fork(after_in_child=sealer.cache_clear)


def open_field(member: Any, field: str) -> str:
    """The clear value of a sealed field of a row (see `Sealer.open_field`)."""
    return sealer().open_field(member, field)


def hash_id(number: str) -> bytes:
    """The keyed hash by which a whole identity number is found, as typed."""
    return sealer().hash_id(normal_number(number))


def hash_tail(last4: str, name: str) -> bytes:
    """The keyed hash by which the last four characters of an identity number and a name are found."""
    return sealer().hash_tail(normal_number(last4), name.strip())


def hash_phone(phone: str) -> bytes:
    """The keyed hash by which a whole phone number is found, as typed."""
    return sealer().hash_phone(normal_number(phone))


def hash_phone_tail(last4: str, name: str) -> bytes:
    """The keyed hash by which the last four digits of a phone number and a name are found."""
    return sealer().hash_phone_tail(normal_number(last4), name.strip())


def hash_slip(slip: str) -> bytes:
    """The keyed hash by which a slip number is found, as typed."""
    return sealer().hash_slip(normal_number(slip))
