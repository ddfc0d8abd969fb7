"""The classifier of the public API, a scikit-learn estimator: trained from Python, loaded from a file or the hub."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mma_desktop.core.class_names import NONE_OF_THESE, ClassNames, is_none_of_these, listed, name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, EpochEvent, Progress
from mma_desktop.core.i18n import english, shortened, tr
from mma_desktop.core.paths import temporary_folder
from mma_desktop.core.types import ALL_SHOTS, DEFAULT_METHOD, STARTER_ID, Recipe, Role, TrainRequest
from mma_desktop.engine.backbones.backbone_table import find_backbone
from mma_desktop.engine.estimator import PictureEstimator, check_parameter, checked_labels, refuse_unfitted, share_right
from mma_desktop.engine.methods.method_table import find_method, resolve_options
from mma_desktop.media.decoding import preview
from mma_desktop.media.pixels import jpeg_uri, png_bytes
from mma_desktop.services.predicting.classifier import Ranker, as_batch, as_source, read_parts

ADAPTER = "adapter.safetensors"
# What a notebook shows: this many examples of this many classes, at as many pixels, 300 kB at most.
EXAMPLES, EXAMPLE_CLASSES, EXAMPLE_SIDE = 4, 30, 64
LONGEST_SIDE = 1 << 16  # pixels; above any picture that is accepted, so that none is scaled down
NAMES_SHOWN = 6  # in one line

Events = Callable[[Progress | EpochEvent], None]


class Classifier(Ranker, PictureEstimator):
    """An image classifier that learns classes from a few pictures of each: a scikit-learn estimator.

    `clone`, `cross_val_score` and `GridSearchCV` work with it. Pictures are paths, the bytes of files or open files,
    PIL images, arrays (H, W, 3) or tensors (3, H, W), uint8 or from 0 to 1; several of them are a list, a DataFrame of
    one column, or one array or tensor of four dimensions.

    Args:
        shots: Pictures of each class to train on, at least 1; a class that has fewer is trained on all of them. The
            rest is for validation and testing. None trains on all.
        method: As for `mma-desktop train --method`.
        options: The method's options.
        recipe: Learning rate, epochs and so on; None uses the method's own.
        backbone: "starter", or an open_clip "MODEL/PRETRAINED".
        weights_file: The backbone's weights, if they are neither built in nor in the hub cache.
        device: "auto", "cpu", "cuda", "mps" or "xpu".
        seed: Seed for choosing the shots and for the training; None for 0.
        random_state: scikit-learn's name of `seed`; give one of them.
        prompt: The prompt template, or several, one per line; empty for the backbone's own.
        reads: The text that the model reads, by class name: {"Kohlmeise": "great tit"}; by default the name.
        base: The classes to train; the others are new, and only measured. None trains all classes.
        class_weight: How much the errors of each class count, as in scikit-learn: a dictionary of weights above 0 by
            class, 1 for the others; "balanced" for classes of fewer pictures to count as much as those of many; None
            for 1. It is in the loss of a method, and in the ridge regressions of the default's visual head.
        none_of_these: Whether `predict` may answer "None of these", which `rank` always reports. Pictures with that
            label are examples of it; it is not a class.

    Attributes:
        classes_: (C,) the labels and new names it was fitted with, sorted. After loading, the class names of the file
            or project.
    """

    classes_: NDArray[Any]

    def __init__(
        self,
        *,
        shots: int | None = None,
        method: str = DEFAULT_METHOD,
        options: Mapping[str, Any] | None = None,
        recipe: Recipe | None = None,
        backbone: str = STARTER_ID,
        weights_file: str | Path | None = None,
        device: str = "auto",
        seed: int | None = None,
        random_state: int | None = None,
        prompt: str = "",
        reads: Mapping[str, str] | None = None,
        base: Sequence[str] | None = None,
        class_weight: Mapping[Any, float] | str | None = None,
        none_of_these: bool = False,
    ) -> None:
        self.shots = shots
        self.method = method
        self.options = options
        self.recipe = recipe
        self.backbone = backbone
        self.weights_file = weights_file
        self.device = device
        self.seed = seed
        self.random_state = random_state
        self.prompt = prompt
        self.reads = reads
        self.base = base
        self.class_weight = class_weight
        self.none_of_these = none_of_these

    if not TYPE_CHECKING:  # a checker of types would take any name

        def __getattr__(self, name: str) -> Any:
            """Called for missing attributes, such as those that only a fitted classifier has."""
            if "header" not in self.__dict__ and (
                name in _LEARNED or isinstance(getattr(type(self), name, None), property)
            ):
                refuse_unfitted(type(self).__name__)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def fit(
        self,
        X: Iterable[Any],  # noqa: N803 - scikit-learn's name
        y: ArrayLike | None = None,
        *,
        unlabelled: Iterable[Any] = (),
        new: Sequence[Any] | Mapping[str, str] = (),
        progress: Events | None = None,
        cancel: CancelToken | None = None,
    ) -> Self:
        """Train on pictures and their classes, as `mma-desktop train` does.

        The measurements are in `header.metrics`; `messages` says, for example, which pictures could not be read.

        Args:
            X: N pictures; without `y` they are at hand, and two or more `new` names alone are learned from them.
            y: (N,) their classes: texts, which the model reads, or whole numbers.
            unlabelled: Pictures at hand, like those to predict, which teach, too (transductive learning).
            new: Classes of which there is no picture, of the type of y; they are among `classes_`. A dictionary also
                says what the model reads for them: {"Kohlmeise": "great tit"}.
            progress: Called with each progress event.
            cancel: Cancels the training.

        Warns:
            UserWarning: Pictures could not be read, and were left out.

        Raises:
            UserError: A parameter does not fit, there are fewer than two classes, a picture has two classes, a class
                has no readable picture, a new one has a picture, or the backbone is unavailable.
            TypeError: One of X or `unlabelled` is not a picture.
            ValueError: X and y differ in length, or y does not hold classes.
            Cancelled: `cancel` was set. The classifier is as it was.
        """
        from mma_desktop.services.batch.headless import choose_base, refuse_backbone, train
        from mma_desktop.services.batch.labelled_images import first_lines, in_lists

        self._check_parameters()
        spelt: dict[str, Any] = {}
        if isinstance(new, str):
            raise UserError(f"The parameter new must be a list of class names, not {new!r}.")
        named = y is None and len(new) > 0
        given = [] if named else [spelt.setdefault(name_key(str(label)), label) for label in checked_labels(y)]
        added = {name_key(str(label)): label for label in new}
        if len({isinstance(label, str) for label in (*given, *new)}) > 1:
            raise UserError("y and new hold texts and whole numbers. Give names of one type.")
        weights = None if self.weights_file is None else Path(self.weights_file)
        request = TrainRequest(
            method=self.method,
            options=resolve_options(find_method(self.method), self.options or {}),
            backbone=self.backbone,
            weights_file=weights,
            device=self.device,
            shots=ALL_SHOTS if self.shots is None else int(self.shots),
            seed=self._seed(),
            recipe=self.recipe,
            at_hand=True,
            class_weight=self._weights_by_name(
                {key: label for key, label in spelt.items() if not is_none_of_these(str(label))}
            ),
        )
        refuse_backbone(request.backbone, weights)
        with tempfile.TemporaryDirectory(prefix="mma-desktop-", dir=temporary_folder()) as folder:
            numbers = count(1)
            files, more = (
                [_file(image, next(numbers), Path(folder)) for image in as_batch(some)] for some in (X, unlabelled)
            )
            path = Path(folder) / ADAPTER
            names = list(map(str, given))
            token = _reporting(cancel, progress)
            images = in_lists(files, names, sorted(map(str, added.values()))).beside(more)
            try:
                base = [] if len(images.names) < 2 else choose_base(images.names, self.base, 1)
                reads = {**(self.reads or {}), **(new if isinstance(new, Mapping) else {})}
                report = train(images, path, request, token, base, self.prompt, reads)
            except UserError as error:
                raise UserError(str(error).replace(f"{folder}{os.sep}", "")) from error
            notes = [note.replace(f"{folder}{os.sep}", "") for note in (*report.fewer, *report.notes)]
            parts = read_parts(path, self.device, weights)
            examples = _examples(files[: len(names)], names)
            unread = {problem["path"]: problem["reason"] for problem in report.json["problems"]}
            left = {
                name_key(name) for file, name in zip(files, names, strict=False) if str(file.absolute()) not in unread
            }
            lines = [f"{path}: {reason}".replace(f"{folder}{os.sep}", "") for path, reason in unread.items()]
        if bare := [name for key, name in spelt.items() if key not in left]:
            raise UserError(f"No picture of {listed(bare)} can be read:\n{first_lines(lines)}")
        if lines:
            how_many = "1 picture" if len(lines) == 1 else f"{len(lines)} pictures"
            text = f"{how_many} could not be read and had no part in the training:\n{first_lines(lines)}"
            warnings.warn(text, UserWarning, stacklevel=2)
        Ranker.__init__(self, *parts)
        self._examples = examples
        self.messages = (*self.messages, *(note for note in notes if note not in self.messages))
        known = (label for label in (*given, *added.values()) if not is_none_of_these(str(label)))
        self.classes_ = np.unique(np.array(list(known)))
        return self

    def _check_parameters(self) -> None:
        number, text = "a whole number of at least", "a text"
        check_parameter("shots", self.shots, (Integral, None), f"{number} 1, or None", 1)
        for name in ("seed", "random_state"):
            check_parameter(name, getattr(self, name), (Integral, None), f"{number} 0, or None")
        for name in ("method", "backbone", "device", "prompt"):
            check_parameter(name, getattr(self, name), str, text)
        check_parameter("options", self.options, (Mapping, None), "a dictionary or None")
        check_parameter("reads", self.reads, (Mapping, None), "a dictionary or None")
        check_parameter("recipe", self.recipe, (Recipe, None), "a Recipe or None")
        check_parameter("weights_file", self.weights_file, (str, os.PathLike, None), "a path or None")
        if isinstance(self.base, str):
            raise UserError(f"The parameter base must be a list of class names or None, not {self.base!r}.")
        what = 'a dictionary of numbers above 0, "balanced" or None'
        check_parameter("class_weight", self.class_weight, (Mapping, str, None), what)
        weights = self.class_weight.values() if isinstance(self.class_weight, Mapping) else ()
        if self.class_weight not in (None, "balanced") and not (
            weights and all(0 < weight < np.inf for weight in weights)
        ):
            raise UserError(f"The parameter class_weight must be {what}, not {self.class_weight!r}.")

    def _seed(self) -> int:
        given = {int(seed) for seed in (self.seed, self.random_state) if seed is not None}
        if len(given) > 1:
            raise UserError(
                f"The parameters seed ({self.seed}) and random_state ({self.random_state}) are the same thing. Give "
                "one of them, and None for the other."
            )
        return given.pop() if given else 0

    def _weights_by_name(self, spelt: Mapping[str, Any]) -> str | Mapping[str, float] | None:
        if self.class_weight is None or isinstance(self.class_weight, str):
            return self.class_weight
        if unknown := [name for name in self.class_weight if name_key(str(name)) not in spelt]:
            raise UserError(f"The parameter class_weight has {listed(unknown)}, and y has no such class.")
        return {str(name): float(weight) for name, weight in self.class_weight.items()}

    def predict(
        self,
        X: Any | Iterable[Any],  # noqa: N803
        classes: ClassNames | None = None,
    ) -> NDArray[Any]:
        """(N,) the best class of each picture. `rank` also says how sure it is, and takes files that cannot be read.

        With `none_of_these`, the array has dtype object: labels of their own type, and the text "None of these". The
        share of such pictures is estimated from 100 pictures on.

        Args:
            X: N pictures, or one.
            classes: (C,) any class names, trained or not; None uses `classes_`.

        Raises:
            UserError: A picture cannot be read, or as for `rank`.
            TypeError: One of X is not a picture.
        """
        labels = self.classes_ if classes is None else np.array(list(classes))
        if not self.none_of_these:
            predicted: NDArray[Any] = labels[self.predict_proba(X, classes).argmax(axis=1)]
            return predicted
        probabilities, _, rejected = self.judged(X, list(map(str, self.classes_)) if classes is None else classes)
        predicted = labels.astype(object)[probabilities.argmax(axis=1)]
        predicted[rejected] = NONE_OF_THESE
        return predicted

    def score(self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:  # noqa: N803
        """The share of pictures (0 to 1) that `predict` is right about.

        With `none_of_these`, that answer is wrong unless it is the label. Other metrics of scikit-learn compare it with
        labels that are texts only.

        Args:
            X: N pictures.
            y: (N,) their labels.
            sample_weight: (N,) how much each counts; None for all the same.

        Raises:
            ValueError: They differ in length, or y does not hold classes.
            UserError: As for `predict`.
        """
        if not self.none_of_these:
            return super().score(X, y, sample_weight)
        return share_right(checked_labels(y), self.predict(X), sample_weight)

    def predict_proba(
        self,
        X: Any | Iterable[Any],  # noqa: N803
        classes: ClassNames | None = None,
    ) -> NDArray[np.float32]:
        """(N, C) calibrated probabilities, in the order of `classes_`, or of `classes`. As for `predict`.

        With `none_of_these` (N, C + 1): the last column is the probability of None of these, and the others are those
        of the confidences of `rank`.
        """
        names = list(map(str, self.classes_)) if classes is None else classes
        if not self.none_of_these:
            return self.probabilities(X, names)
        probabilities, known, _ = self.judged(X, names)
        return np.column_stack([probabilities * known[:, None], 1 - known]).astype(np.float32)

    def predict_log_proba(
        self,
        X: Any | Iterable[Any],  # noqa: N803
        classes: ClassNames | None = None,
    ) -> NDArray[np.float32]:
        """(N, C) natural logarithms of `predict_proba`; -inf for a probability that rounds to 0."""
        with np.errstate(divide="ignore"):
            logarithms: NDArray[np.float32] = np.log(self.predict_proba(X, classes))
        return logarithms

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:  # noqa: ARG002 - scikit-learn's
        """(W,) the names of the columns of `transform`: "shared0" and on, then "visual0" and on."""
        layout = self._backbone.layout
        visual = (f"visual{number}" for number in range(layout.width - layout.embed_dim))
        return np.array([*(f"shared{number}" for number in range(layout.embed_dim)), *visual], object)

    def transform(self, X: Any | Iterable[Any]) -> NDArray[np.float32]:  # noqa: N803
        """(N, W) whole rows of image features, which the default trains on, for a classifier of your own.

        The first D columns (`image_features`, D as in `text_features`) are a unit vector in the space of the texts. The
        rest, if there are any, are visual features that no text is compared with. `get_feature_names_out` names them.
        As for `predict`, each picture is
        embedded once: rows are kept by content in the cache that the command line also uses.

        Raises:
            UserError: A picture cannot be read.
            TypeError: One of X is not a picture.
        """
        return self._all_rows(X)

    def push_to_hub(self, repo_id: str, *, licence: str = "", private: bool = True, revision: str | None = None) -> str:
        """Upload the adapter with a model card to the Hugging Face hub. `load_classifier("hf://owner/name")` loads it.

        The card has the class names, what was measured and the settings. No picture is uploaded. The adapter's file
        has hashes of the pictures it was trained on. Sign in first with `hf auth login`, or set HF_TOKEN.

        Args:
            repo_id: "owner/name". The repository is made if there is none.
            licence: The hub's id of a licence, such as "cc-by-4.0"; empty for that of the backbone.
            private: Whether a new repository is seen by its owner only.
            revision: A branch, made if there is none; None for "main".

        Returns:
            The repository's address in a browser.

        Raises:
            UserError: The hub cannot be reached, or refuses.
        """
        from mma_desktop.engine import hub
        from mma_desktop.engine.checkpoint import read_header
        from mma_desktop.services.training.report import card, measured_in

        check_parameter("licence", licence, str, "a text")
        evaluation = measured_in(self.header)
        accuracy = evaluation.adapted.all if evaluation is not None else None
        percent = None if accuracy is None else accuracy.percent
        metadata = hub.metadata_of(find_backbone(self.header.backbone), licence, percent)
        with tempfile.TemporaryDirectory(prefix="mma-desktop-", dir=temporary_folder()) as folder, english():
            path = Path(folder) / ADAPTER
            self.save(path)
            text = card(read_header(path), repo_id)
            return hub.upload(repo_id, path, text, metadata, private=private, revision=revision)

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__)
        if "header" in state:
            with tempfile.TemporaryDirectory(prefix="mma-desktop-", dir=temporary_folder()) as folder:
                self.save(Path(folder) / ADAPTER)
                state["_file"] = (Path(folder) / ADAPTER).read_bytes()
            for name in ("header", "_backbone", "_predictor", "_cache"):
                del state[name]
        return state

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        attributes = dict(state)
        file = attributes.pop("_file", None)
        self.__dict__.update(attributes)
        if file is not None:
            with tempfile.TemporaryDirectory(prefix="mma-desktop-", dir=temporary_folder()) as folder:
                path = Path(folder) / ADAPTER
                path.write_bytes(file)
                weights = None if self.weights_file is None else Path(self.weights_file)
                parts = read_parts(path, self.device, weights)
                Ranker.__init__(self, *parts, attributes.get("_project_names"), attributes.get("_none_weight", 1.0))
            self.digest, self.messages = attributes["digest"], attributes["messages"]

    def __repr__(self, N_CHAR_MAX: int = 700) -> str:  # noqa: N803 - scikit-learn's name
        from mma_desktop.services.training.claims import range_words
        from mma_desktop.services.training.report import measured_in

        if "header" not in self.__dict__:
            return str(super().__repr__(N_CHAR_MAX))
        evaluation = measured_in(self.header)
        accuracy, right = None if evaluation is None else evaluation.adapted.all, ""
        with english():
            names = shortened(self.classes, NAMES_SHOWN)
            if accuracy is not None:
                right = f"; {range_words(accuracy)} right, {tr('{n} picture', '{n} pictures', accuracy.n)}"
        return f"<{self._title()}: {names}{right}>"

    def _title(self) -> str:
        with english():
            method = find_method(self.header.method).title
        count = f"{len(self.classes)} class{'' if len(self.classes) == 1 else 'es'}"
        learned = f"shots={self.header.shots}" if self.header.base_keys else "from names alone"
        return f"{type(self).__name__} of {count} ({method} on {self.header.backbone}, {learned})"

    def _repr_html_(self) -> str:
        from html import escape

        from mma_desktop.services.training.report import notebook_page

        if "header" not in self.__dict__:
            return f"<pre>{escape(repr(self))}</pre>"
        with english():
            return notebook_page(self.header, self._examples, self._title())


_LEARNED = {
    "header",
    "digest",
    "image_spec",
    "_project_names",
    "messages",
    "_backbone",
    "_predictor",
    "_cache",
    "classes_",
}


def load_classifier(
    path: str | Path,
    device: str = "auto",
    weights_file: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: CancelToken | None = None,
) -> Classifier:
    """Load an exported adapter, or the model of a project, and the backbone it was trained on.

    >>> classifier = load_classifier("adapter.safetensors")
    >>> classifier.base_classes
    ['cactus', 'daisy', 'lemon']
    >>> classifier.predict("a.jpg")
    array(['lemon'], dtype='<U6')
    >>> classifier.rank(["a.jpg", "no such file.jpg"])[0].ranked[0].class_name
    'lemon'

    Args:
        path: The `.safetensors` file, a project (`.mma`), whose model in use is taken, or on the Hugging Face hub
            "hf://owner/name" or "hf://owner/name@revision", a branch, a tag or a commit. A project must not be open
            elsewhere. Its model chooses among the project's classes, which go along with the adapter that `save` and
            `push_to_hub` write, and is as strict about "None of these" as the project.
        device: "auto", "cpu", "cuda", "mps" or "xpu".
        weights_file: The backbone's weights, unless they are built in, in the hub cache, or known to the project.
        progress: Called with downloaded and total bytes (0 while unknown) while a backbone is downloaded.
        cancel: Cancels a download.

    Raises:
        UserError: The file is missing, damaged or newer, its backbone is unavailable or does not match, the project
            has no model or is open elsewhere, or the hub cannot be reached.
        Cancelled: `cancel` was set.
    """
    from mma_desktop.engine import hub
    from mma_desktop.services.batch.on_projects import given_model
    from mma_desktop.services.inference_state import DownloadProgress

    if isinstance(path, str) and path.startswith(hub.ADDRESS):
        path = hub.download(*hub.parsed_address(path))
    weights = None if weights_file is None else Path(weights_file)

    def downloaded(event: object) -> None:
        if progress is not None and isinstance(event, DownloadProgress):
            progress(event.done, event.total or 0)

    token = _reporting(cancel, downloaded)
    with given_model(Path(path), device, weights, token) as model:
        adapter, header, backbone, digest = read_parts(model.adapter, device, model.weights, token)
    new = any(role is Role.NEW for role in header.roles)
    classifier = Classifier(
        shots=header.shots,
        method=header.method,
        options=dict(header.options),
        backbone=header.backbone,
        weights_file=model.weights if weights_file is None else weights_file,
        device=device,
        seed=header.seed,
        prompt=header.prompt_template,
        reads=dict(header.own_reads) or None,
        base=[name for name, role in header.classes if role is Role.BASE] if new else None,
    )
    Ranker.__init__(classifier, adapter, header, backbone, digest, model.names, model.none_weight)
    classifier.messages = (*model.messages, *classifier.messages)
    classifier.classes_, classifier._examples = np.array(sorted(classifier.classes), np.str_), {}
    return classifier


def _reporting(cancel: CancelToken | None, progress: Callable[[Any], None] | None) -> CancelToken:
    """A token that `cancel` cancels, and that also reports to `progress`."""

    def relay(event: Any) -> Any:
        if progress is not None:
            progress(event)
        return event

    return (cancel or CancelToken()).relaying(relay)


def _file(picture: Any, number: int, folder: Path) -> Path:
    """The file that a training reads for a picture: its own, or one that is written to `folder`.

    Raises:
        UserError: It is in memory and not a usable picture.
        TypeError: It is of a wrong type.
    """
    try:
        source = as_source(picture)
        if isinstance(source, Path):
            return source
        pixels = preview(source, LONGEST_SIDE)
    except UserError as error:
        raise UserError(f"Picture {number}: {error}") from error
    path = folder / f"picture {number}.png"
    path.write_bytes(png_bytes(pixels))
    return path


def _examples(files: Sequence[Path], names: Sequence[str]) -> dict[str, list[str]]:
    """Data URIs of a few small pictures of each class, by `name_key`."""
    shown_of: dict[str, list[str]] = {}
    for path, key in zip(files, map(name_key, names), strict=True):
        if len(shown_of) == EXAMPLE_CLASSES and key not in shown_of:
            continue
        shown = shown_of.setdefault(key, [])
        if len(shown) < EXAMPLES:
            try:
                shown.append(jpeg_uri(preview(path, EXAMPLE_SIDE)))
            except UserError:
                continue
    return shown_of
