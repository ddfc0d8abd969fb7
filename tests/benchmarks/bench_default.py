"""The default against zero-shot, a linear probe, and published methods: base, new, H and all names.

    python tests/benchmarks/bench_default.py [FOLDER] [--seeds 5] [--more] [--drawn] [--undivided] [--choose]
        [--calibration]

FOLDER holds the trial data (default: ../shared/data beside the checkout). Caltech-20 with the starter, every class
trained and half of them, at 16, 8 and 4 shots; CLIP features in five class orders. `--more` measures flowers-5 and
steel-6 as well, which no setting of the map was chosen on; `--drawn` caltech-20 in drawn class orders. Peers on whole
rows are the ridge regression that the visual head grew from, and scikit-learn's linear discriminant analysis with
automatic shrinkage, a linear SVM with C = 1, and logistic regression with C by cross-validation; they know no names, so
they are measured among trained classes alone. Every method reads class names with the starter's own prompts. Pictures
are divided as the program divides them: after the shots as many for validation, the rest for testing, and all pictures
of new classes. With `--undivided`, shots are drawn among all pictures, and every other one is tested.

`--calibration` prints, for the default alone, the expected calibration error among all names, and confidence less
accuracy in points where the answer is a trained name and where it is another. There every class counts equally: all
pictures of new classes are tested, but only those of trained ones that are neither shots nor for validation, so that by
the picture answers with trained names look overconfident.

The temperatures, with 4, 8 and 16 shots, 2 and 10 (or all five) base classes among up to 8 others, of both photograph
folders and both feature files (10 drawn sets of classes each; means over all of these; validation images, then shots
alone). The adapter's is the likeliest under a prior below 20 images, and zero-shot's always is (`calibration.PRIOR`):

                                            base among base: ECE, NLL      all names: |gap|, NLL
    Platt's targets, none below 20 images   11.0 0.238,  8.9 0.206         6.8 0.562,  6.8 0.516
    the prior for zero-shot alone           11.0 0.238,  8.9 0.206         5.5 0.541,  4.7 0.487
    and for the adapter below 20 images      9.7 0.221,  7.8 0.193         5.1 0.535,  4.5 0.484    <- this
    for it always, deviation 0.35            8.9 0.212,  7.4 0.188         5.1 0.533,  4.7 0.484
    the same with 1 expected                 4.9 0.165,  4.1 0.153         4.6 0.545,  4.3 0.502

The last two are worse by more than chance somewhere: with two or all five classes of flowers-5 trained (ECE among all
names at 8 shots of two classes 20.3 to 26.0, as most pictures of the other flowers go to trained names), and with
CLIP-Adapter and Tip-Adapter-F among all names of caltech-20 (0.556 to 0.614 with 4 shots). Platt's mass for the
second-best class alone instead of all others: 10.9 and 8.8 in the first column.

`--choose` prints what penalty and share were chosen by: base classes alone, half of them trained, half standing in for
new ones, judged on validation images. No test image is looked at. Of the map alone (five seeds; ten class orders of the
ImageNet file), base / new / H on caltech-20 with 16 and 4 shots, and on the ImageNet file with 4:

    penalty 0.03, share 0.75     97.8 / 87.8 / 92.5     93.0 / 89.0 / 90.9     90.6 / 86.4 / 88.3
    penalty 0.1, share 0.5       96.3 / 87.8 / 91.8     90.0 / 89.0 / 89.5     89.7 / 86.4 / 87.9
    penalty 0.1, share 0.75      97.5 / 88.0 / 92.5     92.5 / 89.0 / 90.6     90.3 / 86.7 / 88.3    <- this
    penalty 0.1, share 1         98.0 / 87.9 / 92.7     93.5 / 89.0 / 91.1     90.6 / 86.4 / 88.3
    penalty 0.3, share 0.75      97.3 / 87.9 / 92.3     91.5 / 89.0 / 90.2     90.8 / 86.7 / 88.6
    penalty 1, share 0.75        96.5 / 87.8 / 91.9     89.5 / 89.5 / 89.4     90.6 / 86.4 / 88.3
    penalty 0.1, share 0.75, at the whole logit scale
                                 96.8 / 87.8 / 92.0     91.0 / 89.5 / 90.2     90.3 / 86.4 / 88.1

This was measured before the penalty was multiplied by s / 30, for a logit scale s: 30 for the starter, 100 for CLIP
features. H on the ImageNet file with 40 class orders and the visual head: without that factor 89.0, with it 89.2; with
it and a penalty of 0.06, 0.15, 0.21: 89.1, 89.1, 88.9. On the Caltech file H is 99.8 with and without.

A temperature of untrained names by likelihood on the left-out classes: no lower cross-entropy (0.341 against
0.341, 0.384 against 0.379).

All names there, with the shots of the trained half counted by this much of the map that was trained on them while the
balance is set (`quick.TRAINED_WEIGHT`): none 89.8, half 90.1, all 89.0 on caltech-20 with 16 shots; 87.8, 87.0, 86.7
with 4.

Weight and penalty of the visual head by leave-one-out with the trained map's logits, estimated by one Newton step, in
place of zero-shot's: 98.0 against 98.6 in base at 16 shots, 94.6 against 95.8 at 4; the estimate is too sure.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.covariance import ledoit_wolf_shrinkage
from sklearn.svm import LinearSVC
from torch.nn import functional

from mma_desktop.core import paths
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Role
from mma_desktop.engine.evaluation.calibration import calibration
from mma_desktop.engine.methods.linear_probe import regression
from mma_desktop.engine.methods.method_table import LINEAR_PROBE, MULTI_MODAL_ADAPTER, QUICK, VISUAL_HEAD, ZERO_SHOT
from mma_desktop.engine.methods.ridge import Ridge
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import FeatureSet, Integers, TrainingData
from mma_desktop.services.batch.benchmark.sources import Cell, ImageSource, list_images
from mma_desktop.services.inference_state import InferenceState
from mma_desktop.services.project_factory import scratch_project
from tests.engine.cases import read_features

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
TOKEN = CancelToken()
Doubles = NDArray[np.float64]
Peer = Callable[[Doubles, Integers, Doubles], Doubles]
Data = Callable[[], TrainingData]
Situation = tuple[str, list[tuple[int, Data]]]


def ordered(listed: ImageSource, order: int) -> ImageSource:
    """The classes in a drawn order; 0 is their own."""
    places = np.random.default_rng(order).permutation(len(listed.classes)) if order else range(len(listed.classes))
    classes = [listed.classes[at] for at in places]
    return ImageSource(listed.context, listed.title, listed.data_set, classes, listed.notes)


def pictures(listed: ImageSource, room: InferenceState, order: int, seed: int, shots: int, share: float) -> Data:
    source = ordered(listed, order)
    source.use(room.need()[0])
    cell = Cell(source.title, "", "", MULTI_MODAL_ADAPTER, (), shots, seed, share, 0.0, source.own_prompt)

    def make() -> TrainingData:
        source.prepare([cell], TOKEN)
        data = source.data(cell)
        source.close()
        return data

    return make


def undivided(make: Data, seed: int) -> TrainingData:
    """As many shots of each base class, drawn from all pictures, and all others for testing."""
    data = make()
    every = data.shots
    for part in (data.validation, data.test):
        every = every if part is None else every.joined(part)
    draw, chosen = np.random.default_rng(seed), np.zeros(len(every), bool)
    for index in data.classes_of(Role.BASE):
        chosen[draw.permutation(np.flatnonzero(every.labels == index))[: (data.shots.labels == index).sum()]] = True
    return data.with_shots(every.select(chosen), validation=FeatureSet.empty(0), test=every.select(~chosen))


def situations(folder: Path, seeds: int, flags: set[str]) -> Iterator[Situation]:
    room = InferenceState(paths.cache_dir() / "embeddings")
    room.load("starter", "cpu", None, TOKEN)
    lent = ExitStack()

    def listed_in(name: str) -> ImageSource:
        return list_images(folder / name, lent.enter_context(scratch_project()), TOKEN)

    caltech = listed_in("caltech-20")

    def of(
        listed: ImageSource, shots: int, share: float, order: Callable[[int], int] = lambda _: 0
    ) -> list[tuple[int, Data]]:
        cases = [(seed, pictures(listed, room, order(seed), seed, shots, share)) for seed in range(seeds)]
        if "--undivided" not in flags:
            return cases
        return [(seed, partial(undivided, make, seed)) for seed, make in cases]

    for shots in (16, 8, 4):
        yield f"caltech-20, every class trained, {shots} shots", of(caltech, shots, 1.0)
        yield f"caltech-20, half base, {shots} shots", of(caltech, shots, 0.5)
        if "--drawn" in flags:
            yield (
                f"caltech-20, half base, drawn orders, {shots} shots",
                of(caltech, shots, 0.5, order=lambda seed: seed + 1),
            )
    for name in ("flowers-5", "steel-6") if "--more" in flags else ():
        listed = listed_in(name)
        for shots in (16, 8, 4):
            yield f"{name}, every class trained, {shots} shots", of(listed, shots, 1.0)
            if name == "flowers-5":
                yield f"{name}, two base, {shots} shots", of(listed, shots, 0.4)
    for title, file in (
        ("CLIP features, 28 Caltech classes, half base", "caltech-clip-vit-b32-28.safetensors"),
        ("CLIP features, 144 ImageNet classes, half base, 4 shots", "imagenet-clip-vit-b32-144-4shot.safetensors"),
    ):
        data = [read_features(folder / file, order) for order in range(5)]
        yield title, [(seed, lambda one=one: one) for seed, one in enumerate(data)]
    lent.close()


ROWS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Zero-shot", ZERO_SHOT, {}),
    ("Linear probe", LINEAR_PROBE, {}),
    ("CLIP-Adapter", "clip-adapter", {}),
    ("Tip-Adapter-F", "tip-adapter-f", {}),
    ("Multi-Modal Adapter (paper)", MULTI_MODAL_ADAPTER, {}),
    ("the same with the visual head", MULTI_MODAL_ADAPTER, {VISUAL_HEAD: True}),
    ("Quick", QUICK, {}),
)


def numbers(data: TrainingData, method: str, options: dict[str, Any], seed: int) -> tuple[float | None, ...]:
    result = train(data, method, options, seed=seed)
    found = result.evaluation.adapted
    parts = (found.base, found.new, found.all)
    base, new, everything = (None if one is None else one.percent for one in parts)
    return base, new, found.h, everything


def discriminant(features: Doubles, labels: Integers, asked: Doubles) -> Doubles:
    """Scores (n, K) of scikit-learn's LinearDiscriminantAnalysis("lsqr", shrinkage="auto"), in seconds.

    Its covariance is diagonal but for the span of the shots, so that the matrix to invert has a row for each shot.
    """
    diagonal, spread, means = np.zeros(features.shape[1]), [], []
    for label in range(labels.max() + 1):
        own = features[labels == label]
        share, level, scale = len(own) / len(features), own.mean(0), own.std(0)
        shrunk = ledoit_wolf_shrinkage((own - level) / np.where(scale, scale, 1))
        diagonal += share * shrunk * scale**2 * np.mean(scale > 0)
        spread.append(np.sqrt(share * (1 - shrunk) / len(own)) * (own - level))
        means.append(level)
    diagonal = np.maximum(diagonal, 1e-12)
    within, centres = np.concatenate(spread), np.stack(means)
    turned = within / diagonal
    inner = np.eye(len(within)) + turned @ within.T
    weights = centres / diagonal - np.linalg.solve(inner, turned @ centres.T).T @ turned
    scores: Doubles = asked @ weights.T - 0.5 * (weights * centres).sum(1)
    return scores


def machine(features: Doubles, labels: Integers, asked: Doubles) -> Doubles:
    """Scores (n, K) of scikit-learn's LinearSVC, in the span of the shots."""
    centre = features.mean(0)
    basis = np.linalg.svd(features - centre, full_matrices=False)[2]
    judge = LinearSVC().fit((features - centre) @ basis.T, labels)
    scores: Doubles = judge.decision_function((asked - centre) @ basis.T)
    return scores if scores.ndim == 2 else np.stack([-scores, scores], 1)


def logistic(features: Doubles, labels: Integers, asked: Doubles) -> Doubles:
    """Scores (n, K) of the linear probe, on whole rows."""
    weights, offsets = (part.double().numpy() for part in regression(features, labels))
    scores: Doubles = asked @ weights.T + offsets
    return scores


def ridge(features: Doubles, labels: Integers, asked: Doubles) -> Doubles:
    """Scores (n, K) of one ridge regression on whole rows, its penalty of the least exact leave-one-out error."""
    rows, targets = torch.tensor(features, dtype=torch.float32), torch.tensor(labels)
    form, wanted = Ridge(rows, targets, int(labels.max()) + 1), functional.one_hot(targets)
    penalty = min(form.penalties, key=lambda one: float((form.left_out([one])[0] - wanted).square().sum()))
    weights, offsets = (part.double().numpy() for part in form.weights({penalty: 1.0}))
    scores: Doubles = asked @ weights + offsets
    return scores


PEERS: tuple[tuple[str, Peer], ...] = (
    ("one ridge regression, whole rows", ridge),
    ("LDA of scikit-learn, whole rows", discriminant),
    ("linear SVM, whole rows", machine),
    ("logistic regression, whole rows", logistic),
)


def peer_numbers(data: TrainingData, peer: Peer) -> tuple[float | None, ...]:
    base = data.classes_of(Role.BASE)
    shots, test = data.shots.of_classes(base), data.test.of_classes(base)
    parts = shots.features.astype(np.float64), np.searchsorted(base, shots.labels), test.features.astype(np.float64)
    right = 100 * float(np.mean(base[peer(*parts).argmax(1)] == test.labels))
    return right, None, None, right if len(base) == len(data.class_names) else None


def mean(column: tuple[float | None, ...]) -> str:
    values = [value for value in column if value is not None]
    return f"{statistics.fmean(values):5.1f}" if values else "    -"


def nested(data: TrainingData) -> TrainingData:
    """Base classes alone, every other one standing in for a new class, judged on validation images."""
    base = data.classes_of(Role.BASE)
    new = base[1::2]
    roles = [Role.NEW if at in new else Role.BASE for at in range(len(base))]
    part: Callable[[FeatureSet], FeatureSet] = lambda images: images.of_classes(base)  # noqa: E731
    names = [data.class_names[at] for at in base]
    shots, judged = part(data.shots).of_classes(np.setdiff1d(base, new)), part(data.validation)
    texts = data.text_features[base]
    return TrainingData(names, roles, texts, data.logit_scale, shots, test=judged, layout=data.layout)


def choose(folder: Path, seeds: int, flags: set[str]) -> None:
    print("On validation images of base classes, half of them standing in for new ones: base / new / H / all")
    for title, cases in situations(folder, seeds, flags - {"--more"}):
        if "half" in title and "CLIP" not in title and "drawn" not in title:
            continue
        for penalty in (0.03, 0.1, 0.3, 1.0):
            for share in (1.0, 0.75, 0.5):
                options = {"penalty": penalty, "share": share}
                rows = [numbers(nested(make()), QUICK, options, seed) for seed, make in cases]
                shown = " / ".join(mean(column) for column in zip(*rows, strict=True))
                print(f"{title:56s} penalty {penalty:g}, share {share:g}: {shown}", flush=True)


def compare(folder: Path, seeds: int, flags: set[str]) -> None:
    for title, cases in situations(folder, seeds, flags):
        print(f"\n{title}: base / new / H / all, {len(cases)} seeds or class orders")
        for name, method, options in ROWS:
            rows = [numbers(make(), method, options, seed) for seed, make in cases]
            print(f"  {name:32s} {' / '.join(mean(column) for column in zip(*rows, strict=True))}", flush=True)
        for name, peer in PEERS:
            rows = [peer_numbers(make(), peer) for _, make in cases]
            print(f"  {name:32s} {' / '.join(mean(column) for column in zip(*rows, strict=True))}", flush=True)


def gaps(data: TrainingData, seed: int) -> tuple[float | None, ...]:
    """The default's ECE in points, and its confidence less its accuracy for answers of either kind."""
    result = train(data, QUICK, seed=seed)
    said = result.predictions
    assert said.answers is not None
    excess = 100 * (said.confidence - (said.among_all == said.labels))
    weights = 1 / np.bincount(said.labels)[said.labels]
    trained = np.isin(said.among_all, data.classes_of(Role.BASE))
    parts = [np.average(excess[of], weights=weights[of]) if of.any() else None for of in (trained, ~trained)]
    return calibration(said.answers).ece, *parts


def calibrate(folder: Path, seeds: int, flags: set[str]) -> None:
    print("ECE among all names / confidence less accuracy of trained answers / of others, classes counted equally")
    for title, cases in situations(folder, seeds, flags):
        rows = [gaps(make(), seed) for seed, make in cases]
        print(f"{title:56s} {' / '.join(mean(column) for column in zip(*rows, strict=True))}", flush=True)


def main() -> None:
    torch.set_num_threads(1)
    words = sys.argv[1:]
    seeds = int(words.pop(words.index("--seeds") + 1)) if "--seeds" in words else 5
    folder = next((Path(word) for word in words if not word.startswith("--")), FOLDER)
    modes = {"--choose": choose, "--calibration": calibrate}
    mode = next((modes[word] for word in words if word in modes), compare)
    mode(folder, seeds, set(words))


if __name__ == "__main__":
    main()
