"""Ids are hashes of what made the row, so that making it twice makes it once."""

import hashlib
import json
import random
import unicodedata
from typing import Any


def hash_of(*parts: Any) -> str:
    """SHA-256 (64 hex digits) of the parts as canonical JSON.

    Parts must be JSON values; mappings are sorted by key, so their order does not matter. JSON rather than
    joined strings, because ("a", "bc") and ("ab", "c") must differ.
    """
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_SHA256 = hashlib.sha256()


def sha256_of(data: bytes) -> "hashlib._Hash":
    """What `hashlib.sha256` gives, of a copy: to look the method up takes as long as to hash a thousand bytes."""
    made = _SHA256.copy()
    made.update(data)
    return made


def hash_of_texts(*parts: Any) -> str:
    """What `hash_of` gives, in a third of the time, where all is text, whole numbers or None, alone or in lists.

    Other numbers and mappings would be written otherwise, and hashed otherwise.
    """
    import orjson

    try:
        return sha256_of(orjson.dumps(parts)).hexdigest()
    except orjson.JSONEncodeError:  # half a surrogate pair, which UTF-8 has no place for
        return hash_of(*parts)


def rng_of(*parts: Any) -> random.Random:
    """A generator seeded by the parts: the same on every machine and in every process."""
    return random.Random(int(hash_of(*parts)[:32], 16))


def normalised(text: str) -> str:
    """Text as compared for exact copies: NFKC, case folded, every run of white space one space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
