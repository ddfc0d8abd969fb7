"""Whole classifiers in other programs' formats: equal outputs for each method, or no file and a sentence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch

from mma_desktop import Classifier, __main__, __version__, load_classifier
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import DEFAULT_METHOD, STARTER_ID, ImageSpec, Role
from mma_desktop.engine.backbones import loading
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.backbones.loading import load_backbone
from mma_desktop.engine.checkpoint import CheckpointHeader, load, save
from mma_desktop.engine.evaluation.calibration import Temperatures
from mma_desktop.engine.export import runtimes
from mma_desktop.engine.export.full_model import Parts, WholeClassifier, folded
from mma_desktop.engine.export.model_writer import TOLERANCE, ExportedModel, largest_difference
from mma_desktop.engine.export.runtimes import FORMATS
from mma_desktop.engine.methods.adapter import Sizes, Start, build_adapter, sizes_of
from mma_desktop.engine.methods.method_table import (
    IMAGE_MAP,
    METHODS,
    VISUAL_HEAD,
    WITH_HEAD,
    find_method,
    resolve_options,
)
from mma_desktop.engine.methods.mma import MultiModalAdapter
from mma_desktop.engine.methods.open_set import QUANTILES, MixtureScorer, OpenSetModel, build_scorer, text_margins
from mma_desktop.engine.methods.prompt_learners import PromptLearner
from mma_desktop.engine.methods.visual_head import VisualHead, name_codes
from mma_desktop.engine.open_set_scores import FAR, Thresholds
from mma_desktop.engine.predictor import Predictor
from mma_desktop.media.decoding import decode
from tests.as_it_is import traced_once
from tests.small_open_clip import TINY, architectures, write_weights

CONFIG = {**TINY, "embed_dim": 32}  # the paper's adapter needs a multiple of 16
BASE, NEW = ("cat", "grand piano", "lemon"), ("axolotl", "red car")
ASKED = ["grand piano", "axolotl", "cat", "lamp"]
"""In another order, without a trained name, with one that the adapter was never told of."""
TAUGHT = [BASE[1], NEW[0], ASKED[-1]]
SMALL = {"coop": {"context": 4}, "proda": {"context": 4, "prompts": 8}}
VARIANTS = (
    [(spec.id, SMALL.get(spec.id, {})) for spec in METHODS]
    + [
        ("multi-modal-adapter", {"mask": "additive"}),
        ("multi-modal-adapter", {"block": "transformer", "mask": "additive", "up": "linear", "down": "single"}),
        ("multi-modal-adapter", {IMAGE_MAP: True}),
        ("multi-modal-adapter", WITH_HEAD),
        ("quick", {VISUAL_HEAD: False}),
    ]
    + [
        (spec.id, {**SMALL.get(spec.id, {}), VISUAL_HEAD: True})
        for spec in METHODS
        if any(option.name == VISUAL_HEAD and not option.default for option in spec.options)
    ]
)
Make = Callable[..., Classifier]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small open_clip model's weights, its architecture among open_clip's own for this module."""
    folder = tmp_path_factory.mktemp("export")
    with architectures(folder, {"mma-export": CONFIG}):
        yield write_weights("mma-export", folder / "small.safetensors")


def write_adapter(
    backbone: Backbone, method: str, options: dict[str, Any], path: Path, taught: Sequence[str] = (), **more: Any
) -> Path:
    """An adapter that was begun on made-up shots and then pushed about, as a file.

    `taught` are the names that pictures without a label taught it about.
    """
    spec, draw = find_method(method), np.random.default_rng(1)
    tower = backbone.text_tower() if spec.needs_encoder else None
    first, end = backbone.layout.probe
    have = {"classes": 3, "shots": 6, "width": tower.width if tower else 0, "rank": 9}
    have |= {"before": end - first, "start": first, "row": backbone.layout.width}
    resolved = resolve_options(spec, options)
    sizes = {name: have[name] for name in spec.sizes_with(resolved)}
    adapter = build_adapter(method, backbone.embed_dim, backbone.logit_scale, options, sizes=Sizes(**sizes))
    shots = draw.integers(0, 256, (6, backbone.image_spec.size, backbone.image_spec.size, 3), np.uint8)
    if isinstance(adapter, PromptLearner):
        adapter.attach(tower)
    names = torch.tensor(backbone.encode_texts([f"a photo of a {name}." for name in BASE]))
    texts = adapter.name_inputs(BASE) if isinstance(adapter, PromptLearner) else names
    matrix = torch.tensor(backbone.need_projection()) if spec.needs_projection else None
    given = Start(torch.tensor(backbone.encode_images(shots)), torch.tensor([0, 0, 1, 1, 2, 2]), texts, names, matrix)
    adapter.begin(given)
    if resolved.get(VISUAL_HEAD, spec.is_probe):
        adapter.attach_head(given._replace(codes=name_codes(BASE)))
        adapter.head.amount.clamp_(min=0.2)
        adapter.head.balance.copy_(torch.tensor([0.1, 0.05]))
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for one in adapter.parameters():
            one.add_(0.05 * torch.randn(one.shape, generator=generator))
    if taught:
        adapter.transduction = VisualHead(len(taught), backbone.layout.width, 1.0)
        adapter.transduction.codes.copy_(name_codes(taught))
        adapter.transduction.amount.fill_(1.0)
        adapter.transduction.weights.copy_(5 * torch.randn(adapter.transduction.weights.shape, generator=generator))
    header = CheckpointHeader(
        method=method,
        options=options,
        backbone=backbone.id,
        fingerprint=backbone.fingerprint,
        embed_dim=backbone.embed_dim,
        logit_scale=backbone.logit_scale,
        classes=tuple((name, Role.BASE) for name in BASE) + tuple((name, Role.NEW) for name in NEW),
        prompt_template="a photo of a {}.",
        shots=2,
        seed=0,
        sizes=sizes_of(adapter, method, resolved),
        temperatures=Temperatures(1.7, 0.6),
        **more,
    )
    if header.open_set is not None:
        draw = torch.Generator().manual_seed(4)
        adapter.open_set_scorer = build_scorer(header.open_set, len(BASE))
        adapter.open_set_scorer.weights.copy_(torch.randn(adapter.open_set_scorer.weights.shape, generator=draw))
        if isinstance(adapter.open_set_scorer, MixtureScorer):
            adapter.open_set_scorer.weights.mul_(3)
            adapter.open_set_scorer.known.copy_(
                torch.rand(adapter.open_set_scorer.known.shape, generator=draw) / len(BASE)
            )
    save(path, adapter, header)
    return path


@pytest.fixture(scope="module")
def small(weights: Path) -> Iterator[Backbone]:
    """The small open_clip backbone, which whoever loads it gets: it is loaded and compiled once."""
    load, made = loading.load_backbone, load_backbone("mma-export/file", "cpu", weights)

    def shared(backbone_id: str, device: str = "auto", weights_file: Path | None = None, *others: Any) -> Backbone:
        if (backbone_id, device, weights_file) == ("mma-export/file", "cpu", weights):
            return made
        return load(backbone_id, device, weights_file, *others)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "load_backbone", shared)
        yield made


@pytest.fixture
def make(small: Backbone, weights: Path, tmp_path: Path) -> Make:
    """A classifier of a method over the small backbone, as `load_classifier` gives it."""

    def made(method: str, options: dict[str, Any] | None = None, **more: Any) -> Classifier:
        path = write_adapter(small, method, options or {}, tmp_path / "adapter.safetensors", **more)
        return load_classifier(path, "cpu", weights)

    return made


def noise(size: int, count: int = 9) -> np.ndarray:
    """(count, size, size, 3) pictures of coloured noise, every one lighter than the one before."""
    draw = np.random.default_rng(3)
    light = np.linspace(0.2, 1, count)[:, None, None, None]
    return (light * draw.integers(0, 256, (count, size, size, 3))).astype(np.uint8)


def probabilities(classifier: Classifier, pictures: np.ndarray, classes: list[str]) -> np.ndarray:
    """(N, C) by `predict`, in the order of the classes."""
    found = classifier.rank(list(pictures), classes, top_k=len(classes))
    return np.array([[{r.class_name: r.confidence for r in one.ranked}[name] for name in classes] for one in found])


def assert_equal_in_batches(run: runtimes.Run, pictures: np.ndarray, expected: np.ndarray) -> None:
    """The file's own runtime gives what is expected, whatever the batch size."""
    channels_first = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))
    for size in (1, 2, 5, len(pictures)):
        (found, *_) = run(channels_first[:size])
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected[:size], atol=TOLERANCE)


def assert_apart(one: Classifier, other: Classifier) -> None:
    """They answer differently."""
    pictures = noise(one.image_spec.size)
    apart = probabilities(one, pictures, ASKED) - probabilities(other, pictures, ASKED)
    assert np.abs(apart).max() > 20 * TOLERANCE


def exported(classifier: Classifier, form: str, path: Path, classes: list[str] = ASKED) -> None:
    written = classifier.export(path, form, classes)
    assert written.path == path
    assert_as_predicted(classifier, FORMATS[form].read(path)[0], written, classes)


def assert_as_predicted(classifier: Classifier, run: runtimes.Run, written: ExportedModel, classes: list[str]) -> None:
    """What was written answers as the classifier does."""
    assert written.largest_difference <= TOLERANCE
    pictures = noise(classifier.image_spec.size)
    expected = probabilities(classifier, pictures, classes)
    assert np.ptp(expected, axis=0).max() > 20 * TOLERANCE  # else any constant would do
    assert_equal_in_batches(run, pictures, expected)


@pytest.mark.usefixtures("as_it_is")
@pytest.mark.parametrize(("method", "options"), VARIANTS)
def test_every_method_as_one_module(method, options, make, tmp_path):
    exported(make(method, options), "module", tmp_path / "model")


@pytest.mark.usefixtures("as_it_is")
@pytest.mark.parametrize("method", [DEFAULT_METHOD, "task-res", "coop", "cocoop"])
def test_what_pictures_without_a_label_taught_goes_along(method, make, tmp_path):
    classifier = make(method, {}, taught=TAUGHT)
    exported(classifier, "module", tmp_path / "model")
    assert_apart(classifier, make(method, {}))


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("method", "options"), VARIANTS)
def test_every_method_in_every_format(method, options, form, make, tmp_path):
    exported(make(method, options), form, tmp_path / "model")


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("method", [spec.id for spec in METHODS])
def test_the_starter_on_photographs(method, form, shared_data, tmp_path):
    path = write_adapter(load_backbone(STARTER_ID, "cpu"), method, {}, tmp_path / "adapter.safetensors")
    classifier = load_classifier(path, "cpu")
    photographs = sorted((shared_data / "caltech-20").rglob("*.jpg"))[::60]
    written = classifier.export(tmp_path / "model", form, ASKED, pictures=photographs)
    assert written.pictures > len(photographs) > 5
    pictures = np.stack([decode(one, classifier.image_spec) for one in photographs])
    assert_equal_in_batches(FORMATS[form].read(written.path)[0], pictures, probabilities(classifier, pictures, ASKED))


def norms(tower: torch.nn.Module) -> int:
    return sum(isinstance(part, torch.nn.BatchNorm2d) for part in tower.modules())


def test_normalisation_is_part_of_the_convolution_before_it():
    pictures, tower = torch.rand(2, 3, 320, 320), load_backbone(STARTER_ID, "cpu").tower
    found = folded(tower)
    assert (norms(tower) > 40, norms(found)) == (True, 0)
    with torch.inference_mode():
        torch.testing.assert_close(found(pictures), tower(pictures), atol=1e-5, rtol=0)
    # As in the shortcuts of CLIP's ResNets, then in another order than they run in.
    parts = {"-1": torch.nn.AvgPool2d(2), "0": torch.nn.Conv2d(3, 4, 1), "1": torch.nn.BatchNorm2d(4)}
    parts["1"].running_mean.add_(3)
    shortcut = torch.nn.Sequential()
    for name, part in parts.items():
        shortcut.add_module(name, part)
    shortcut.eval()
    torch.testing.assert_close(folded(shortcut)(pictures), shortcut(pictures))
    assert norms(folded(shortcut)) == 0
    assert norms(folded(torch.nn.ModuleDict({"a": parts["0"], "b": parts["1"]}))) == 1
    plain = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 1))
    assert folded(plain) is plain


@pytest.mark.usefixtures("as_it_is")
def test_a_single_class_and_trained_names_alone(make, tmp_path):
    classifier = make("quick")
    exported(classifier, "module", tmp_path / "trained", list(BASE))
    assert np.all(probabilities(classifier, noise(32), ["axolotl"]) == 1)
    assert classifier.export(tmp_path / "one.pt2", "torch-export", ["axolotl"]).largest_difference < TOLERANCE


NAMES = (list(BASE), ASKED, ["axolotl", "daisy"])
"""Those that were trained, a mixture, and what was only named."""


@pytest.mark.usefixtures("as_it_is")
@pytest.mark.parametrize(
    ("form", "names", "known"),
    [
        *(("module", names, known) for names in NAMES for known in (True, False)),
        *(
            # One in every run: an export may refuse what torch itself takes.
            pytest.param(
                form, names, known, marks=() if (form, names, known) == ("onnx", ASKED, True) else pytest.mark.slow
            )
            for form in FORMATS
            for names in NAMES
            for known in (True, False)
        ),
    ],
)
@pytest.mark.parametrize("groups", [0, 5])
def test_none_of_these_goes_along(form, names, make, small, tmp_path, known, groups, monkeypatch):
    levels = np.linspace(-1, 1, QUANTILES)
    parts = (tuple((levels + 0.3).tolist()), tuple(levels.tolist()), ((0.0, 1.0),))
    open_set = OpenSetModel(*parts, small.layout.width, share=0.5, text=(parts[0], parts[1]), groups=groups)
    classifier = make("multi-modal-adapter", open_set=open_set)
    if known:
        monkeypatch.setitem(vars(small), "background", small.encode_texts([f"a thing {at}" for at in range(30)]))
    written = classifier.export(tmp_path / "model", form, names)
    run, text = FORMATS[form].read(written.path)
    about = json.loads(text)
    assert about["threshold"] == open_set.thresholds(0.5).score
    pictures = noise(classifier.image_spec.size)
    found, score = run(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2)))
    assert (found.shape, score.shape) == ((len(pictures), len(names)), (len(pictures),))
    ranked = classifier.rank(list(pictures), names)
    for one, probabilities in zip(ranked, found, strict=True):
        assert {ranked.class_name: ranked.confidence for ranked in one.ranked} == pytest.approx(
            dict(zip(names, probabilities.tolist(), strict=True)), abs=TOLERANCE
        )
    assert not groups or len(set(score.tolist())) > 1 or not set(names) & set(BASE)
    assert (score < about["threshold"]).tolist() == [one.rejected for one in ranked]
    for one, said in zip(ranked, score.tolist(), strict=True):
        assert one.by_text or said == pytest.approx(one.score, abs=TOLERANCE)


def test_what_was_taught_does_not_tell_that_a_name_is_right(small, tmp_path, monkeypatch):
    levels, names = tuple(np.linspace(-1, 1, QUANTILES).tolist()), NAMES[2]
    open_set = OpenSetModel(levels, levels, ((0.0, 1.0),), small.layout.width, share=0.5, text=(levels, levels))
    path = tmp_path / "adapter.safetensors"
    adapter, header = load(write_adapter(small, "multi-modal-adapter", {}, path, taught=names, open_set=open_set))
    adapter.transduction.offsets.copy_(torch.tensor([100.0, -100.0]))
    monkeypatch.setitem(vars(small), "background", small.encode_texts([f"a thing {at}" for at in range(30)]))
    predictor, pictures = Predictor(small), noise(small.image_spec.size)
    predictor.hold(adapter, header)
    asked, rows = predictor.candidates(names, header.prompt_template), small.encode_images(pictures)
    best = predictor.probabilities(rows, names, header.prompt_template, adapted=True).argmax(1)
    assert not best.any()
    images = rows[:, : small.embed_dim]
    own, other = (text_margins(images, asked.features, one, small.background) for one in (best, best + 1))
    at = int((other - own).argmax())
    assert other[at] > own[at] + 0.01
    cut = float(other[at] + own[at]) / 2
    whole = WholeClassifier(Parts(adapter, small, asked, header.temperatures, (), Thresholds(margin=cut))).eval()
    with torch.no_grad():
        score = whole(torch.from_numpy(pictures.transpose(0, 3, 1, 2).copy()))[1].numpy()
    assert score[at] == FAR, "by the text of its own name it would be a stranger"
    assert (
        score.tolist()
        == predictor.open_set_scores(rows, names, header.prompt_template, best)
        .exported_scores(Thresholds(margin=cut))
        .tolist()
    )


def test_thresholds_of_names_go_along_without_a_background(small, tmp_path):
    levels, names = tuple(np.linspace(-1, 1, QUANTILES).tolist()), [*NEW, "another"]
    open_set = OpenSetModel(levels, levels, ((0.0, 1.0),), small.layout.width, text=(levels, levels))
    pictures = noise(small.image_spec.size)
    rows = small.encode_images(pictures)
    open_set = replace(open_set, names=((0.1, 20.0),) * (len(NEW) + 1))
    path = tmp_path / "adapter.safetensors"
    adapter, header = load(write_adapter(small, "multi-modal-adapter", {}, path, open_set=open_set))
    assert header.open_set == open_set
    predictor = Predictor(small)
    predictor.hold(adapter, header)
    asked = predictor.candidates(names, header.prompt_template)
    middle = (rows[:, : small.embed_dim] @ asked.features.T).mean(axis=0)
    open_set = replace(open_set, names=tuple((float(one), 20.0) for one in middle))
    predictor.hold(adapter, replace(header, open_set=open_set))
    places = predictor.threshold_rows(names)
    assert places.tolist() == list(range(len(NEW) + 1))
    best = predictor.probabilities(rows, names, header.prompt_template, adapted=True).argmax(1)
    told = tuple(open_set.names[at] for at in places)
    whole = WholeClassifier(Parts(adapter, small, asked, header.temperatures, (), Thresholds(margin=0.0), told)).eval()
    with torch.no_grad():
        score = whole(torch.from_numpy(pictures.transpose(0, 3, 1, 2).copy()))[1].numpy()
    wanted = predictor.open_set_scores(rows, names, header.prompt_template, best).exported_scores(
        Thresholds(margin=0.0)
    )
    assert score.tolist() == wanted.tolist()
    assert set(score.tolist()) == {FAR, -FAR}


@pytest.fixture(scope="module")
def shared_adapter(small: Backbone, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter over the small backbone, taught by pictures without a label, that tests only read."""
    path = tmp_path_factory.mktemp("shared") / "adapter.safetensors"
    return write_adapter(small, "multi-modal-adapter", {"share": 0.3}, path, TAUGHT)


@pytest.fixture(scope="module")
def shared_classifier(shared_adapter: Path, weights: Path) -> Classifier:
    """That adapter's classifier."""
    return load_classifier(shared_adapter, "cpu", weights)


@pytest.fixture(scope="module")
def in_every_format(
    shared_classifier: Classifier, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, ExportedModel]:
    """That classifier in each format."""
    folder, export = tmp_path_factory.mktemp("every format"), shared_classifier.export
    with traced_once():
        return {form: export(folder / f"model{FORMATS[form].suffix}", form, ASKED) for form in FORMATS}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_the_outputs_and_says_what_is_needed_to_run_it(
    form, shared_adapter, shared_classifier, in_every_format, make
):
    written = in_every_format[form]
    run, text = FORMATS[form].read(written.path)
    assert_as_predicted(shared_classifier, run, written, ASKED)
    assert_apart(shared_classifier, make("multi-modal-adapter", {"share": 0.3}))
    about = json.loads(text)
    assert about["class_names"] == ASKED
    assert about["trained"] == [True, False, True, False]
    assert (about["threshold"], about["score"]) == (None, None)
    assert about["prompt_template"] == "a photo of a {}."
    assert about["backbone"] == {"id": "mma-export/file", "fingerprint": shared_classifier.header.fingerprint}
    assert about["adapter"] == {
        "sha256": hashlib.sha256(shared_adapter.read_bytes()).hexdigest(),
        "method": "multi-modal-adapter",
        "options": shared_classifier.header.options,
    }
    assert about["app_version"] == __version__
    spec = {name: about["preprocessing"][name] for name in ImageSpec.__dataclass_fields__}
    assert {**spec, "mean": tuple(spec["mean"]), "std": tuple(spec["std"])} == {
        name: getattr(shared_classifier.image_spec, name) for name in spec
    }


def test_the_inputs_and_outputs_of_onnx_have_names_types_and_shapes(in_every_format):
    session = onnxruntime.InferenceSession(in_every_format["onnx"].path)
    (takes,), (gives,) = session.get_inputs(), session.get_outputs()
    assert (takes.name, takes.type, takes.shape) == ("pictures", "tensor(uint8)", ["batch", 3, 32, 32])
    assert (gives.name, gives.type, gives.shape) == ("probabilities", "tensor(float)", ["batch", 4])


@pytest.mark.parametrize("form", FORMATS)
def test_no_folder_of_this_machine_is_named_in_the_file(form, in_every_format):
    content = in_every_format[form].path.read_bytes()
    assert b"site-packages" not in content
    assert bytes(Path(__file__).parents[2]) not in content


@pytest.mark.parametrize("form", FORMATS)
def test_the_metadata_has_the_name_that_the_guide_gives(form, in_every_format):
    path = in_every_format[form].path
    guide = (Path(__file__).parents[2] / "resources" / "guide" / "formats.md").read_text("utf-8")
    (line,) = [one for one in guide.splitlines() if one.startswith("| metadata |")]
    key = "mma_desktop" if form == "onnx" else "mma_desktop.json"
    assert f"`{key}` in {'ONNX' if form == 'onnx' else 'torch.export'}" in line
    if form == "onnx":
        text = onnxruntime.InferenceSession(path).get_modelmeta().custom_metadata_map[key]
    else:
        extra = {key: ""}
        with path.open("rb") as handle:
            torch.export.load(handle, extra_files=extra)
        text = extra[key]
    assert json.loads(text) == in_every_format[form].metadata


@pytest.mark.usefixtures("untraced")
def test_other_prompts_make_another_classifier(make, tmp_path):
    classifier = make("quick")
    other = make("quick")
    object.__setattr__(other.header, "prompt_template", "a drawing of a {}.")
    classifier.export(tmp_path / "model.pt2", "torch-export", ASKED, prompt="a drawing of a {}.")
    pictures = noise(32)
    expected = probabilities(other, pictures, ASKED)
    assert np.abs(expected - probabilities(classifier, pictures, ASKED)).max() > 10 * TOLERANCE
    assert_equal_in_batches(FORMATS["torch-export"].read(tmp_path / "model.pt2")[0], pictures, expected)


def test_no_text_encoder_is_in_the_file(make, tmp_path):
    classifier = make("coop", SMALL["coop"])
    classifier.export(tmp_path / "model.pt2", "torch-export")
    table = 4 * CONFIG["text_cfg"]["vocab_size"] * CONFIG["text_cfg"]["width"]
    assert (tmp_path / "model.pt2").stat().st_size < table / 5


@pytest.mark.usefixtures("untraced")
def test_other_outputs_are_not_written(make, tmp_path, monkeypatch):
    forward = WholeClassifier.forward
    monkeypatch.setattr(WholeClassifier, "forward", lambda self, pictures: forward(self, pictures) ** 1.01)
    path = tmp_path / "model.pt2"
    path.write_text("what was there")
    with pytest.raises(UserError, match=r"differ by up to 0\.\d+, allowed is 0.0001\), so .*model.pt2 was not written"):
        make("quick").export(path, "torch-export", list(BASE))
    assert path.read_text() == "what was there"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["adapter.safetensors", "model.pt2"]


def test_a_batch_size_that_tracing_fixed_is_not_written(make, tmp_path, monkeypatch):
    score = MultiModalAdapter.score

    def fixed(self: MultiModalAdapter, images: torch.Tensor, texts: torch.Tensor) -> torch.Tensor:
        return score(self, images.reshape(int(images.shape[0]), -1), texts)

    monkeypatch.setattr(MultiModalAdapter, "score", fixed)
    with pytest.raises(UserError, match=r"multi-modal-adapter with the backbone mma-export/file cannot be written as"):
        make("multi-modal-adapter").export(tmp_path / "model.pt2", "torch-export")
    assert not (tmp_path / "model.pt2").exists()


def test_what_torch_cannot_export_is_said_in_a_sentence(make, tmp_path, monkeypatch):
    forward = WholeClassifier.forward

    def branching(self: WholeClassifier, pictures: torch.Tensor) -> torch.Tensor:
        found = forward(self, pictures)
        return found if float(found.sum()) > 0 else -found

    monkeypatch.setattr(WholeClassifier, "forward", branching)
    with pytest.raises(UserError, match=r"cannot be written as torch.export \(.*\)\. Nothing was written; choose"):
        make("clip-adapter").export(tmp_path / "model.pt2", "torch-export")
    assert not (tmp_path / "model.pt2").exists()


@pytest.mark.usefixtures("untraced")
def test_a_missing_package_is_named_with_the_command(make, tmp_path, monkeypatch):
    monkeypatch.setattr(runtimes, "find_spec", lambda name: None if name == "onnxscript" else find_spec(name))
    with pytest.raises(UserError, match=r"another format\. .* needs onnxscript\. .*pip install --force-reinstall \.$"):
        make("clip-adapter").export(tmp_path / "model.onnx", "onnx")
    make("clip-adapter").export(tmp_path / "model.pt2", "torch-export")


def test_more_than_one_onnx_file_holds(make, tmp_path, monkeypatch):
    monkeypatch.setattr(runtimes, "MAX_ONNX_BYTES", 100_000)
    with pytest.raises(UserError, match="one ONNX file holds 2"):
        make("clip-adapter").export(tmp_path / "model.onnx", "onnx")
    assert not (tmp_path / "model.onnx").exists()


def test_refusals(make, small, tmp_path, monkeypatch):
    classifier = make("clip-adapter")
    with pytest.raises(UserError, match=r"no format called .tflite.\. Choose one of onnx, torch-export"):
        classifier.export(tmp_path / "model", "tflite")
    with pytest.raises(UserError, match="'Cat' is given twice"):
        classifier.export(tmp_path / "model", "torch-export", ["cat", "Cat"])
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    with pytest.raises(UserError, match=r"broken\.jpg"):
        classifier.export(tmp_path / "model", "torch-export", pictures=[broken])
    monkeypatch.setattr(small, "device", torch.device("meta"))
    with pytest.raises(UserError, match="device cpu"):
        classifier.export(tmp_path / "model", "torch-export")
    assert not (tmp_path / "model").exists()


def test_what_counts_as_equal():
    expected = np.array([[0.9, 0.1], [0.7, 0.3], [0.501, 0.499], [0.2, 0.8]], np.float32)
    assert largest_difference(expected, expected) == 0
    near = expected.copy()
    near[2] = [0.3, 0.7]  # all but a tie: rounding decides how it is calibrated
    assert largest_difference(near, expected) == 0
    near[1, 0] += 0.05
    assert largest_difference(near, expected) == pytest.approx(0.05)
    ties = np.full((4, 2), 0.5, np.float32)
    assert largest_difference(ties + 0.1, ties) == pytest.approx(0.1)
    assert largest_difference(expected[:2], expected) == np.inf
    near[0, 0] = np.nan
    assert largest_difference(near, expected) == np.inf


@pytest.mark.usefixtures("untraced")
def test_the_command(make, weights, tmp_path, capsys):
    classifier = make("quick")
    adapter, out = tmp_path / "adapter.safetensors", tmp_path / "adapter.pt2"
    arguments = ["export", "torch-export", str(adapter)]
    more = ["--weights", str(weights), "--overwrite"]
    names = ["--classes", "cat,lamp,red car", "--prompt", "a photo of a {}.", "--prompt", "a drawing of a {}."]
    assert __main__.main([*arguments, str(out), *more, *names]) == 0
    said = capsys.readouterr().out
    assert f"The classifier of 3 classes is in {out} (torch.export, " in said
    assert "On 20 pictures, torch.export gives the same probabilities as this program to within " in said
    about = json.loads(FORMATS["torch-export"].read(out)[1])
    assert about["class_names"] == ["cat", "lamp", "red car"]
    assert about["prompt_template"] == "a photo of a {}.\na drawing of a {}."
    assert about["adapter"]["sha256"] == classifier.digest
    before = adapter.read_bytes()
    assert __main__.main([*arguments, str(adapter), *more]) == 1
    assert "would replace what is read" in capsys.readouterr().err
    assert adapter.read_bytes() == before
    (tmp_path / "empty").mkdir()
    assert __main__.main([*arguments, str(out), *more, "--pictures", str(tmp_path / "empty")]) == 1
    assert "There are no pictures in" in capsys.readouterr().err
    assert (
        __main__.main([*arguments, str(out), *more, "--pictures", str(tmp_path / "empty"), str(tmp_path / "gone.jpg")])
        == 1
    )
    assert f"{tmp_path / 'gone.jpg'} does not exist." in capsys.readouterr().err
