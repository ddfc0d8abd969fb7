"""Adapters, prompts and lists with far more in them than anyone needs: refused at once, by a count, or read linearly.

What is too slow here takes minutes; nothing is timed. Without linear ways this file runs into the suite's patience.
"""

from __future__ import annotations

import json
import struct
import tracemalloc
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData

from mma_desktop.core import safe_csv
from mma_desktop.core.class_names import (
    LONGEST_NAME,
    LONGEST_TEMPLATE,
    MAX_NAMES,
    MAX_TEMPLATES,
    duplicate_names,
    split_names,
    split_templates,
)
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Role, TrainRequest
from mma_desktop.engine import checkpoint
from mma_desktop.engine.evaluation.metrics import LabelledPredictions, summarise
from mma_desktop.engine.methods.adapter import build_adapter
from mma_desktop.engine.prompt_templates import name_features
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import ALIKE_SHOWN, Collector, ReadOptions
from mma_desktop.services.formats.registry import find_format
from mma_desktop.services.labels import class_name_lint
from mma_desktop.services.predicting.classifier import load_ranker
from mma_desktop.services.predicting.model_in_use import Model
from mma_desktop.services.training import project_training
from mma_desktop.store.project import Project
from mma_desktop.ui.base.dropped_images import find_images

MANY = 100_000
HEADER = checkpoint.CheckpointHeader(
    method="identity-adapter",
    backbone="starter",
    fingerprint="0" * 12,
    embed_dim=16,
    logit_scale=30.0,
    classes=(("lemon", Role.BASE), ("mug", Role.BASE)),
    prompt_template="a photo of a {}.",
    shots=4,
    seed=0,
)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[ProjectContext]:
    made = ProjectContext(Project.create(tmp_path / "test.mma"), threads=1)
    yield made
    made.close()


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    path = tmp_path / "adapter.safetensors"
    checkpoint.save(path, build_adapter("identity-adapter", 16, 30.0), HEADER)
    return path


def changed(path: Path, **values: object) -> Path:
    """The adapter file with other values in its header, written as a stranger would."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    table = json.loads(data[8 : 8 + length])
    ours = json.loads(table["__metadata__"][checkpoint.METADATA_KEY]) | values
    table["__metadata__"][checkpoint.METADATA_KEY] = json.dumps(ours)
    header = json.dumps(table).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + data[8 + length :])
    return path


def refused(path: Path, sentence: str) -> None:
    for read in (checkpoint.read_header, checkpoint.load, lambda file: load_ranker(Model(file, None))):
        with pytest.raises(UserError, match=sentence) as caught:
            read(path)
        assert len(str(caught.value)) < 2000


def classes(count: int) -> list[list[str]]:
    return [[f"class {number}", "base"] for number in range(count)]


@pytest.mark.parametrize("count", [MAX_NAMES + 1, 80_000])
def test_an_adapter_with_too_many_names_is_refused_with_both_numbers(adapter: Path, count: int) -> None:
    refused(changed(adapter, classes=classes(count)), f"There are {count:,} class names; a model takes at most 3,000")


def test_an_adapter_with_far_too_many_names_is_refused_before_they_are_parsed(adapter: Path) -> None:
    changed(adapter, classes=classes(200_000))
    tracemalloc.start()
    try:
        with pytest.raises(UserError, match="There are 200,000 class names; a model takes at most 3,000"):
            checkpoint.read_header(adapter)
        assert tracemalloc.get_traced_memory()[1] < 5 * adapter.stat().st_size
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("   ", "A class needs a name"),
        ("mug\0", r"The class name 'mug\?' holds control characters"),
        ("None of these", "This model has a class called 'None of these', a name kept for pictures"),
    ],
)
def test_names_of_a_header_obey_the_rules_of_typed_ones(adapter: Path, name: str, sentence: str) -> None:
    refused(changed(adapter, classes=[["lemon", "base"], [name, "base"]]), sentence)
    if name.endswith("\0"):
        reads = {"lemon": name}
        refused(changed(adapter, classes=[["lemon", "base"], ["mug", "base"]], reads=reads), sentence)


@pytest.mark.parametrize("value", [1e300, -1e300, 1e9])
@pytest.mark.parametrize("field", ["known", "unknown", "ratios", "text"])
def test_scores_that_no_training_leaves_are_damage(adapter: Path, field: str, value: float) -> None:
    levels = [0.0] * 63
    scores = {"known": [*levels, 1.0], "unknown": [*levels, 1.0], "ratios": [[0.0, 1.0]], "width": 16, "text": None}
    odd = [[value, 1.0]] if field == "ratios" else [*levels, value]
    odd = [odd, odd] if field == "text" else odd
    refused(changed(adapter, strangers={**scores, field: odd}), rf"no training leaves strangers\.{field} of ")


def test_an_adapter_with_as_many_names_as_it_may_hold_is_read(adapter: Path) -> None:
    header = checkpoint.read_header(changed(adapter, classes=classes(MAX_NAMES)))
    assert len(header.class_names) == MAX_NAMES
    assert header.context(header.class_names) == []
    assert header.trained(header.class_names).all()


def test_a_name_that_nobody_could_read_is_refused(adapter: Path) -> None:
    refused(changed(adapter, classes=[["x" * 1_000_000, "base"], ["mug", "base"]]), r"\(1,000,000 characters\)")
    checkpoint.read_header(changed(adapter, classes=[["x" * LONGEST_NAME, "base"], ["mug", "base"]]))


def test_prompts_beyond_the_limits_are_refused_with_both_numbers(adapter: Path) -> None:
    many = "\n".join(f"a photo {number} of a {{}}." for number in range(20_000))
    refused(changed(adapter, prompt_template=many), "These are 20,000 templates; at most 100 are possible")
    refused(
        changed(adapter, prompt_template="a {}" + "x" * 2_000_000),
        "A prompt template has 2,000,004 characters; at most 300 are possible",
    )
    fitting = "\n".join(f"{number:03} {{}}".ljust(LONGEST_TEMPLATE, ".") for number in range(MAX_TEMPLATES))
    assert checkpoint.read_header(changed(adapter, prompt_template=fitting)).prompt_template == fitting


@pytest.mark.parametrize("name", ["method", "backbone", "fingerprint", "project", "created"])
def test_other_texts_that_nobody_could_read_are_damage(adapter: Path, name: str) -> None:
    refused(changed(adapter, **{name: "x" * 5_000_000}), "is damaged or incomplete")


def test_a_header_full_of_images_and_figures_is_read(adapter: Path) -> None:
    images = [f"{number:016x}" for number in range(MANY)]
    metrics = {f"figure {number}": [number, {"n": number}] for number in range(MANY)}
    header = checkpoint.read_header(changed(adapter, seen_images=images, metrics=metrics))
    assert len(header.seen_images) == len(header.metrics) == MANY


def test_no_prompts_beyond_the_limits_reach_a_text_encoder() -> None:
    def encode(_texts: object) -> np.ndarray:
        raise AssertionError("this would take hours")

    with pytest.raises(UserError, match="These are 20,000 templates"):
        name_features(["cat"], "\n".join(f"{number} {{}}" for number in range(20_000)), encode)


def test_a_project_keeps_no_prompts_beyond_the_limits(context: ProjectContext) -> None:
    before = context.prompt_template
    with pytest.raises(UserError, match="These are 101 templates; at most 100 are possible"):
        context.project.set_setting("prompt_template", "\n".join(f"{number} {{}}" for number in range(101)))
    assert context.prompt_template == before


def test_a_project_that_came_with_such_prompts_is_refused(tmp_path: Path) -> None:
    import sqlite3

    project = Project.create(tmp_path / "theirs.mma")
    project.set_setting("prompt_template", "a {}.")
    project.close()
    with sqlite3.connect(tmp_path / "theirs.mma" / "project.db") as connection:
        value = json.dumps("a {}" + "x" * 2_000_000)
        connection.execute("UPDATE setting SET value = ? WHERE name = 'prompt_template'", (value,))
    connection.close()
    with pytest.raises(UserError, match="has 2,000,004 characters"):
        Project.open(tmp_path / "theirs.mma")


def test_equal_names_are_found_among_many() -> None:
    names = [f"Name  {number}" for number in range(MANY)]
    assert duplicate_names(names) == []
    assert duplicate_names(names + [name.upper() for name in names]) == [name.upper() for name in names]
    assert duplicate_names(["cat"] * MANY) == ["cat"]
    assert len(split_names(", ".join(names))) == MANY
    assert len(split_templates("\n".join(names))) == MANY


def test_a_list_of_labels_is_read_linearly(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    table = tmp_path / "labels.csv"
    count = 20_000
    table.write_text("file,label\n" + "".join(f"a.png,{'lL'[n % 2]}abel {n // 2}\n" for n in range(count)), "utf-8")
    listing = find_format("csv").read(Collector(table, ReadOptions(), CancelToken()))
    assert len(listing.classes) == count // 2
    assert len(listing.notes) == ALIKE_SHOWN + 1
    assert listing.notes[-1] == "9,980 more labels are taken so."


def test_classes_are_added_and_kept_linearly(context: ProjectContext) -> None:
    context.project.add_classes([f"thing {number} of kind {number % 97}" for number in range(12_000)])
    assert len(context.classes) == 12_000
    with pytest.raises(UserError, match=r"There are 12,000 class names"):
        project_training.train(context, TrainRequest(), CancelToken())


def test_names_that_share_words_are_compared_by_their_rarest_one() -> None:
    names = [f"thing {number} of kind {number % 97}" for number in range(30_000)]
    assert class_name_lint.parts(names[:3]) == []
    assert len(class_name_lint.parts(names)) < len(names) ** 2 / 1000
    assert class_name_lint.parts(["guitar", "electric guitar", "a red electric guitar"]) == [(0, 1), (0, 2), (1, 2)]


def test_scores_by_class_are_counted_linearly() -> None:
    count = MAX_NAMES
    labels = np.arange(200)
    found = LabelledPredictions(labels, labels, labels, np.ones(200, np.float32))
    evaluation = summarise(found, found, [f"{n}" for n in range(count)], [Role.BASE] * count)
    assert evaluation.adapted.base is not None
    assert evaluation.adapted.base.percent == 100
    assert sum(row[place] for place, row in enumerate(evaluation.confusion)) == 200


def pasted(page: str) -> list[object]:
    """What the pictures in the source of a copied web page hold."""
    data = QMimeData()
    data.setHtml(page)
    return [one.data() for one in find_images(data, "pasted", datetime(2026, 5, 3)).pictures]


def test_cells_and_pages_of_blanks_are_looked_through_once() -> None:
    blanks = "a" + "\n" * 1_000_000
    assert safe_csv.safe_cell(blanks + "b") == blanks + "b"
    assert safe_csv.safe_cell("a;\n =b") == "a;'\n' =b"
    assert safe_csv.safe_cell("a\n\t=b") == "a\n'\t'=b"
    assert safe_csv.unescaped_cell("\n'" * 200_000 + "b") == "\n'" * 200_000 + "b"
    assert pasted("<img " * 200_000) == []
    assert pasted("<img " + "src " * 200_000) == []
    page = (
        """<p><IMG alt="x" src = "data:image/png,a&amp;b"><img src=data:image/png,c><imgx src=data:image/png,no>"""
        """<img title=q><img src='data:image/png,d'>"""
    )
    assert pasted(page) == [b"a&b", b"c", b"d"]
