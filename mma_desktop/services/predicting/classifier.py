"""A trained adapter with its backbone: what commands predict with, and what `mma_desktop.Classifier` builds on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.class_names import ClassNames, duplicate_names, name_key, same_text, shown_reading, unfit_names
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import resource
from mma_desktop.core.types import ImageSpec, Prediction, Role
from mma_desktop.engine.open_set_scores import NEVER, Thresholds
from mma_desktop.media.decoding import Pixels, Source, decode, is_source, read_hashed
from mma_desktop.media.error_messages import UNDECODABLE, reason_text
from mma_desktop.media.scan import Found
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.inference_state import downloading
from mma_desktop.services.predicting.model_in_use import Model
from mma_desktop.services.predicting.prediction import top_predictions
from mma_desktop.services.project_factory import cache_limit, user_embeddings_dir

if TYPE_CHECKING:
    from mma_desktop.engine.backbones.backbone import Backbone
    from mma_desktop.engine.checkpoint import CheckpointHeader
    from mma_desktop.engine.export.model_writer import ExportedModel
    from mma_desktop.engine.features.extraction import EncodedImage
    from mma_desktop.engine.features.shared_cache import SharedCache
    from mma_desktop.engine.methods.adapter import Adapter

# With how many pictures of a project its exported classifier is compared.
IMAGES_COMPARED = 32

_BYTES = bytes | bytearray | memoryview


class InputImage(NamedTuple):
    """A picture as it was given: its display name, and what is read, its pixels with their digest, or its problem."""

    label: str
    source: Path | bytes | tuple[bytes, Callable[[], Pixels]] | UserError


class Ranker:
    """Ranks class names for pictures, with a trained adapter and its backbone. Created by `load_ranker`.

    Args:
        backbone: What the adapter was trained on.
        digest: SHA-256 (hexadecimal) of its file.
        project_names: The project's classes with what the model reads for them; None for an adapter by itself.
        none_weight: The project's `none_of_these.none_weight`.

    Attributes:
        header: The checkpoint's header: method, backbone, classes with roles, metrics, seed.
        messages: Deviations from the request, such as an unavailable device or an unreadable picture.
        digest: SHA-256 (hexadecimal) of the adapter's file as it was loaded.
        image_spec: How a picture becomes the backbone's input.
    """

    def __init__(
        self,
        adapter: Adapter,
        header: CheckpointHeader,
        backbone: Backbone,
        digest: str = "",
        project_names: Mapping[str, str] | None = None,
        none_weight: float = 1.0,
    ) -> None:
        from mma_desktop.engine.predictor import Predictor

        self.header, self.digest, self.image_spec = header, digest, backbone.image_spec
        self.messages: tuple[str, ...] = tuple(backbone.messages)
        self._backbone, self._project_names, self._none_weight = backbone, project_names, none_weight
        self._cache: SharedCache | None = None
        reads = {name_key(name): text for name, text in (project_names or {}).items()}
        self._predictor = Predictor(backbone, lambda: reads)
        self._predictor.hold(adapter, header)

    @property
    def classes(self) -> list[str]:
        """The class names to choose from: those the checkpoint was made with, base and new, or a project's own."""
        names = self._project_names
        return [name for name, _ in self.header.classes] if names is None else list(names)

    @property
    def base_classes(self) -> list[str]:
        """The class names that were trained."""
        return [name for name, role in self.header.classes if role == Role.BASE]

    def rank(
        self,
        images: Any | Iterable[Any],
        classes: ClassNames | None = None,
        top_k: int = 5,
        *,
        none_share: float | None = None,
    ) -> list[Prediction]:
        """The best classes of each picture with their confidence, and whether it shows none of them.

        Args:
            images: One picture or several: paths, the bytes of files or open files, PIL images, arrays (H, W, 3) or
                (H, W), or tensors (3, H, W). Arrays and tensors hold uint8, or what `media.pixels.from_array` takes.
                A table of one column is several.
            classes: (C,) any class names, trained or not; None uses `classes`. The adapter still considers
                the names it was trained with, but only `classes` are returned. A mapping also says what the model reads
                for names that were not trained: {"Kohlmeise": "great tit"}.
            top_k: Number of classes per picture, at most C.
            none_share: The share of pictures (0 to 1) that show none of the trained classes; with 0 none is `rejected`.
                None estimates it from 100 pictures on, and takes that of the training for fewer.

        Returns:
            One prediction per picture, in order. A picture that cannot be read has its reason in `problem` and no
                classes. A `rejected` picture shows none of the classes; its ranking is returned all the same.

        Raises:
            UserError: `classes` is a text, is empty or has duplicates, or the model would read the same text for two
                of them; or the images are a table of several columns.
            TypeError: One of the images is of another type.
            ValueError: `top_k` is below 1, or `none_share` is not from 0 to 1.
        """
        predictions = list(self.predict_each(as_batch(images), classes, top_k, none_share=none_share))
        if none_share is not None:
            return predictions
        return list(self.decided(predictions, self.none_thresholds(map(self.evidence, predictions))))

    def predict_each(
        self,
        images: Iterable[Any],
        classes: ClassNames | None = None,
        top_k: int = 5,
        *,
        none_share: float | None = None,
    ) -> Iterator[Prediction]:
        """Like `rank`, but lazily, for more pictures than fit in memory, and for what `media.scan.walk` finds.

        Without `none_share` it is that of the training: `none_thresholds` and `decided` do what `rank` does then.
        """
        for _, prediction in self.answered(images, classes, top_k, none_share=none_share):
            yield prediction

    @staticmethod
    def evidence(prediction: Prediction) -> tuple[float, float]:
        """What `none_thresholds` takes of a prediction; NaN twice if nothing tells unknown pictures."""
        if prediction.score is None and prediction.margin is None:
            return np.nan, np.nan
        score = -np.inf if prediction.score is None else prediction.score
        return score, (np.inf if prediction.margin is None else prediction.margin) if prediction.by_text else np.nan

    def none_thresholds(self, evidence: Iterable[tuple[float, float]]) -> Thresholds:
        """Below what pictures with this `evidence` are None of these, as in the window."""
        open_set = self.header.open_set
        if open_set is None or not self._none_weight:
            return NEVER
        pairs = np.array(list(evidence), np.float64).reshape(-1, 2)
        scores, margins = pairs[~np.isnan(pairs[:, 0])].T
        return open_set.decide(scores, margins, self._none_weight)[2]

    def decided(self, predictions: Iterable[Prediction], thresholds: Thresholds) -> Iterator[Prediction]:
        """Predictions with what follows from other thresholds; nothing is predicted again."""
        for prediction in predictions:
            score, margin = self.evidence(prediction)
            if np.isnan(score):
                yield prediction
                continue
            below = margin < thresholds.margin if prediction.by_text else score < thresholds.score
            known = float(thresholds.known(np.array(score), np.array(margin)))
            ranked = (
                # Confidences are probabilities among the classes times that of showing one: only the latter changes.
                replace(image, confidence=image.confidence * known / prediction.known)
                for image in prediction.ranked
            )
            yield replace(prediction, rejected=bool(below), ranked=tuple(ranked), known=known)

    def _thresholds(self, none_share: float | None) -> Thresholds:
        open_set = self.header.open_set
        if open_set is None or none_share == 0:
            return NEVER
        return open_set.thresholds(open_set.share if none_share is None else none_share, self._none_weight or 1.0)

    def answered(
        self,
        images: Iterable[Any],
        classes: ClassNames | None = None,
        top_k: int = 5,
        *,
        none_share: float | None = None,
        keeps: bool = True,
        workers: int | None = None,
    ) -> Iterator[tuple[EncodedImage[InputImage], Prediction]]:
        """Like `predict_each`, with what was found when looking at each picture.

        Unless it `keeps` rows, none are taken from the cache of the user or put there. `workers` threads decode.
        """
        if top_k < 1:
            raise ValueError("top_k must be at least 1")
        if none_share is not None and not 0 <= none_share <= 1:
            raise ValueError("none_share must be from 0 to 1")
        # A weight of 0 switches None of these off for the project, unless a share is asked for.
        thresholds = None if none_share is None and not self._none_weight else self._thresholds(none_share)
        names = self._checked(classes)
        with closing(self._looked(images, keeps=keeps, workers=workers)) as looked:
            for some in looked:
                yield from zip(some, self._predict_batch(some, names, top_k, thresholds), strict=True)

    def probabilities(self, images: Any | Iterable[Any], classes: ClassNames | None = None) -> NDArray[np.float32]:
        """(N, C) calibrated probabilities of pictures that show one of the class names, in their order.

        Arguments and errors are those of `rank`. A picture that cannot be read is an error, as it has no probabilities.
        """
        return self.judged(images, classes)[0]

    def judged(
        self, images: Any | Iterable[Any], classes: ClassNames | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.bool_]]:
        """`probabilities` (N, C); how likely pictures show one of the classes, and which show none, as `rank` says."""
        names, template = self._checked(classes), self.header.prompt_template
        rows = self._all_rows(images)
        if not len(rows):
            return np.empty((0, len(names)), np.float32), np.zeros(0), np.zeros(0, np.bool_)
        probabilities, open_set_scores = self._predictor.predict(rows, names, template)
        if open_set_scores is None or not self._none_weight:
            return probabilities, np.ones(len(probabilities)), np.zeros(len(probabilities), np.bool_)
        thresholds = self.none_thresholds(
            zip(open_set_scores.scores.tolist(), open_set_scores.margins.tolist(), strict=True)
        )
        return probabilities, open_set_scores.known(thresholds), open_set_scores.rejected(thresholds)

    def image_features(self, images: Any | Iterable[Any]) -> NDArray[np.float32]:
        """(N, D) unit image features. Their products with `text_features` are the backbone's own similarities.

        Raises:
            UserError: A picture cannot be read.
            TypeError: As for `rank`.
        """
        return self._all_rows(images)[:, : self._backbone.embed_dim]

    def _all_rows(self, images: Any | Iterable[Any]) -> NDArray[np.float32]:
        blocks = [np.empty((0, self._backbone.layout.width), np.float32)]
        with closing(self._looked(as_batch(images))) as looked:
            for some in filter(None, looked):
                if unread := [_problem(image.error) for image in some if image.error is not None]:
                    raise UserError("\n".join(unread))
                blocks.append(np.stack([image.row for image in some if image.row is not None]))
        return np.concatenate(blocks)

    def _looked(
        self, images: Iterable[Any], *, keeps: bool = True, workers: int | None = None
    ) -> Generator[list[EncodedImage[InputImage]], None, None]:
        """The rows of pictures; each is kept by content, as trainings do."""
        from mma_desktop.engine.features.extraction import Content, rows_of

        spec = self._backbone.image_spec

        def read(given: InputImage) -> Content:
            if isinstance(given.source, UserError):
                raise given.source
            content = given.source if isinstance(given.source, tuple) else read_hashed(given.source, spec)
            return Content(*content)

        cache = self._opened_cache() if keeps else None
        try:
            yield from rows_of(self._backbone, cache, (_input_image(image, spec) for image in images), read, workers)
        finally:
            if cache is not None:
                cache.close()

    def _opened_cache(self) -> SharedCache | None:
        folder = user_embeddings_dir()
        if folder is None:
            return None
        # The user's cache folder may have changed since the last call.
        if self._cache is None or self._cache.folder.parent != folder:
            from mma_desktop.engine.features.shared_cache import shared_cache

            self._cache = shared_cache(folder, self._backbone, cache_limit())
        else:
            # Another program may have written rows meanwhile.
            self._cache.refresh()
        return self._cache

    def text_features(self, names: ClassNames) -> NDArray[np.float32]:
        """(C, D) unit text features of class names in the checkpoint's prompt template or ensemble."""
        _refuse_one_text("names", names)
        return self._predictor.texts(names, self.header.prompt_template)

    def read_as(self, classes: ClassNames | None = None) -> dict[str, str]:
        """What the model reads for those class names that it does not read themselves, as "dandelion" for "Löwenzahn".

        Several texts are joined by semicolons. Arguments and errors are those of `rank`.
        """
        names = self._checked(classes)
        read = zip(names, map(shown_reading, self._predictor.read(names, adapted=True)), strict=True)
        return {name: text for name, text in read if name_key(text) != name_key(name)}

    def read_in_doubt(self, classes: ClassNames | None = None) -> list[str]:
        """Those names, none of them trained, of which what is read may well be something else.

        If they are not in `read_as`, they are not understood.
        """
        names = self._checked(classes)
        given = names if isinstance(names, Mapping) else {}
        read = dict(zip(names, self._predictor.read(names, adapted=True), strict=True))
        doubtful, trained = self._predictor.doubtful(read), self.header.base_keys
        return [name for name in doubtful if name_key(name) not in trained and not given.get(name)]

    def save(self, path: str | Path) -> None:
        """Write the adapter as a `.safetensors` file, for `load_classifier`, the window and the command line.

        The file of a project's model also names the project's classes that were added after the training, as new ones.

        Raises:
            UserError: The file cannot be written; one that was there is kept.
        """
        from mma_desktop.engine.checkpoint import save

        adapter, header = self._predictor.need_adapter()
        names = list(self._project_names or ())
        read = dict(zip(names, self._predictor.read(names, adapted=False), strict=True))
        save(Path(path), adapter, _with_names(header, names, self._predictor.to_keep(read)))

    def export(
        self,
        out: str | Path,
        form: str = "onnx",
        classes: ClassNames | None = None,
        *,
        prompt: str = "",
        pictures: Iterable[Any] = (),
        cancel: CancelToken | None = None,
    ) -> ExportedModel:
        """Write the whole classifier, from pictures to probabilities, as one file for other programs.

        The file takes pictures (N, 3, size, size), uint8, RGB, any N, resized and cropped as its metadata says, and
        returns probabilities (N, C), calibrated like those of `rank`. The metadata, a JSON text named "mma_desktop"
        (in torch's formats the extra file "mma_desktop.json"), has the class names, the preprocessing and the threshold
        of None of these. Before the file is moved into place, its own runtime loads it and is compared with `rank` on
        random and real pictures.

        Args:
            out: The file to write.
            form: "onnx" or "torch-export".
            classes: As for `rank`; they are fixed in the file.
            prompt: A prompt template for the class names, or several, one per line; empty uses the adapter's own.
            pictures: Real pictures to compare with, as for `rank`; those that cannot be read are left out. Empty uses
                some of the sample project.
            cancel: Cancels the export.

        Raises:
            UserError: A required package is missing, this classifier cannot be exported, or none of the pictures can be
                read. Nothing is written then.
        """
        from mma_desktop.engine.export.full_model import Parts
        from mma_desktop.engine.export.model_writer import check_pictures, describe, write_model
        from mma_desktop.engine.export.runtimes import find_format
        from mma_desktop.engine.features.extraction import Content, rows_of

        target = find_format(form)
        target.check_can()
        if self._backbone.device.type != "cpu":
            raise UserError.tr("A classifier is exported from the processor. Load it with the device cpu.")
        names = self._checked(classes)
        template = prompt or self.header.prompt_template
        candidates, (adapter, header) = self._predictor.candidates(names, template), self._predictor.need_adapter()
        spec = self._backbone.image_spec
        read, unread = [], []
        for picture in list(as_batch(pictures)) or sorted(resource("sample").glob("*/* 01.jpg")):
            try:
                read.append(decode(as_source(picture), spec))
            except UserError as error:
                unread.append(str(error))
        if not read:
            raise UserError("\n".join(unread))
        shown = check_pictures(spec.size, read)
        # Nothing from the cache: in half precision, as on a graphics card, rows differ by more than is allowed.
        looked = rows_of(self._backbone, None, range(len(shown)), lambda at: Content(b"%d" % at, lambda: shown[at]))
        rows = np.stack([image.row for some in looked for image in some if image.row is not None])
        expected = self._predictor.probabilities(rows, names, template, adapted=True)
        open_set_scores = self._predictor.open_set_scores(rows, names, template, expected.argmax(axis=1))
        thresholds = self._thresholds(None) if self._none_weight else NEVER
        columns = tuple(self._predictor.trained_columns(names))
        open_set = header.open_set
        places = self._predictor.threshold_rows(names) if open_set is not None and open_set.names else ()
        name_thresholds = tuple(open_set.names[at] for at in places) if open_set is not None else ()
        parts = Parts(adapter, self._backbone, candidates, header.temperatures, columns, thresholds, name_thresholds)
        reads = self.read_as(classes)
        about = describe(header, self.digest, spec, list(names), reads, template, target, self._none_weight)
        return write_model(parts, target, Path(out), about, shown, expected, cancel, open_set_scores)

    def _checked(self, classes: ClassNames | None) -> ClassNames:
        _refuse_one_text("classes", classes)
        given = self.classes if classes is None else classes
        names = list(given)
        if not names:
            raise UserError.tr("Name at least one class to choose from.")
        if trouble := unfit_names(names):
            raise UserError(trouble)
        if twice := duplicate_names(names):
            raise UserError.tr(
                "The class name '{class_name}' is given twice. Name each class once.", class_name=twice[0]
            )
        # Two classes of one text would have the same probability for every image.
        texts = [text or name for name, text in zip(names, self._predictor.given_texts(given), strict=True)]
        if trouble := unfit_names(texts) or same_text(dict(zip(names, texts, strict=True))):
            raise UserError(trouble)
        return given if isinstance(given, Mapping) else names

    def _predict_batch(
        self, batch: Sequence[EncodedImage[InputImage]], names: ClassNames, top_k: int, thresholds: Thresholds | None
    ) -> list[Prediction]:
        predictions = [Prediction(image.key.label, problem=_problem(image.error)) for image in batch]
        places = [at for at, given in enumerate(batch) if given.row is not None]
        if places:
            features = np.stack([row for image in batch if (row := image.row) is not None])
            labels, template = [batch[at].key.label for at in places], self.header.prompt_template
            answers = top_predictions(self._predictor, labels, features, names, template, top_k, thresholds)
            for at, answer in zip(places, answers, strict=True):
                predictions[at] = answer
        return predictions


def _with_names(header: CheckpointHeader, names: Sequence[str], reads: Mapping[str, str]) -> CheckpointHeader:
    """The header with a project's classes besides, as new ones; untrained names are read as `reads` say."""
    # A class keeps the checkpoint's spelling: its weights are found by name.
    spelt = {name_key(name): name for name in header.class_names}
    untrained = [name for name in names if name_key(name) not in header.base_keys]
    more = [(name, Role.NEW) for name in untrained if name_key(name) not in spelt]
    reads = {spelt.get(name_key(name), name): reads[name] for name in untrained if name in reads}
    return replace(header, classes=(*header.classes, *more), reads={**header.reads, **reads})


def _refuse_one_text(parameter: str, names: object) -> None:
    # Its letters would be taken for class names.
    if isinstance(names, str | bytes):
        raise UserError.tr(
            "The parameter {parameter} must be a list of class names, not {text}.",
            parameter=parameter,
            text=repr(names),
        )


def as_batch(images: Any) -> Iterable[Any]:
    """Convert one picture, several in one array, tensor or table of one column, or an iterable, to an iterable.

    Raises:
        UserError: It is a table of several columns.
        TypeError: It is neither a picture nor several.
    """
    from mma_desktop.engine.features.extraction import is_tensor

    if isinstance(images, str | os.PathLike | _BYTES) or hasattr(images, "read"):
        return [images]
    if hasattr(images, "columns") and hasattr(images, "to_numpy"):  # a DataFrame, which iterates over its columns
        images = np.asarray(images.to_numpy(), object)
    if isinstance(images, np.ndarray):
        if images.dtype.kind not in "OUT":
            return images if images.ndim == 4 else [images]
        if images.ndim == 2 and images.shape[1] != 1:
            raise UserError.tr(
                "A table of {n} columns is no list of pictures. Give the column that has them.", n=images.shape[1]
            )
        return images[:, 0] if images.ndim == 2 else images
    if is_tensor(images):
        return images if images.ndim == 4 else [images]
    if isinstance(images, Mapping):
        raise _wrong_type(images)
    return images if isinstance(images, Iterable) else [images]


def as_source(image: Any) -> Source:
    """Convert a picture to what `media.decoding` accepts.

    Raises:
        UserError: It is a tensor of a wrong shape.
        TypeError: It is not a path, the bytes of a file, an open file, a PIL image, an array or a tensor.
    """
    from mma_desktop.engine.features.extraction import image_of, is_tensor

    if isinstance(image, str | os.PathLike):
        return Path(image)
    if isinstance(image, _BYTES):
        return bytes(image)
    if hasattr(image, "read"):
        return _content(image)
    if is_tensor(image):
        return image_of(image)
    if is_source(image):
        return image
    raise _wrong_type(image)


def _content(file: Any) -> bytes:
    """The bytes of an open file, from its start where it can go back there."""
    if getattr(file, "seekable", bool)():
        file.seek(0)
    if isinstance(data := file.read(), bytes):
        return data
    raise TypeError(f"{type(file).__qualname__} gives {type(data).__qualname__}, not bytes: open the file as 'rb'")


def _wrong_type(image: Any) -> TypeError:
    return TypeError(
        f"{type(image).__qualname__} is not a picture: give a path, a PIL image, an array or a tensor, or the bytes of "
        "a file"
    )


def _input_image(image: Any, spec: ImageSpec) -> InputImage:
    """What is looked at; pictures in memory are decoded now."""
    if isinstance(image, Found):
        if image.problem is not None:
            return InputImage(str(image.path), UserError(reason_text(image.reason)))
        image = image.path
    label = str(image) if isinstance(image, str | os.PathLike) else type(image).__name__
    try:
        source = as_source(image)
        return InputImage(label, source if isinstance(source, Path | bytes) else read_hashed(source, spec))
    except UserError as error:
        return InputImage(label, error)


def _problem(error: Exception | None) -> str:
    """Why a picture has no row; empty if there is no error."""
    if error is None or isinstance(error, UserError):
        return str(error or "")
    # A broken picture can make its decoder raise anything.
    return reason_text(UNDECODABLE.of(decoder_error=type(error).__name__))


def load_ranker(model: Model, device: str = "auto", token: CancelToken | None = None) -> Ranker:
    """Load a model and the backbone it was trained on, as `mma_desktop.load_classifier` does."""
    return Ranker(*read_parts(model.adapter, device, model.weights, token), model.names, model.none_weight)


def read_parts(
    path: Path, device: str, weights_file: Path | None, token: CancelToken | None = None
) -> tuple[Adapter, CheckpointHeader, Backbone, str]:
    from mma_desktop.engine import checkpoint
    from mma_desktop.engine.backbones.loading import load_backbone

    token = token or CancelToken()
    data = checkpoint.read(path)
    adapter, header = checkpoint.loaded(data, path)
    digest = hashlib.sha256(data).hexdigest()
    del data
    backbone = load_backbone(header.backbone, device, weights_file, downloading(token), token)
    checkpoint.check_backbone(header, backbone)
    return adapter, header, backbone, digest


def export_project_model(
    context: ProjectContext, run_id: int, form: str, out: Path, token: CancelToken
) -> ExportedModel:
    """Write the classifier of a run with the project's classes and prompts. Engine lane.

    Loads the backbone a second time, on the CPU, whatever device the window uses.

    Raises:
        UserError: As for `Ranker.export`; also if the checkpoint is gone or the backbone is unavailable.
    """
    run = context.project.run(run_id)
    checkpoint = context.project.checkpoint_path(run)
    weights = context.weights_file if run.backbone == context.backbone_id else None
    token.checkpoint(Progress(0, None, tr("Loading the model")))
    classifier = load_ranker(Model(checkpoint, weights), "cpu", token)
    token.checkpoint(Progress(0, None, tr("Writing and comparing")))
    columns = context.index.columns
    ids = columns.ids[columns.usable]
    rows = context.project.image_rows(ids[:: max(1, len(ids) // IMAGES_COMPARED)][:IMAGES_COMPARED].tolist())
    images = [place for row in rows if (place := row.existing_place()).is_file()]
    names = {kind.name: kind.reads for kind in context.classes}
    return classifier.export(out, form, names, prompt=context.prompt_template, pictures=images, cancel=token)
