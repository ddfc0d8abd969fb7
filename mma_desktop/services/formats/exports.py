"""What can be exported, in one list: the page Use, the File menu and the command line show these words."""

from __future__ import annotations

from dataclasses import dataclass

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
