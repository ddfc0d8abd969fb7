"""The picker says what a backbone costs: time for the project's pictures on this processor, and memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from mma_desktop.core.types import STARTER_ID
from mma_desktop.engine.backbones.backbone_table import BACKBONES, find_backbone
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.backbone_picker import BackbonePicker, facts
from tests.store.conftest import make_scanned

B16 = "ViT-B-16/openai"


@pytest.mark.parametrize(
    ("pictures", "cores", "said"),
    [
        (1000, 2, "about 8 min for these pictures on this computer's processor"),  # one core is left to the window
        (1000, 1, "about 8 min for"),
        (1000, None, "about 8 min for"),
        (1000, 9, "about 56 s for"),
        (100_000, 5, "about 3 h 8 min for"),
        (1, 9, "about 1 s for"),
    ],
)
def test_the_time_is_that_of_the_pictures_and_the_cores(
    pictures: int, cores: int | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    spec = replace(find_backbone(B16), core_ms=450)
    assert f" · {said}" in facts(spec, local=True, pictures=pictures)


def test_nothing_is_said_that_was_not_measured() -> None:
    spec = find_backbone(B16)
    assert "processor" not in facts(spec, local=True)
    assert facts(replace(spec, memory_mb=1553), local=True).endswith(" · 1.6 GB of memory")
    assert "memory" not in facts(replace(spec, memory_mb=None), local=True, pictures=10)
    assert "processor" not in facts(replace(spec, core_ms=None), local=True, pictures=10)


def test_every_row_of_the_table_has_a_time() -> None:
    assert all(spec.core_ms for spec in BACKBONES)
    assert all(spec.memory_mb is None or spec.memory_mb > 100 for spec in BACKBONES)
    times = {spec.id: spec.core_ms for spec in BACKBONES}
    assert min(times, key=lambda one: times[one] or 0) == STARTER_ID


def test_the_picker_counts_the_pictures_of_the_open_project(
    controller: Controller,
    open_project: Callable[[Controller], ProjectContext],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    picker = BackbonePicker(controller.bridge)
    qtbot.addWidget(picker)
    assert "processor" not in picker.facts.text(), "no project is open"
    context = open_project(controller)
    context.project.add_files([make_scanned(f"/p/{number}.jpg") for number in range(1000)])
    picker.set_local(frozenset())  # as `refresh` does when its page is shown
    picker.show_backbone(B16)
    assert "about 4 min for these pictures on this computer's processor · 1.6 GB of memory" in picker.facts.text()
    assert "about 4 min" in picker.combo.itemData(picker.combo.currentIndex(), 11), "as a screen reader says it"
