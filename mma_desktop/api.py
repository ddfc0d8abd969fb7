"""Training from Python, the counterpart of `load_classifier`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from mma_desktop.core.events import CancelToken, EpochEvent, Progress
from mma_desktop.core.paths import temporary_folder
from mma_desktop.core.types import DEFAULT_METHOD, DEFAULT_SHOTS, STARTER_ID, Recipe, TrainRequest
from mma_desktop.services.predicting.classifier import Classifier, load_classifier


def train_classifier(
    pictures: Sequence[str | Path],
    labels: Sequence[str],
    out: str | Path | None = None,
    *,
    base: Sequence[str] | None = None,
    method: str = DEFAULT_METHOD,
    options: Mapping[str, Any] | None = None,
    recipe: Recipe | None = None,
    backbone: str = STARTER_ID,
    weights_file: str | Path | None = None,
    device: str = "auto",
    shots: int = DEFAULT_SHOTS,
    seed: int = 0,
    prompt: str = "",
    reads: Mapping[str, str] | None = None,
    progress: Callable[[Progress | EpochEvent], None] | None = None,
    cancel: CancelToken | None = None,
) -> Classifier:
    """Train an adapter on pictures and their class names, as `mma-desktop train` does.

    Up to `shots` pictures of each base class are trained on, chosen by `seed` and the pictures' content; the rest is
    for validation and testing. The measurements are in the classifier's `header.metrics`; its `messages` tell the user,
    for example, which pictures could not be read.

    Args:
        pictures: N files.
        labels: (N,) class name of each picture.
        out: Where to write the adapter; None keeps it in memory only.
        base: The classes to train; the others are new, and only measured. None trains all classes.
        method: As for `mma-desktop train --method`.
        options: The method's options.
        recipe: Learning rate, epochs and so on; None uses the method's own.
        backbone: "starter", or an open_clip "MODEL/PRETRAINED".
        weights_file: The backbone's weights, if they are neither built in nor in the hub cache.
        device: "auto", "cpu", "cuda", "mps" or "xpu".
        shots: Pictures of each base class to train on, at least 1.
        seed: Seed for choosing the shots and for the training.
        prompt: The prompt template, or several, one per line; empty for the default of method and backbone.
        reads: What the model reads, by class name, such as {"Kohlmeise": "great tit"}; the name where there is nothing.
        progress: Called with each progress event.
        cancel: Cancels the training.

    Raises:
        UserError: There are fewer than two classes, a picture has two labels, a class has no readable picture, or the
            backbone is unavailable.
        ValueError: The lists differ in length.
        Cancelled: `cancel` was set.
    """
    from mma_desktop.services.batch.train_on_lists import train_lists

    weights = None if weights_file is None else Path(weights_file)
    request = TrainRequest(method, dict(options or {}), backbone, weights, device, shots, seed, recipe)
    with tempfile.TemporaryDirectory(prefix="mma-desktop-", dir=temporary_folder()) as folder:
        path = Path(folder) / "adapter.safetensors" if out is None else Path(out)
        files = [Path(one) for one in pictures]
        steps = train_lists(files, list(labels), path, request, cancel or CancelToken(), base, prompt, reads)
        with closing(steps):
            notes = _driven(steps, progress)
        classifier = load_classifier(path, device, weights)
    classifier.messages = (*classifier.messages, *(note for note in notes if note not in classifier.messages))
    return classifier


def _driven(steps: Any, progress: Callable[[Progress | EpochEvent], None] | None) -> tuple[str, ...]:
    """Run a training to the end and return its notes."""
    while True:
        try:
            event = next(steps)
        except StopIteration as stop:
            notes: tuple[str, ...] = stop.value.notes
            return notes
        if progress is not None:
            progress(event)
