"""Sentences that are made of counts: right for one and for many, and wholly in the person's language."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from mma_desktop.core.types import Accuracy, ImageClass, Role, TrainRequest
from mma_desktop.services.images.file_check import CheckReport, FindReport
from mma_desktop.services.images.importing import ImportReport
from mma_desktop.services.training.preflight import listed
from mma_desktop.services.training.run_writer import run_name

ANT, BEE = (ImageClass(number, name, Role.BASE, number, "#000000") for number, name in enumerate(("ant", "bee")))
NAMES = {"ant", "bee", "cat", "dog", "labels", "csv"}
MORNING = time.mktime((2026, 5, 3, 9, 7, 0, 0, 0, -1))


SENTENCES: list[tuple[Callable[[], str], str]] = [
    (lambda: ImportReport(1, 0, 0, 0, 0, 0.0).sentence(), "1 picture added."),
    (
        lambda: ImportReport(1200, 1, 2, 3, 1000, 0.0, stopped=True, found_again=1).sentence(),
        "1,200 pictures added, 1,000 labelled from folder names, 1 duplicate (same bytes), 2 already here, "
        "1 missing picture found again, 3 with a problem (stopped).",
    ),
    (
        lambda: ImportReport(0, 2, 0, 0, 5, 0.0, labels_from="labels.csv").sentence(),
        "0 pictures added, 5 labelled from labels.csv, 2 duplicates (same bytes).",
    ),
    (lambda: CheckReport(1, 0, 0).sentence(), "1 picture checked: every file is there, as it was."),
    (
        lambda: CheckReport(9, 1, 2, 1).sentence(),
        "1 picture is missing, 2 were changed on disk, 1 could not be looked at. Labels and what was learned are kept.",
    ),
    (lambda: CheckReport(9, 0, 1).sentence(), "1 picture was changed on disk. Labels and what was learned are kept."),
    (
        lambda: CheckReport(9, 0, 0, 2).sentence(),
        "2 pictures could not be looked at. Labels and what was learned are kept.",
    ),
    (lambda: FindReport(0, 0).sentence(), "No picture is missing."),
    (lambda: FindReport(1, 1).sentence(), "1 of 1 picture found again."),
    (lambda: FindReport(2, 3).sentence(), "2 of 3 pictures found again; 1 is not in that folder."),
    (lambda: FindReport(2, 3, stopped=True).sentence(), "2 of 3 pictures found again (stopped)."),
    (lambda: listed([str(one) for one in range(8)]), "'0', '1', '2', '3', '4', '5' and 2 more"),
    (lambda: run_name(TrainRequest(shots=1), MORNING, (), 1), "1 class, 1 shot, 3 May 09:07"),
    (
        lambda: run_name(
            TrainRequest(method="clip-adapter"),
            MORNING,
            {"CLIP-Adapter, 12 classes, 16 shots, 97% right, 3 May 09:07"},
            12,
            right=Accuracy.of(39, 40),
        ),
        "CLIP-Adapter, 12 classes, 16 shots, 97% right, 3 May 09:07 (2)",
    ),
]


@pytest.mark.parametrize(("echo", "said"), SENTENCES, ids=[said[:40] for _, said in SENTENCES])
def test_what_is_said_in_english(echo: Callable[[], str], said: str) -> None:
    assert echo() == said


@pytest.mark.usefixtures("foreign")
@pytest.mark.parametrize(("echo", "said"), SENTENCES, ids=[said[:40] for _, said in SENTENCES])
def test_no_word_is_left_in_english(echo: Callable[[], str], said: str) -> None:
    text = echo()
    assert set(re.findall("[A-Za-z]+", text)) <= NAMES, said
    assert "ж" in text


@pytest.mark.usefixtures("foreign")
def test_numbers_are_written_as_the_language_does() -> None:
    assert "1.200" in ImportReport(1200, 0, 0, 0, 0, 0.0).sentence()
