"""API keys: a file of their hashes, made and changed by ``qa keys``, read again when it changes.

Why a fast hash is enough for them, see docs/adr/0017.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum

from qa.errors import KeyInvalid

PREFIX = "qa_"
SECRET_BYTES = 32
LONGEST_NAME = 100
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Access(StrEnum):
    """What a key lets its holder do; writing includes reading."""

    READ = "read"
    WRITE = "write"

    def covers(self, needed: Access) -> bool:
        """Tell whether this is enough for ``needed``."""
        return self is Access.WRITE or needed is Access.READ


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key as it is kept: enough to know it again, too little to be it.

    :param digest: SHA-256 of the whole key, in hexadecimal.
    :param made: When, in UTC, ISO 8601.
    """

    id: str
    name: str
    access: Access
    digest: str
    made: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key with its secret, which is shown once and kept nowhere."""

    key: Key
    secret: str


def new_key(name: str, *, access: Access, others: Sequence[Key]) -> NewKey:
    """Return a new random key.

    :raises KeyInvalid: When the name is no name, or one of ``others`` has it.
    """
    named = name.strip()
    if not 0 < len(named) <= LONGEST_NAME or any(unicodedata.category(each)[0] == "C" for each in named):
        raise KeyInvalid(f"密钥的名称应为 1–{LONGEST_NAME} 个可见的字")
    if any(named in (each.name, each.id) for each in others):
        raise KeyInvalid(f"已有名为 {named} 的密钥；请换一个名称，或先撤销：qa keys revoke {named}")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return NewKey(
        key=Key(id=secrets.token_hex(4), name=named, access=access, digest=digest_of(secret), made=made),
        secret=secret,
    )


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def matching(secret: str, keys: Sequence[Key]) -> Key | None:
    """Return the key with that secret; takes as long whichever it is, and when it is none."""
    digest = digest_of(secret)
    # A list and not a search that stops: every key is compared, each in constant time.
    found = [key for key in keys if hmac.compare_digest(key.digest, digest)]
    return found[0] if found else None


def to_json(keys: Sequence[Key]) -> str:
    """Return keys as they are kept, a line each, to be read by people as well."""
    listed = ",\n".join("  " + json.dumps(asdict(key), ensure_ascii=False) for key in keys)
    return f'{{"format": 1, "keys": [\n{listed}\n]}}\n'


def from_json(text: str) -> tuple[Key, ...]:
    """Return the keys that ``to_json`` wrote.

    :raises ValueError, KeyError, TypeError: When it is not that.
    """
    stored = json.loads(text)
    if stored["format"] != 1:
        raise ValueError(f"format {stored['format']}")
    keys = tuple(Key(**{**each, "access": Access(each["access"])}) for each in stored["keys"])
    for key in keys:
        # One that cannot be compared would fail with each request, and not when the file is read.
        if not DIGEST.fullmatch(key.digest):
            raise ValueError(f"digest of {key.id}")
    return keys
