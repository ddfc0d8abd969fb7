"""Work out the English names that other languages are read as, and write `resources/starter/vocabulary.safetensors`.

    python packaging/english_names.py [--check]

The file holds what `engine/backbones/languages.py` needs beside the sentence encoder: the names of its dictionary with
their vectors, and the words that count as English. These are the words of two Debian packages, `wamerican-large` and
`wbritish-large` (SCOWL), and those that the starter's text encoder knows whole. `--check` works everything out anew and
compares it with the file.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from mma_desktop.core.class_names import name_key
from mma_desktop.core.paths import starter_file
from mma_desktop.engine.backbones.languages import VOCABULARY, VOCABULARY_SHA256, load_encoder
from mma_desktop.engine.backbones.row_layout import unit
from mma_desktop.engine.backbones.starter import text_model_dir
from mma_desktop.engine.backbones.wordnet import SYNSETS, entries

WORD_LISTS = ("/usr/share/dict/american-english-large", "/usr/share/dict/british-english-large")
NUMBERS = 128  # kept of a vector's 512; with all of them the development set of `bench_languages.py` gains nothing
LONGEST = 60  # three names and what is between them must fit into what the model can read for a class
SAMPLE = 8000  # names that the principal directions are worked out from


def names() -> list[str]:
    """The names of the dictionary, each once whatever its capitals."""
    every = (name.strip() for synonyms, _ in entries(SYNSETS) for name in synonyms.split(","))
    return list({name_key(name): name for name in sorted(filter(None, every), reverse=True)}.values())


def words() -> str:
    """The English words in lower case, sorted, each between line breaks."""
    listed = (line.strip().casefold() for path in WORD_LISTS for line in Path(path).read_text("utf-8").splitlines())
    known = json.loads((text_model_dir() / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    every = {word for word in (*listed, *known) if word.isalpha() and (word.isascii() or word not in known)}
    return "\n" + "\n".join(sorted(every)) + "\n"


def as_bytes(text: str) -> NDArray[np.uint8]:
    """A text as a tensor."""
    return np.frombuffer(text.encode(), np.uint8)


def vocabulary() -> dict[str, NDArray[np.generic]]:
    """Every tensor of the file."""
    listed = [name for name in names() if len(name) <= LONGEST]
    encode = load_encoder()
    vectors = unit(np.stack([encode(name) for name in listed]).astype(np.float64))
    mean = vectors.mean(0)
    centred = unit(vectors - mean)
    some = np.random.default_rng(0).permutation(len(centred))[:SAMPLE]
    directions = np.linalg.svd(centred[some], full_matrices=False)[2][:NUMBERS].T.astype(np.float32)
    short = centred @ directions
    return {
        "names": as_bytes("\n".join(listed)),
        "words": as_bytes(words()),
        "vectors": np.round(short * (127 / np.abs(short).max())).astype(np.int8),
        "mean": mean.astype(np.float32),
        "directions": np.ascontiguousarray(directions),
    }


def main() -> int:
    """Write the file, or check it."""
    tensors, path = vocabulary(), starter_file(VOCABULARY)
    if "--check" in sys.argv[1:]:
        kept = safetensors.numpy.load_file(path)
        assert bytes(kept["names"]) == bytes(tensors["names"]), "the dictionary has other names"
        assert bytes(kept["words"]) == bytes(tensors["words"]), "the lists have other words"
        near = [unit(one["vectors"].astype(np.float32)) for one in (kept, tensors)]
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
