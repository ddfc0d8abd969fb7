"""Published results (Seputis et al. 2024, Table 1), 16 shots, ViT-B/16: base and new accuracy in percent.

H is computed here rather than copied: the paper's H for Flowers102, EuroSAT, DTD, FGVCAircraft and UCF101 is not the
harmonic mean of its base and new, and its average H is an arithmetic mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

BACKBONE = "ViT-B-16/openai"
SHOTS = 16

AVERAGE = "Average"
_COLUMNS = (
    AVERAGE,
    "Caltech101",
    "OxfordPets",
    "StanfordCars",
    "SUN397",
    "EuroSAT",
    "ImageNet",
    "Flowers102",
    "Food101",
    "FGVCAircraft",
    "DTD",
    "UCF101",
)
_ROWS: Mapping[str, str] = {
    "zero-shot": "69.34/74.22 96.84/94.00 91.17/97.26 63.37/74.89 69.36/75.35 56.48/64.05 "
    "72.43/68.14 72.08/77.80 90.10/91.22 27.19/36.29 53.24/59.90 70.53/77.50",
    "coop": "82.69/63.22 98.00/89.81 93.67/95.29 78.12/60.40 80.60/65.89 92.19/54.74 "
    "76.47/67.88 97.60/59.67 88.33/82.26 40.44/22.30 79.44/41.18 84.69/56.05",
    "cocoop": "80.47/71.69 97.96/93.81 95.20/97.69 70.49/73.59 79.74/76.86 87.49/60.04 "
    "75.98/70.43 94.87/71.75 90.70/91.29 33.41/23.71 77.01/56.00 82.33/73.45",
    "proda": "81.56/72.30 98.27/93.23 95.43/97.83 74.70/71.20 78.67/76.93 83.90/66.00 "
    "75.40/70.23 97.70/68.68 90.30/88.57 36.90/34.13 80.67/56.48 85.23/71.97",
    "clip-adapter": "83.05/65.20 98.13/92.19 91.55/90.10 79.16/59.49 79.44/66.81 93.45/54.41 "
    "75.74/68.21 98.29/64.68 88.24/88.33 42.14/25.67 81.94/39.49 85.42/67.77",
    "multi-modal-adapter": "78.37/73.24 97.80/94.10 94.50/97.03 67.24/70.66 75.59/77.28 82.14/64.60 "
    "73.23/69.52 91.26/73.40 92.57/93.30 34.15/35.27 71.84/54.58 81.79/75.95",
}

PUBLISHED: Mapping[str, Mapping[str, tuple[float, float]]] = {
    method: {
        column: (float(pair.split("/")[0]), float(pair.split("/")[1]))
        for column, pair in zip(_COLUMNS, row.split(), strict=True)
    }
    for method, row in _ROWS.items()
}
"""(base, new) by method and data set."""

PROMPTS: Mapping[str, str] = {
    "Caltech101": "a photo of a {}.",
    "OxfordPets": "a photo of a {}, a type of pet.",
    "StanfordCars": "a photo of a {}.",
    "SUN397": "a photo of a {}.",
    "EuroSAT": "a centered satellite photo of {}.",
    "ImageNet": "a photo of a {}.",
    "Flowers102": "a photo of a {}, a type of flower.",
    "Food101": "a photo of {}, a type of food.",
    "FGVCAircraft": "a photo of a {}, a type of aircraft.",
    "DTD": "{} texture.",
    "UCF101": "a photo of a person doing {}.",
}
"""CoOp's prompt template of each of the paper's data sets (Zhou et al. 2022, supplement)."""

_OTHER_NAMES = {
    "oxfordpets": "OxfordPets",
    "oxfordiiitpet": "OxfordPets",
    "oxfordflowers": "Flowers102",
    "flowers": "Flowers102",
    "food": "Food101",
    "describabletextures": "DTD",
}


def data_set_of(name: str) -> str | None:
    """Guess which of the paper's data sets a file or folder name refers to; None if none."""
    key = re.sub(r"[^a-z0-9]", "", name.casefold().removeprefix("split_zhou_"))
    known = {column.casefold(): column for column in _COLUMNS if column != AVERAGE}
    return known.get(key) or _OTHER_NAMES.get(key)
