"""Work out the English names that other languages are read as, and write `resources/starter/vocabulary.safetensors`.

    python packaging/english_names.py ANNOTATIONS [--check]

The file holds what `engine/backbones/languages.py` needs beside the sentence encoder:

- the names of its dictionary with their vectors. Words for people's bodies, insults and trade names are left out, and
  words for people that the starter's text encoder does not know whole: "tinker", "howler" and two thousand more are
  near to everything.
- the words that count as English: those of two Debian packages, `wamerican-large` and `wbritish-large` (SCOWL), and
  those that the text encoder knows whole.
- names in other languages with the English ones (`emoji_names.py`). ANNOTATIONS is the folder `annotations` of the
  npm package `cldr-annotations-full` 48.2.0, which `npm pack` fetches.
- the vectors of ImageNet's 1,000 classes, for the place of such a name in the starter's space.

`--check` works everything out anew and compares it with the file.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from emoji_names import translations  # beside this file
from numpy.typing import NDArray
from timm.data import ImageNetInfo

from mma_desktop.core.class_names import name_key, words_of
from mma_desktop.core.paths import starter_file
from mma_desktop.engine.backbones.backbone_table import unit
from mma_desktop.engine.backbones.languages import VOCABULARY, VOCABULARY_SHA256, load_encoder
from mma_desktop.engine.backbones.starter import text_model_dir
from mma_desktop.engine.backbones.wordnet import SYNSETS, entries

WORD_LISTS = ("/usr/share/dict/american-english-large", "/usr/share/dict/british-english-large")
NUMBERS = 128  # kept of a vector's 512; with all of them the development set of `bench_languages.py` gains nothing
LONGEST = 60  # three names and what is between them must fit into what the model can read for a class
BATCH = 32
SAMPLE = 8000  # names that the principal directions are worked out from


DEFINITION_WEIGHT = 0.5  # as in `starter_space.py`
PERSONS = "n095", "n108"  # WordNet orders its nouns by subject: from here to there they are people
BODIES = """
    ass bagnio bastard bawdyhouse bitch bordello breast brothel cathouse cock codpiece dick dildo douche falsie foreskin
    jockstrap nude nudes pastie penis prepuce pussy sex shit squaw tit urolith whorehouse
"""
INSULTS = """
    addict airhead bigot birdbrain blackamoor bozo bugger buttinsky crackpot crazy creep cripple degenerate deviant
    deviate dimwit dweeb failure fool freak fucker geek gipsy goof gook gringo gypsy harlot hooker hussy idiot imbecile
    jerk jewess junkie junky kink kluxer loser loose lunatic maniac masturbator mestizo midget misfit mongoloid moron
    mulatto
    nazi negro negroid nerd nobody nutcase nympho nymphomaniac pervert pimp pisser ponce prostitute psycho putz rape
    redneck retard savage slant slob slut snot sod sodomite spastic spook streetwalker strumpet tosser
    tramp transvestite trollop undesirable urinator vermin voyeur wanker wanton weirdo whore whoremonger wimp wino
"""
TRADE_NAMES = """
    aertex aqualung armagnac biro burberry bvd coca coke courtelle dacron deepfreeze dictaphone dodgem drambuie dubonnet
    dumpster elastoplast exocet formica frisbee galliano guinness hoover humvee identikit ipod jeep kahlua kalashnikov
    kotex landrover levi levis lilo linotype luger masonite mauser medline orlon pepsi pernod photostat pianola polaroid
    postum rediffusion rollerblade rolodex roneo roneograph segway sellotape sharpie sheetrock spam spandau spode spork
    stetson tabasco tampax teleprompter terylene ultrasuede uzi velcro velveeta victrola viyella walkman wedgwood wiffle
    winchester xerox zamboni zimmer
"""
UNFIT = frozenset((BODIES + TRADE_NAMES).split()), frozenset(INSULTS.split())


@cache
def known_whole() -> frozenset[str]:
    """The words that the starter's text encoder reads as one token."""
    return frozenset(json.loads((text_model_dir() / "tokenizer.json").read_text("utf-8"))["model"]["vocab"])


def is_fit(name: str, synset: str = "") -> bool:
    """Whether a name may be proposed, in the meaning of a synset."""
    words = set(words_of(name))
    person = PERSONS[0] <= synset < PERSONS[1]
    return words.isdisjoint(UNFIT[0] | UNFIT[1] if person or not synset else UNFIT[0]) and not (
        person and not words <= known_whole()
    )


def names() -> list[str]:
    """The names of the dictionary that may be proposed, each once whatever its capitals."""
    synsets = ImageNetInfo("imagenet-22k").label_names()
    each = zip(synsets, entries(SYNSETS), strict=True)
    every = [name.strip() for synset, (listed, _) in each for name in listed.split(",") if is_fit(name, synset)]
    return list({name_key(name): name for name in sorted(filter(None, every), reverse=True)}.values())


def words() -> str:
    """The English words in lower case, sorted, each between line breaks."""
    listed = (line.strip().casefold() for path in WORD_LISTS for line in Path(path).read_text("utf-8").splitlines())
    every = {
        word for word in (*listed, *known_whole()) if word.isalpha() and (word.isascii() or word not in known_whole())
    }
    return "\n" + "\n".join(sorted(every)) + "\n"


def as_bytes(text: str) -> NDArray[np.uint8]:
    """A text as a tensor."""
    return np.frombuffer(text.encode(), np.uint8)


def encoded(texts: Sequence[str]) -> NDArray[np.float64]:
    """Unit vectors (N, 512) of texts, in batches of like length, which are five times as fast as one by one."""
    encode: Any = load_encoder()  # also of several texts, which changes their last digits
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    found = np.empty((len(texts), 512))
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        found[rows] = encode([texts[at] for at in rows])
    return unit(found)


def class_vectors() -> NDArray[np.float64]:
    """One unit vector for each of ImageNet's 1,000 classes, of its synonyms and its definition."""
    info = ImageNetInfo("imagenet-1k")
    synonyms = [[name.strip() for name in listed.split(",")] for listed in info.label_descriptions()]
    vectors = encoded([name for some in synonyms for name in some])
    parts = np.split(vectors, np.cumsum([len(some) for some in synonyms])[:-1])
    means = unit(np.stack([part.mean(0) for part in parts]))
    return unit(means + DEFINITION_WEIGHT * encoded(info.label_descriptions(detailed=True)))


def in_bytes(vectors: NDArray[np.float64]) -> NDArray[np.int8]:
    found: NDArray[np.int8] = np.round(vectors * (127 / np.abs(vectors).max())).astype(np.int8)
    return found


def vocabulary(annotations: Path) -> dict[str, NDArray[np.generic]]:
    """Every tensor of the file."""
    listed = [name for name in names() if len(name) <= LONGEST]
    vectors = encoded(listed)
    mean = vectors.mean(0)
    centred = unit(vectors - mean)
    some = np.random.default_rng(0).permutation(len(centred))[:SAMPLE]
    directions = np.linalg.svd(centred[some], full_matrices=False)[2][:NUMBERS].T.astype(np.float32)
    table = translations(annotations, encoded, vectors.astype(np.float32), is_fit)
    return {
        "names": as_bytes("\n".join(listed)),
        "words": as_bytes(words()),
        "translations": np.frombuffer(zlib.compress(table.encode(), 9), np.uint8),
        "vectors": in_bytes(centred @ directions),
        "classes": in_bytes(unit(unit(class_vectors() - mean) @ directions)),
        "mean": mean.astype(np.float32),
        "directions": np.ascontiguousarray(directions),
    }


def main() -> int:
    """Write the file, or check it."""
    tensors, path = vocabulary(Path(sys.argv[1])), starter_file(VOCABULARY)
    if "--check" in sys.argv[1:]:
        kept = safetensors.numpy.load_file(path)
        assert bytes(kept["names"]) == bytes(tensors["names"]), "the dictionary has other names"
        assert bytes(kept["words"]) == bytes(tensors["words"]), "the lists have other words"
        tables = [zlib.decompress(bytes(item["translations"])).decode().split("\n") for item in (kept, tensors)]
        assert len({*tables[0]} ^ {*tables[1]}) < len(tables[0]) / 100, "the annotations have other names"
        near = [unit(item["vectors"].astype(np.float32)) for item in (kept, tensors)]
        rows = slice(None, None, 40)
        np.testing.assert_allclose(near[0][rows] @ near[0][rows].T, near[1][rows] @ near[1][rows].T, atol=2e-2)
        print("The file holds what the dictionary and the encoder give.")
        return 0
    data = safetensors.numpy.save(tensors)
    path.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    print(f"{path}: {len(data):,} bytes, SHA-256 {digest}")
    if digest != VOCABULARY_SHA256:
        print("Put that SHA-256 into VOCABULARY_SHA256 of mma_desktop/engine/backbones/languages.py.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
