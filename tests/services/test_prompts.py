"""Prompt templates: ensembles, the library, and the accuracy each gives on the labels at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mma_desktop import Classifier, load_classifier
from mma_desktop.cli.main import build_parser
from mma_desktop.core.class_names import DEFAULT_PROMPT, DEFINITION, fill_prompt, split_templates
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.types import Accuracy, Recipe, Role, TrainRequest
from mma_desktop.engine import checkpoint
from mma_desktop.engine.prompt_templates import LIBRARY, name_features
from mma_desktop.services.batch.headless import evaluate, train
from mma_desktop.services.batch.labelled_images import in_class_folders
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import importing
from mma_desktop.services.labels import class_name_lint
from mma_desktop.services.predicting import model_in_use
from tests.steps import run, second_half_new

from .test_importing import MakeFolder
from .understanding import whole_rows

TOKEN = CancelToken()
PAIR = "a photo of a {}.\na sketch of a {}."
NAMES = ["couch", "dolphin", "laptop", "sofa"]


def test_templates_of_a_text() -> None:
    assert split_templates(DEFAULT_PROMPT) == [DEFAULT_PROMPT]
    assert split_templates(" {} as typed ") == [" {} as typed "]
    assert split_templates("") == [""]
    assert split_templates(" a {}.\n\n the {}. \na {}.\n") == ["a {}.", "the {}."]
    assert split_templates("\n \n") == [""]


def test_an_ensemble_is_the_mean_of_unit_features_made_a_unit_again() -> None:
    rng = np.random.default_rng(0)
    table: dict[str, np.ndarray] = {}

    def encode(texts: Sequence[str]) -> np.ndarray:
        for text in texts:
            vector = rng.normal(size=8)
            table.setdefault(text, (vector / np.linalg.norm(vector)).astype(np.float32))
        return np.stack([table[text] for text in texts])

    found = name_features(NAMES, PAIR, encode)
    for name, feature in zip(NAMES, found, strict=True):
        mean = (table[f"a photo of a {name}."] + table[f"a sketch of a {name}."]) / 2
        np.testing.assert_allclose(feature, mean / np.linalg.norm(mean), atol=1e-6)
    single = name_features(NAMES, DEFAULT_PROMPT, encode)
    assert np.array_equal(single, np.stack([table[fill_prompt(DEFAULT_PROMPT, name)] for name in NAMES]))
    opposite = name_features(["a"], PAIR, lambda texts: np.array([[1.0], [-1.0]], np.float32)[: len(texts)])
    assert np.isfinite(opposite).all()


def test_the_library_has_a_name_in_each_template() -> None:
    assert len({one.id for one in LIBRARY}) == len(LIBRARY)
    for one in LIBRARY:
        assert one.templates
        assert all(template.count("{}") + template.count(DEFINITION) == 1 for template in one.templates)
        assert split_templates(one.text) == list(one.templates)


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory, cache_home: Path) -> Path:
    """An adapter trained with an ensemble on small pictures, from the command line's function."""
    root = tmp_path_factory.mktemp("ensemble")
    rng = np.random.default_rng(0)
    for number, name in enumerate(NAMES):
        (root / "pictures" / name).mkdir(parents=True)
        for at in range(6):
            pixels = rng.integers(0, 90, (48, 64, 3), np.uint8)
            pixels[..., number % 3] += 120
            Image.fromarray(pixels).save(root / "pictures" / name / f"{at}.jpg")
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(cache_home))
    request = TrainRequest(shots=4, recipe=Recipe(max_epochs=3))
    pictures = in_class_folders(root / "pictures")
    events, report = run(
        lambda token: train(pictures, root / "a.safetensors", request, token, pictures.names, prompt=PAIR)
    )
    assert report.json["prompts"] == PAIR.splitlines()
    said = [event.message for event in events if isinstance(event, Progress)]
    assert [text for text in said if text.startswith("The model may confuse 'couch' and 'sofa'. Use one name")]
    patch.undo()
    return root / "a.safetensors"


def test_an_ensemble_goes_with_the_adapter(adapter: Path) -> None:
    classifier = load_classifier(adapter)
    assert classifier.header.prompt_template == PAIR
    texts = classifier.text_features(NAMES)
    np.testing.assert_allclose(np.linalg.norm(texts, axis=1), 1, atol=1e-5)
    one, other = (with_template(adapter, line).text_features(NAMES) for line in PAIR.splitlines())
    mean = (one + other) / 2
    np.testing.assert_allclose(texts, mean / np.linalg.norm(mean, axis=1, keepdims=True), atol=1e-5)
    (found,) = classifier.rank(adapter.parent / "pictures" / "sofa" / "5.jpg")
    assert len(found.ranked) == 4
    pictures = in_class_folders(adapter.parent / "pictures")
    report = evaluate(adapter, pictures, "cpu", None, TOKEN)
    assert report.evaluation.zero_shot.all is not None
    assert report.evaluation.zero_shot.all.n == 4


def with_template(adapter: Path, template: str) -> Classifier:
    """The same adapter, in a file with another template."""
    weights, header = checkpoint.load(adapter)
    path = adapter.with_name("with another template.safetensors")
    checkpoint.save(path, weights, replace(header, prompt_template=template))
    return load_classifier(path)


def test_the_session_and_the_classifier_say_the_same(context: ProjectContext, adapter: Path) -> None:
    model_in_use.prepare(context, TOKEN)
    np.testing.assert_allclose(
        context.engine.predictor.texts(NAMES, PAIR), load_classifier(adapter).text_features(NAMES), atol=1e-5
    )


@pytest.mark.parametrize(
    ("arguments", "prompt"),
    [
        ([], None),
        (["--prompt", "a {}."], ["a {}."]),
        (["--prompt", "a {}.", "--prompt", "the {}."], ["a {}.", "the {}."]),
        (["--prompt", "a {}.\nthe {}."], ["a {}.\nthe {}."]),
    ],
)
def test_prompts_on_the_command_line(arguments: list[str], prompt: list[str] | None) -> None:
    assert build_parser().parse_args(["train", "pictures", *arguments]).prompt == prompt


@pytest.mark.parametrize("wrong", ["", "a photo", "a {}.\nthe cat"])
def test_a_prompt_without_a_place_for_the_name_is_refused(wrong: str) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["train", "pictures", "--prompt", wrong])


def test_the_accuracy_of_a_template_on_the_labels_at_hand(context: ProjectContext, make_folder: MakeFolder) -> None:
    names = ["dolphin", "laptop", "sofa", "bonsai"]
    folder = make_folder("pictures", dict.fromkeys(names, 5))
    model_in_use.prepare(context, TOKEN)
    assert class_name_lint.prompt_accuracy(context, DEFAULT_PROMPT, TOKEN) == (None, 0)
    importing.import_paths(context, [folder], TOKEN, {name: folder / name for name in names})
    second_half_new(context)
    assert [one.role for one in context.classes] == [Role.BASE, Role.BASE, Role.NEW, Role.NEW]
    columns = context.index.columns
    rows = context.project.image_rows(columns.ids.tolist())
    assert class_name_lint.prompt_accuracy(context, DEFAULT_PROMPT, TOKEN) == (None, 20)
    looks = ["bonsai" if row.path.name == "dolphin 00.jpg" else row.path.parent.name for row in rows]
    _, cache = context.engine.need()
    cache.append(columns.hashes, whole_rows(cache, context.engine.predictor.texts(looks, PAIR)))
    assert class_name_lint.prompt_accuracy(context, PAIR, TOKEN) == (Accuracy.of(19, 20), 0)
