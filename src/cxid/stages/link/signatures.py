"""What a text holds, in one integer: enough to say that two texts cannot be nearly the same.

A signature counts characters in unary, one bit for each occurrence, so that the bits that two signatures share
are at most the characters that the texts share. What does not fit into the bits is counted apart, as excess;
characters that share a class only make the bound looser. So a bound from signatures is never too low, and a pair
that it rules out needs no look at the texts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bits = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
Sizes = npt.NDArray[np.uint16]
Ints = npt.NDArray[np.int64]
Figures = npt.NDArray[np.uint32]
Truths = npt.NDArray[np.bool_]

_CLASSES = 32  # a letter each, and six for all else; twice, for the first and the second occurrence
_DIGITS, _DIGIT_BITS = 10, 6
_LONGEST = 2**16 - 1


def _letter_classes() -> Bytes:
    byte = np.arange(256)
    return np.asarray(np.where((byte >= 97) & (byte <= 122), byte - 97, 26 + byte % 6), dtype=np.uint8)


_LETTER, _DIGIT = _letter_classes(), (np.arange(256) % _DIGITS).astype(np.uint8)


@dataclass(frozen=True)
class Signatures:
    """One for each record; a record without the text has nothing in common with any other."""

    bits: Bits
    length: Sizes  # characters
    excess: Sizes  # characters that have no bit
    first: Bytes

    def common(self, other: Signatures, a: Ints, b: Ints) -> Ints:
        """At least as many characters as the texts of records `a` here and `b` there have in common."""
        shared = np.bitwise_count(self.bits.take(a) & other.bits.take(b)).astype(np.int64)
        shared += self.excess.take(a)
        shared += other.excess.take(b)
        return np.asarray(np.minimum(shared, np.minimum(self.length.take(a), other.length.take(b))))

    def alike(self, other: Signatures, a: Ints, b: Ints, least: float) -> Truths:
        """Whether the Jaro-Winkler similarity may be `least` or more.

        Jaro is a third of m/|a| + m/|b| + 1 at most, with m characters in common. Winkler adds at most 0.4 of
        what is left, only over 0.7 and only where the first characters agree.
        """
        left, right = self.length.take(a).astype(np.int64), other.length.take(b).astype(np.int64)
        prefixed = max((least - 0.4) / 0.6, 0.7)
        asked = np.where(self.first.take(a) == other.first.take(b), 3 * prefixed - 1, 3 * least - 1) - 1e-6
        common = self.common(other, a, b)
        return np.asarray((common * (left + right) >= asked * (left * right)) & (left > 0) & (right > 0))

    def slips(self, other: Signatures, a: Ints, b: Ints, most: int) -> Truths:
        """Whether at most `most` edits may lie between: the longer text has no more characters of its own."""
        longer = np.maximum(self.length.take(a), other.length.take(b)).astype(np.int64)
        return np.asarray(longer - self.common(other, a, b) <= most)

    def contained(self, other: Signatures, a: Ints, b: Ints) -> Truths:
        """Whether one text may be a part of the other."""
        shorter = np.minimum(self.length.take(a), other.length.take(b)).astype(np.int64)
        return np.asarray((self.common(other, a, b) >= shorter) & (shorter > 0))

    def initials(self, other: Signatures, a: Ints, b: Ints) -> Truths:
        """Whether one text is the first letter of the other."""
        short = (self.length.take(a) == 1) | (other.length.take(b) == 1)
        return np.asarray(short & (self.first.take(a) == other.first.take(b)))


def _raw(texts: pa.Array) -> tuple[Bytes, Ints, Ints]:
    """(all characters with one to spare, start of each text, its length; 0 where there is none)."""
    texts = texts.cast(pa.large_string())
    _, offset_buffer, data = texts.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    characters = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    starts = offsets[:-1] - offsets[0]
    length = np.where(np.asarray(texts.is_valid()), np.diff(offsets), 0)
    return np.append(characters[offsets[0] : offsets[-1]], np.uint8(0)), starts, length


def _occurrences(found: Bytes, starts: Ints) -> Bits:
    """Bits for a first and a second occurrence of each class; an odd count above two leaves an excess."""
    bit = np.left_shift(np.uint64(1), found.astype(np.uint64))
    once = np.bitwise_or.reduceat(bit, starts)
    odd = np.bitwise_xor.reduceat(bit, starts)
    return np.asarray(once | ((once & ~odd) << np.uint64(_CLASSES)), dtype=np.uint64)


def _counts(found: Bytes, starts: Ints) -> Bits:
    """A bit for each of the first six occurrences of each of ten classes."""
    bits = np.zeros(len(starts), np.uint64)
    for digit in range(_DIGITS):
        count = np.minimum(np.add.reduceat(found == digit, starts, dtype=np.int64), _DIGIT_BITS)
        bits |= ((np.uint64(1) << count.astype(np.uint64)) - np.uint64(1)) << np.uint64(digit * _DIGIT_BITS)
    return bits


def sign(texts: pa.Array, *, digits: bool) -> Signatures:
    """Signatures of texts, made for letters or for digits."""
    characters, starts, length = _raw(texts)
    if not len(starts):
        return nothing(0)
    found = _DIGIT[characters] if digits else _LETTER[characters]
    bits = _counts(found, starts) if digits else _occurrences(found, starts)
    bits = np.where(length > 0, bits, np.uint64(0))
    excess = np.maximum(length - np.bitwise_count(bits), 0)
    first = np.where(length > 0, characters[starts], 0).astype(np.uint8)
    return Signatures(bits, _size(length), _size(excess), first)


def _size(count: Ints) -> Sizes:
    return np.minimum(count, _LONGEST).astype(np.uint16)


def nothing(records: int) -> Signatures:
    """Signatures of so many records without the text, to be filled."""
    length, excess = np.zeros(records, np.uint16), np.zeros(records, np.uint16)
    return Signatures(np.zeros(records, np.uint64), length, excess, np.zeros(records, np.uint8))


def plain_dates(texts: pa.Array) -> Figures:
    """YYYYMMDD with four bits a figure; 0 for a text that is not eight figures."""
    characters, starts, length = _raw(texts)
    packed, plain = np.zeros(len(starts), np.uint32), length == 8
    for place in range(8):
        figure = characters.take(starts + place, mode="clip")
        plain &= (figure >= 48) & (figure <= 57)
        packed = (packed << np.uint32(4)) | (figure & 15).astype(np.uint32)
    return np.where(plain, packed, np.uint32(0))
