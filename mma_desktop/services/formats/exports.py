"""What can be exported, in one list, and lines of Python that use an exported file.

The lines are code: not translated, and names are inserted as literals, so that they cannot become code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mma_desktop.core.i18n import later


@dataclass(frozen=True, slots=True)
class Export:
    """One export, of a "model", "pictures", "predictions" or a "report"; `about` is a sentence on what is written.

    `formats` are what `mma-desktop export` calls it; () for labels and images, which go by ids of formats, and for
    keywords, which have no target: `mma-desktop predict PROJECT --xmp` writes them.
    """

    id: str
    group: str
    title: str
    about: str
    formats: tuple[str, ...]


EXPORTS = (
    Export(
        "model",
        "model",
        later("Model for this program and Python"),
        later("One small file, which this program loads and the lines of Python shown afterwards use."),
        ("model",),
    ),
    Export(
        "whole_model",
        "model",
        later("Model for other programs"),
        later("From a picture to its probabilities, as ONNX or torch.export."),
        ("onnx", "torch-export"),
    ),
    Export(
        "pictures",
        "pictures",
        later("Labels and pictures"),
        later("A table (CSV), class folders, or a data set of another tool."),
        (),
    ),
    Export(
        "features",
        "pictures",
        later("Labels and features"),
        later("The numbers that the image model makes of each picture, for research."),
        ("features",),
    ),
    Export(
        "predictions",
        "predictions",
        later("Predictions as a table"),
        later("A CSV file with the class and the confidence of every unlabelled picture."),
        ("predictions",),
    ),
    Export(
        "sorted",
        "predictions",
        later("Pictures sorted into folders"),
        later("Copies or links of the pictures in a new folder, one folder for each class."),
        ("sorted",),
    ),
    Export(
        "keywords",
        "predictions",
        later("Keywords beside the pictures"),
        later("The class of each picture in a small file beside it, which photo programs read."),
        (),
    ),
    Export(
        "report",
        "report",
        later("Report on the model"),
        later("How good the model is and what it confuses, as one HTML file for any browser."),
        ("report",),
    ),
)


_RUN = {
    "onnx": (
        "import onnxruntime",
        "session = onnxruntime.InferenceSession({file})\n"
        'about = json.loads(session.get_modelmeta().custom_metadata_map["mma_desktop"])',
        'session.run(None, {{"pictures": prepared("a.jpg")}})',
    ),
    "torch-export": (
        "import torch",
        'extra = {{"mma_desktop.json": ""}}\n'
        'with open({file}, "rb") as file:\n'
        "    model = torch.export.load(file, extra_files=extra).module()\n"
        'about = json.loads(extra["mma_desktop.json"])',
        'model(torch.tensor(prepared("a.jpg")))',
    ),
}

_MODEL = """\
import json

import numpy as np
{runtime}
from PIL import Image, ImageOps

{load}


def prepared(path: str) -> np.ndarray:
    with Image.open(path) as file:
        file.draft(None, ({least}, {least}))  # a large JPEG is read at reduced size
        image = ImageOps.exif_transpose(file)
    if image.mode[0] in "IF":  # more than 8 bits: white is the least of these that no pixel exceeds
        whites = (1, 255, 4095, 65535) if image.mode == "F" else (255, 4095, 65535)
        deep = np.asarray(image).astype(np.float32)
        low, high = deep[np.isfinite(deep)].min(), deep[np.isfinite(deep)].max()
        if low >= 0 and high <= 65535:
            low, high = 0, next(white for white in whites if high <= white)
        deep = np.nan_to_num((deep - low) * np.float32(255 / (high - low or 1)))
        image = Image.fromarray(np.rint(deep).clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
    image = image.convert("RGB")
{resize}
    return np.asarray(image).transpose(2, 0, 1)[None]


{answer}
"""

_ANSWER = {
    False: """\
probabilities = {run}[0]{array}
best = probabilities.argmax()
print(about["class_names"][best], probabilities[best])""",
    True: """\
probabilities, score = (part[0]{array} for part in {run})
best = probabilities.argmax()
named = score >= about["threshold"]
print(about["class_names"][best] if named else about["none_of_these"], probabilities[best])""",
}

_CROP = """\
    left, top = round((image.width - {size}) / 2), round((image.height - {size}) / 2)
    image = image.crop((left, top, left + {size}, top + {size}))"""

_RESIZE = {
    "shortest": """\
    # The shorter side becomes {resize_to}, then the middle is cut out.
    sides = [int({resize_to} * side / min(image.size)) for side in image.size]
    image = image.resize(sides, Image.Resampling.{filter})
"""
    + _CROP,
    "squash": "    image = image.resize(({size}, {size}), Image.Resampling.{filter})",
    "longest": """\
    # The longer side becomes {size}, the rest is black.
    ratio = max(image.size) / {size}
    image = image.resize([max(1, round(side / ratio)) for side in image.size], Image.Resampling.{filter})
    left, top = ({size} - image.width) // 2, ({size} - image.height) // 2
    image = image.crop((-left, -top, {size} - left, {size} - top))""",
}

_FEATURES = """\
from mma_desktop import read_feature_file

data = read_feature_file({file})
for part, rows in data.parts.items():
    print(part, rows.features.shape, rows.labels.shape)
print(data.class_names, data.text_features.shape)
"""

_ADAPTER = """\
from mma_desktop import load_classifier

classifier = load_classifier({file})
(prediction,) = classifier.rank("a.jpg")
print(prediction.answer, prediction.ranked[0].confidence)
"""


def model_code(path: Path, form: str, metadata: Mapping[str, Any]) -> str:
    """Snippet for a whole classifier (see `engine.export`), with exactly the preprocessing of this program."""
    how = metadata["preprocessing"]
    size, resize_to, mode = int(how["size"]), int(how["resize_to"]), str(how["resize_mode"])
    runtime, load, run = (part.format(file=_literal(path)) for part in _RUN[form])
    has_score, array = metadata.get("score") is not None, "" if form == "onnx" else ".detach().numpy()"
    run = f"{run}[0]" if form == "onnx" and not has_score else run
    answer = _ANSWER[has_score].format(run=run, array=array)
    resize = _RESIZE[mode].format(size=size, resize_to=resize_to, filter=str(how["interpolation"]).upper())
    return _MODEL.format(runtime=runtime, load=load, answer=answer, least=2 * max(resize_to, size), resize=resize)


def adapter_code(path: Path) -> str:
    return _ADAPTER.format(file=_literal(path))


def features_code(path: Path) -> str:
    return _FEATURES.format(file=_literal(path))


def data_code(path: Path, form: str = "csv") -> str:
    """Snippet for images and labels in the format of another tool; "" if the export's message explains it."""
    from mma_desktop.services.formats.folder_layout import split_folders  # a list of commands needs no formats
    from mma_desktop.services.formats.registry import find_format

    parts = split_folders(path)
    first = next((part for part in parts if part.name == "train"), parts[0]) if parts else path
    return find_format(form).code.format(file=_literal(path), part=_literal(first))


def _literal(path: Path) -> str:
    """A path as a Python literal, in double quotes unless it needs others."""
    text = repr(str(path))
    return text if '"' in text else f'"{text[1:-1]}"'
