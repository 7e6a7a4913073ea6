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
Shapes = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]
Figures = Shapes
Truths = npt.NDArray[np.bool_]

_CLASSES = 32  # a letter each, and six for all else; twice, for the first and the second occurrence
_DIGITS, _DIGIT_BITS = 10, 6
_TWO = 2 * _DIGIT_BITS  # bits of two digits, which are looked up at once
_FEW, _REPEATING = 100_000, 0.5  # texts looked at, and the share of different ones up to which each is signed once
_LENGTH, _EXCESS, _MOST = 20, 8, 2**12 - 1  # a longer text counts as one of 4,095 characters: the bounds hold


def _letter_classes() -> Bytes:
    byte = np.arange(256)
    return np.asarray(np.where((byte >= 97) & (byte <= 122), byte - 97, 26 + byte % 6), dtype=np.uint8)


def _unary() -> Bits:
    """For the counts of two digits, as many bits as each counts, six at most."""
    count = np.minimum(np.arange(1 << _DIGIT_BITS), _DIGIT_BITS)
    one = (1 << count) - 1
    return np.asarray((one[:, None] << _DIGIT_BITS | one).ravel(), dtype=np.uint64)


_LETTER_BIT = np.left_shift(np.uint64(1), _letter_classes().astype(np.uint64))
_DIGIT_ONE = np.left_shift(np.uint64(1), np.arange(256, dtype=np.uint64) % np.uint64(_DIGITS) * np.uint64(_DIGIT_BITS))
_UNARY = _unary()
_LETTER_BIT[0] = _DIGIT_ONE[0] = 0  # the one to spare behind the last text


@dataclass(frozen=True)
class Signatures:
    """One for each text; a text that is not there has nothing in common with any other."""

    bits: Bits
    shape: Shapes  # from the highest: characters, characters that have no bit (12 bits each), first character (8)


@dataclass(frozen=True)
class Overlap:
    """Of pairs of texts: their lengths, at most how many characters they share, whether the first is the same."""

    left: Shapes
    right: Shapes
    common: Shapes
    same_first: Truths

    def alike(self, least: float) -> Truths:
        """Whether the Jaro-Winkler similarity may be `least` or more.

        Jaro is a third of m/|a| + m/|b| + 1 at most, with m characters in common. Winkler adds at most 0.4 of
        what is left, only over 0.7 and only where the first characters agree.
        """
        prefixed = max((least - 0.4) / 0.6, 0.7)
        asked = np.where(self.same_first, np.float32(3 * prefixed - 1), np.float32(3 * least - 1)) - np.float32(1e-4)
        product = self.left.astype(np.float32) * self.right
        return np.asarray(
            (self.common.astype(np.float32) * (self.left + self.right) >= asked * product) & (product > 0)
        )

    def slips(self, most: int) -> Truths:
        """Whether at most `most` edits may lie between: the longer text has no more characters of its own."""
        return np.asarray(np.maximum(self.left, self.right) <= self.common + most)

    def contained(self) -> Truths:
        """Whether one text may be a part of the other."""
        return np.asarray((self.common > 0) & (self.common == np.minimum(self.left, self.right)))

    def initials(self) -> Truths:
        """Whether one text is the first letter of the other."""
        return np.asarray(self.same_first & (np.minimum(self.left, self.right) == 1))


def overlap(left: Signatures, right: Signatures) -> Overlap:
    """What the texts of two signatures may have in common, one by one."""
    shared = np.bitwise_count(left.bits & right.bits).astype(np.uint32)
    shared += (left.shape >> _EXCESS & _MOST) + (right.shape >> _EXCESS & _MOST)
    a, b = (np.asarray(s.shape >> _LENGTH, dtype=np.uint32) for s in (left, right))
    return Overlap(a, b, np.minimum(shared, np.minimum(a, b)), np.asarray((left.shape ^ right.shape) & 255 == 0))


def _raw(texts: pa.Array) -> tuple[Bytes, Ints, Ints]:
    """(all characters with one to spare, start of each text, its length; 0 where there is none)."""
    texts = texts.cast(pa.large_string())
    _, offset_buffer, data = texts.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    characters = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    starts = offsets[:-1] - offsets[0]
    length = np.where(np.asarray(texts.is_valid()), np.diff(offsets), 0)
    return np.append(characters[offsets[0] : offsets[-1]], np.uint8(0)), starts, length


def _occurrences(characters: Bytes, starts: Ints) -> Bits:
    """Bits for a first and a second occurrence of each class; an odd count above two leaves an excess."""
    bit = _LETTER_BIT.take(characters)
    once = np.bitwise_or.reduceat(bit, starts)
    odd = np.bitwise_xor.reduceat(bit, starts)
    return np.asarray(once | ((once & ~odd) << np.uint64(_CLASSES)), dtype=np.uint64)


def _counts(characters: Bytes, starts: Ints) -> Bits:
    """A bit for each of the first six occurrences of each of ten classes, in texts of less than 64 characters."""
    counts = np.add.reduceat(_DIGIT_ONE.take(characters), starts)
    bits = np.zeros(len(starts), np.uint64)
    for shift in map(np.uint64, range(0, _DIGITS * _DIGIT_BITS, _TWO)):
        bits |= _UNARY.take((counts >> shift & np.uint64(len(_UNARY) - 1)).astype(np.int64)) << shift
    return bits


def sign(texts: pa.Array, *, digits: bool) -> Signatures:
    """Signatures of texts, made for letters or for digits."""
    some = texts.slice(0, _FEW)
    if len(some.unique()) > _REPEATING * len(some):
        return _sign(texts, digits=digits)
    encoded = texts.dictionary_encode()
    found = _sign(encoded.dictionary, digits=digits)
    place = encoded.indices.fill_null(len(encoded.dictionary)).to_numpy()
    return Signatures(np.append(found.bits, np.uint64(0)).take(place), np.append(found.shape, np.uint32(0)).take(place))


def _sign(texts: pa.Array, *, digits: bool) -> Signatures:
    characters, starts, length = _raw(texts)
    if not len(starts):
        return Signatures(np.zeros(0, np.uint64), np.zeros(0, np.uint32))
    bits = (_counts if digits else _occurrences)(characters, starts)
    bits[(length == 0) | digits & (length >= 1 << _DIGIT_BITS)] = 0  # then all is excess: the bounds hold
    excess = np.maximum(length - np.bitwise_count(bits), 0)
    first = np.where(length > 0, characters.take(starts), 0)
    shape = np.minimum(length, _MOST) << _LENGTH | np.minimum(excess, _MOST) << _EXCESS | first
    return Signatures(bits, shape.astype(np.uint32))


def plain_dates(texts: pa.Array) -> Figures:
    """YYYYMMDD with four bits a figure; 0 for a text that is not eight figures."""
    characters, starts, length = _raw(texts)
    packed, plain = np.zeros(len(starts), np.uint32), length == 8
    for place in range(8):
        figure = characters.take(starts + place, mode="clip")
        plain &= (figure >= 48) & (figure <= 57)
        packed = (packed << np.uint32(4)) | (figure & 15).astype(np.uint32)
    return np.where(plain, packed, np.uint32(0))
