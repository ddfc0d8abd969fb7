"""Predictions: of every embedded image, for one typed name, and of one dropped image. Engine lane only.

Scores are kept from one opening of a project to the next, so that it opens to its predictions. A file of the project,
written when it is closed: two lines of JSON, the second of which tells what follows, then the numbers of `kept_scores`
for each image of the project. It is a cache: with another version of the program, other images or any damage it is not
read. Predictions are shown at once if nothing in the project is another; the image model and the fit are compared
later, as after any edit.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import logging
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.atomic_io import atomic_path, read_regular
from mma_desktop.core.class_names import NONE_OF_THESE, ClassNames, name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.i18n import tr
from mma_desktop.core.safe_json import parsed_object
from mma_desktop.core.types import Prediction, Ranked, Role
from mma_desktop.engine.open_set_scores import NEVER, Thresholds, expit
from mma_desktop.media.decoding import Source, read_hashed
from mma_desktop.services import graph
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Floats, Ids, Predictions, Show, reordered
from mma_desktop.services.inference_state import CHUNK
from mma_desktop.services.predicting.kept_scores import Scores, ScoreTable, Scoring, predictions_of
from mma_desktop.services.predicting.none_of_these import decided, strictness_of, thresholds_of
from mma_desktop.version import __version__

if TYPE_CHECKING:
    from mma_desktop.engine.predictor import Predictor

log = logging.getLogger(__name__)
SCORES_FILE = "predictions.bin"
# A larger file of scores is not read.
MAX_SCORES_BYTES = 2 << 30
TOP = 5  # classes that a tested picture shows
NEUTRAL = "thing"
# How much of the best class's logit a name that is no class must beat. Of 0, 0.1 ... 0.7 and the full softmax the best
# mean precision over names held back and kinds of classes, such as "fruit", on three folders.
COMPETITION = 0.3


def template_of(context: ProjectContext, *, adapted: bool) -> str:
    """The prompt template; an adapter keeps the one it was trained with."""
    header = context.engine.header
    return header.prompt_template if adapted and header is not None else context.prompt_template


def score(context: ProjectContext, token: CancelToken) -> Changes:
    """Show the `predictions` of every embedded image; whether that are others than were shown."""
    all_predictions = predictions(context, token)
    if not predictions.is_current(context):  # the model was switched at a checkpoint
        all_predictions = predictions(context, token)
    shown, context.predictions = context.predictions, all_predictions  # a checkpoint may have shown others
    return Changes(predictions=all_predictions is not shown)


def _scored_by(context: ProjectContext) -> tuple[object, ...]:
    """What the images are scored by."""
    return graph.names(context), graph.template(context), graph.model_in_use(context)


@graph.derived(graph.rows, _scored_by)
def scores(context: ProjectContext, token: CancelToken) -> Scores | None:
    """What every embedded image scores; of many, those on the screen come first, and are reported at a checkpoint."""
    while True:
        rows, by = graph.rows(context, token), _scored_by(context)
        if not context.classes or not len(rows.ids):
            return None
        scoring = Scoring(context, rows, scores.kept(context))
        places = scoring.to_do()
        if len(places) > CHUNK and context.on_screen:
            seen = np.isin(rows.ids[places], context.on_screen)
            # What is on the screen first: of many images the others take seconds.
            scoring.work_out(places[seen])
            context.predictions = scoring.predictions(context.predictions)
            token.checkpoint(Changes(predictions=True))
            if not graph.same(by, _scored_by(context)):  # what ran at the checkpoint chose another model
                continue
            places = places[~seen]
        for part in token.slices(len(places), CHUNK):
            scoring.work_out(places[part])
        newest, file = scoring.found, context.state_of(_ScoresInFile)
        if newest is not file.scores:
            file.scores = None  # 32 MB of a million images that are of no use any more
        return newest


@graph.derived(scores, graph.model_in_use, graph.labels, strictness_of)
def predictions(context: ProjectContext, token: CancelToken) -> Predictions | None:
    """`scores` as the classes of the images, and which are None of these."""
    scored, adapts = scores(context, token), context.engine.header is not None
    all_predictions = None if scored is None else predictions_of(scored.zero_shot, scored.adapted if adapts else None)
    return None if all_predictions is None else decided(context, all_predictions)


def shown_pairs(all_predictions: Predictions | None, image_ids: Sequence[int]) -> list[tuple[int, int]]:
    """(image id, class id) of the predictions for these images; rejected images are left out.

    Raises:
        UserError: None of them has a prediction.
    """
    if all_predictions is None:
        raise UserError.tr("There are no predictions yet to accept.")
    where, rejected = all_predictions.positions(np.asarray(image_ids, np.int64)), all_predictions.rejected
    best = all_predictions.best_class
    pairs = [
        (int(image_id), int(best[at]))
        for image_id, at in zip(image_ids, where.tolist(), strict=True)
        if at >= 0 and not rejected[at]
    ]
    if not pairs and (where >= 0).any():
        raise UserError.tr(
            "These pictures are '{none_of_these}'. Label them so, or choose a class for them.",
            none_of_these=tr(NONE_OF_THESE),
        )
    if not pairs:
        raise UserError.tr("None of these pictures has a prediction yet.")
    return pairs


def rank(
    context: ProjectContext, name: str, token: CancelToken, reads: str = "", *, zero_shot: bool = False
) -> tuple[Ids, Floats]:
    """Embedded images by probability of `name`, most likely first, by the current adapter unless `zero_shot`.

    A class competes with the project's other classes, any other name with a part of what speaks for the best class
    (`COMPETITION`): in full, images of "lemon" would not be found by "fruit"; without, images of other classes come
    before those that show it. How likely it is then says how much better it fits than `NEUTRAL` does on the whole.

    `reads` is what the model reads for a name that is not a class; "" for the name.
    """
    clean = " ".join(name.split())
    if not clean:
        raise UserError.tr("Type a class name.")
    names = {kind.name: kind.reads for kind in context.classes}
    keys = [name_key(name) for name in names]
    if name_key(clean) in keys:
        at = keys.index(name_key(clean))
    else:
        # No class: it competes with all of them, and with what any image shows.
        at = -1
        names = {clean: reads, NEUTRAL: NEUTRAL, **names}
    if len(names) == 1:
        names[NEUTRAL] = NEUTRAL
    ids, hashes, _ = graph.rows(context, token)
    adapted = context.engine.adapter is not None and not zero_shot
    probabilities = np.zeros(len(ids), np.float32)
    if len(ids):
        template = template_of(context, adapted=adapted)
        if at < 0:
            probabilities = _typed_name_probabilities(context, hashes, names, template, token, adapted=adapted)
        else:
            for part, features in context.engine.blocks(hashes, token, whole=adapted):
                probabilities[part] = context.engine.predictor.probabilities(
                    features, names, template, adapted=adapted
                )[:, at]
    # Stable: equal ones stay in the order of their ids.
    order = np.argsort(-probabilities, kind="stable")
    return ids[order], probabilities[order]


def _typed_name_probabilities(
    context: ProjectContext,
    hashes: NDArray[np.bytes_],
    names: dict[str, str],
    template: str,
    token: CancelToken,
    *,
    adapted: bool,
) -> Floats:
    """(N,) how likely the first of the names is; `NEUTRAL` and the classes are the others."""
    scores, neutral = np.zeros(len(hashes), np.float32), np.zeros(len(hashes), np.float32)
    where = list(names).index(NEUTRAL)
    for part, features in context.engine.blocks(hashes, token, whole=adapted):
        name_logits = context.engine.predictor.logits(features, names, template, token, adapted=adapted)
        neutral[part] = name_logits[:, where]
        # In full, images of "lemon" would not be found by "fruit"; without, those of other classes come first.
        best = name_logits[:, where + 1 :].max(axis=1) if len(names) > where + 1 else name_logits[:, where]
        scores[part] = name_logits[:, 0] - COMPETITION * best
    return expit(scores - (1 - COMPETITION) * neutral.mean()).astype(np.float32)


def by_likelihood(context: ProjectContext, class_id: int, token: CancelToken) -> Ids:
    """The unlabelled images, most likely of the class first; images without features come last."""
    kind = context.class_by_id(class_id)
    if kind is None:
        raise UserError.tr("That class is not in the project any more.")
    shown = context.select(Filter(Show.UNLABELLED))
    return reordered(shown, _least_claimed(context) if kind.role is Role.NONE else rank(context, kind.name, token)[0])


def _least_claimed(context: ProjectContext) -> Ids:
    """The predicted images by how little the trained classes claim them, those with no class first."""
    all_predictions = context.predictions
    if all_predictions is None or all_predictions.open_set_scores is None:
        raise UserError.tr(
            "There are no predictions yet: they come once there are classes and the pictures have been looked at."
        )
    open_set_scores = all_predictions.open_set_scores
    # Where a text decides there is no score: these are last, or first if their margin rejects them.
    scores = np.where(
        open_set_scores.by_text, np.where(all_predictions.rejected, -np.inf, np.inf), open_set_scores.scores
    )
    return all_predictions.image_ids[np.argsort(scores, kind="stable")]


def row_of(context: ProjectContext, source: Source, *, keeps: bool = True) -> Floats:
    """(1, W) the row of an image, which need not be in the project; the project's cache keeps it if it `keeps`.

    Raises:
        UserError: It cannot be read, or no backbone is loaded.
    """
    from mma_desktop.engine.features.extraction import Content, rows_of

    backbone, cache = context.engine.need()
    spec = backbone.image_spec
    looked = rows_of(backbone, cache if keeps else None, [source], lambda image: Content(*read_hashed(image, spec)))
    (content,) = itertools.chain.from_iterable(looked)
    if content.row is None:
        raise content.error or KeyError(source)
    return content.row[None]


def predict_image(
    context: ProjectContext, source: Source, names: ClassNames | None = None, features: Floats | None = None
) -> Prediction:
    """Top five classes of one image, adapted and zero-shot, among the project's classes or `names`.

    Pass `features` (1, W) if it has been looked at. Pixels, such as a camera's, are not kept.
    """
    names = names or [kind.name for kind in context.classes]
    if not names:
        raise UserError.tr("There are no classes yet. Type some names first.")
    if features is None:
        features = row_of(context, source, keeps=not isinstance(source, np.ndarray))
    named = str(source) if isinstance(source, Path) else "picture"
    thresholds, predictor = thresholds_of(context), context.engine.predictor
    return top_predictions(predictor, [named], features, names, context.prompt_template, TOP, thresholds)[0]


def top_predictions(
    predictor: Predictor,
    images: Sequence[str],
    features: Floats,
    names: ClassNames,
    template: str,
    top_k: int,
    thresholds: Thresholds | None,
) -> list[Prediction]:
    """The `top_k` best classes of images by their features (N, E): by the adapter, if there is one, and zero-shot.

    `template` is zero-shot's. An image below the `thresholds` is None of these; without them none is. Confidences of
    the adapter are those of the class times that of any of them.
    """
    listed = list(names)

    def top(probabilities: Floats) -> list[tuple[Ranked, ...]]:
        order = np.argsort(-probabilities, axis=1, kind="stable")[:, :top_k]
        return [
            tuple(Ranked(listed[at], float(row[at])) for at in best.tolist())
            for row, best in zip(probabilities, order, strict=True)
        ]

    zero_shot = top(predictor.probabilities(features, names, template, adapted=False))
    if predictor.header is None:
        return list(map(Prediction, images, zero_shot, zero_shot))
    template = predictor.header.prompt_template
    probabilities, open_set_scores = predictor.predict(features, names, template)
    if open_set_scores is None:
        return list(map(Prediction, images, top(probabilities), zero_shot))
    thresholds = NEVER if thresholds is None else thresholds
    known = open_set_scores.known(thresholds)
    predicted = list(map(Prediction, images, top(probabilities * known[:, None].astype(np.float32)), zero_shot))
    columns = (
        open_set_scores.rejected(thresholds),
        open_set_scores.by_text,
        open_set_scores.scores,
        open_set_scores.margins,
    )
    return [
        replace(answer, rejected=none, by_text=by_text, score=_finite(score), margin=_finite(margin), known=of_any)
        for answer, none, by_text, score, margin, of_any in zip(
            predicted, *(part.tolist() for part in (*columns, known)), strict=True
        )
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


class _ScoresInFile:
    """The scores that were read, and the digest of the project whose predictions they are."""

    scores: Scores | None = None
    project = ""


def keep_scores(context: ProjectContext, *, current: bool) -> None:
    """Write the scores, unless those that were read are still right.

    `current` tells whether the predictions are those of the project as it is.
    """
    scored, file = scores.kept(context), context.state_of(_ScoresInFile)
    columns, all_predictions = context.index.columns, context.predictions
    project = _project_digest(context) if all_predictions is not None and current else ""
    if scored is None or (scored is file.scores and project in ("", file.project)):
        return
    header: dict[str, object] = {
        "pictures": _digest(columns.ids.tobytes(), columns.hashes.tobytes()),
        "project": project,
        "thresholds": None
        if all_predictions is None or all_predictions.thresholds is None
        else list(all_predictions.thresholds),
        "off": all_predictions is not None and all_predictions.off,
        "adapted_in_use": all_predictions is not None and all_predictions.adapted_class is not None,
    }
    body = b""
    for part, kept in scored._asdict().items():
        if kept is not None:
            header[part] = [kept.version, sorted(kept.names), len(kept.numbers)]
            body += kept.of(columns.ids, columns.hashes).numbers.tobytes()
    content = json.dumps(header).encode() + b"\n" + body
    head = {"program": __version__, "sha256": _digest(content)}
    try:
        with atomic_path(_scores_path(context)) as temporary:
            temporary.write_bytes(json.dumps(head).encode() + b"\n" + content)
    except UserError as error:
        log.warning("The predictions were not kept: %s", error)


def restore_scores(context: ProjectContext) -> None:
    """Read what `keep_scores` wrote, as far as it fits the project; without torch."""
    file, columns = context.state_of(_ScoresInFile), context.index.columns
    try:
        head, content = read_regular(_scores_path(context), MAX_SCORES_BYTES).split(b"\n", 1)
        first = parsed_object(head)
        if first["program"] != __version__ or first["sha256"] != _digest(content):
            return
        line, body = content.split(b"\n", 1)
        header = parsed_object(line)
        if header["pictures"] != _digest(columns.ids.tobytes(), columns.hashes.tobytes()):
            return
        at, tables = 0, dict[str, ScoreTable]()
        for part in Scores._fields:
            if part in header:
                version, names, rows = header[part]
                numbers = np.frombuffer(body, np.float64, rows * len(columns.ids), at).reshape(rows, -1).copy()
                at += numbers.nbytes
                read = frozenset((int(class_id), str(text)) for class_id, text in names)
                if (
                    part != "near"
                    and not np.isin(numbers[0, ~np.isnan(numbers[0])], [class_id for class_id, _ in read]).all()
                ):
                    return  # a file that this program did not write
                tables[part] = ScoreTable(str(version), read, columns.ids, columns.hashes, numbers)
        file.scores, file.project = Scores(**tables), str(header["project"])
        scores.put(context, file.scores)
        if file.project == _project_digest(context):
            all_predictions = predictions_of(
                file.scores.zero_shot, file.scores.adapted if header["adapted_in_use"] else None
            )
            thresholds = header["thresholds"]
            if thresholds is not None:
                score, margin, odds, (offset, slope), far = thresholds
                odds = None if odds is None else (float(odds[0]), float(odds[1]))
                thresholds = Thresholds(float(score), float(margin), odds, (float(offset), float(slope)), float(far))
            context.predictions = replace(all_predictions, thresholds=thresholds, off=bool(header["off"]))
    except (OSError, ValueError, KeyError, TypeError, UserError) as error:
        log.info("No predictions are read from the project: %s", error)


def _scores_path(context: ProjectContext) -> Path:
    return context.project.embeddings_dir / SCORES_FILE


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _project_digest(context: ProjectContext) -> str:
    """Of everything in the project that predictions follow from."""
    settings = context.backbone_id, context.weights_file, context.prompt_template, context.current_run
    # In a backup that was restored, the number of a run may come again.
    run = [run.created_at for run in context.project.runs() if run.id == context.current_run]
    columns = (np.ascontiguousarray(column).tobytes() for column in context.index.columns.each())
    return _digest(
        repr((graph.names(context), settings, run, strictness_of(context), graph.at_hand(context))).encode(), *columns
    )
