"""From class names and image features to probabilities, with one backbone and optionally an adapter.

The text encoder may read another text for a class than its name: what the user says, or the English names of a name in
another language (`backbones.languages`). Callers ask for names and are answered with names, and a
visual head knows its classes by them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from mma_desktop.core.class_names import ClassNames, as_one_reading, name_key, shown_reading
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Role
from mma_desktop.engine.backbones import languages
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.checkpoint import CheckpointHeader
from mma_desktop.engine.evaluation.calibration import softmax
from mma_desktop.engine.evaluation.metrics import CandidateNames, calibrated_probabilities, logits, name_inputs, scored
from mma_desktop.engine.features.shared_cache import encode_texts
from mma_desktop.engine.methods.adapter import Adapter, InnerProducts, Scorer, ZeroShot
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.engine.methods.open_set import background_similarity, lengths_of, text_margins
from mma_desktop.engine.open_set_scores import OpenSetScores
from mma_desktop.engine.prompt_templates import name_features
from mma_desktop.engine.training_data import tensor_of

Features = NDArray[np.float32]
Value = TypeVar("Value")
# Of lists of names: an image is asked for by the adapter's names, zero-shot's, and the others that were trained.
CACHED_LISTS = 4


def _cached(newest: dict[tuple[object, ...], Value], key: tuple[object, ...], work_out: Callable[[], Value]) -> Value:
    """The value of a key, which is worked out unless it is among the `CACHED_LISTS` newest."""
    if key not in newest:
        newest[key] = work_out()
        if len(newest) > CACHED_LISTS:
            # A dictionary keeps the order of insertion, so the first key is the oldest.
            del newest[next(iter(newest))]
    return newest[key]


class Predictor:
    """Shared by the open project and `load_classifier`.

    Attributes:
        backbone: Encodes names and images.
        adapter: The current adapter, None for zero-shot only.
        header: Its checkpoint header.

    `reads` tells what the text encoder reads for the project's classes, by `name_key`; "" where nobody said.
    """

    def __init__(self, backbone: Backbone, reads: Callable[[], Mapping[str, str]] = dict) -> None:
        self.backbone = backbone
        self._reads = reads
        self.adapter: Adapter | None = None
        self.header: CheckpointHeader | None = None
        self._texts: dict[str, Features] = {}
        # The same names are used for many images.
        self._readings = dict[tuple[object, ...], list[languages.Reading]]()
        self._features = dict[tuple[object, ...], Features]()
        self._last: tuple[tuple[str, ...], tuple[str, ...], str, CandidateNames] | None = None
        self._scorer: tuple[CandidateNames, Scorer, torch.device, bool] | None = None

    def sibling(self) -> Predictor:
        """A predictor for another adapter, with the same backbone, readings and encoded texts."""
        made = Predictor(self.backbone, self._reads)
        # The same dictionary, so that what either encodes is there for both.
        made._texts = self._texts
        return made

    def hold(self, adapter: Adapter | None, header: CheckpointHeader | None) -> None:
        """Set the adapter, or None. Raises UserError if the backbone does not provide what the adapter needs."""
        if adapter is not None and header is not None and find_method(header.method).needs_encoder:
            adapter.attach(self.backbone.text_tower())
        self.adapter, self.header, self._last, self._scorer = adapter, header, None, None

    def need_adapter(self) -> tuple[Adapter, CheckpointHeader]:
        """The current adapter. Raises UserError if there is none."""
        if self.adapter is None or self.header is None:
            raise UserError.tr("There is no trained adapter yet.")
        return self.adapter, self.header

    def read(self, names: ClassNames, *, adapted: bool) -> list[str]:
        """(C,) what the text encoder reads for class names.

        An adapter reads the names it was trained on as it did then. For other names, the first source that has a text
        counts: `names`, the project, the checkpoint, English names that mean the same, the name itself.
        """
        given_texts = self.given_texts(names, adapted=adapted)
        missing = [name for name, text in zip(names, given_texts, strict=True) if not text]
        terms = dict(zip(missing, self._in_english(missing, names), strict=True))
        return [text or terms[name].text or as_one_reading(name) for name, text in zip(names, given_texts, strict=True)]

    def given_texts(self, names: ClassNames, *, adapted: bool = False) -> list[str]:
        """(C,) the texts that `names`, the project or the checkpoint give for class names; "" where none does."""
        given = names if isinstance(names, Mapping) else {}
        reads, header, texts = self._reads(), self.header, []
        for name in names:
            key = name_key(name)
            if adapted and header is not None and key in header.base_keys:
                texts.append(header.texts[key])
            else:
                texts.append(given.get(name) or reads.get(key) or self._stored(name))
        return texts

    def _stored(self, name: str) -> str:
        """The text that the checkpoint gives for a class. It stores none for an English name that is read as it is."""
        header, key = self.header, name_key(name)
        if header is None or key not in header.texts:
            return ""
        return header.given_texts.get(key) or (as_one_reading(name) if languages.is_english(name) else "")

    def to_keep(self, names: Mapping[str, str]) -> dict[str, str]:
        """The entries (text by class name) that a checkpoint has to store, to read its classes the same elsewhere."""
        many = self.backbone.many_languages
        return {name: text for name, text in names.items() if text != name or not (many or languages.is_itself(name))}

    def doubtful(self, texts: Mapping[str, str]) -> list[str]:
        """Class names of which nobody said what is read, where that may be wrong, or they are not understood.

        `texts` is what is read, as it is or as it is shown.
        """
        english = self._in_english(list(texts), texts)
        read = (shown_reading(term.text) or as_one_reading(name) for name, term in zip(texts, english, strict=True))
        each = zip(texts, english, read, strict=True)
        return [name for name, term, text in each if term.doubtful and text == shown_reading(texts[name])]

    def not_understood(self, names: ClassNames) -> list[str]:
        """Class names of which the model knows no word, and nobody said another: neither English nor near to it."""
        texts = dict(zip(names, self.read(names, adapted=False), strict=True))
        given = dict(zip(names, self.given_texts(names), strict=True))
        doubtful = self.doubtful({name: text for name, text in texts.items() if not given[name]})
        return [name for name in doubtful if shown_reading(texts[name]) == as_one_reading(name)]

    def _in_english(self, names: Sequence[str], all_names: ClassNames) -> list[languages.Reading]:
        """(C,) what names in other languages are read as (`languages.read_as`), by the language of `all_names`."""
        if self.backbone.many_languages or not names:
            return [languages.Reading()] * len(names)
        known = [*all_names, *self._reads(), *(() if self.header is None else self.header.class_names)]

        def found() -> list[languages.Reading]:
            language = languages.language_of({name_key(name): name for name in known}.values())
            return languages.read_as(names, language, itself=self.backbone.takes_names)

        return _cached(self._readings, (tuple(names), tuple(known)), found)

    def texts(self, names: ClassNames, template: str) -> Features:
        """(C, D) unit text features of class names with a prompt template, or an ensemble with one per line."""
        return self.features_of(self.read(names, adapted=False), template)

    def features_of(self, texts: Sequence[str], template: str) -> Features:
        """(C, D) as `texts`, for the texts that are read."""
        key = tuple(texts), template
        return _cached(self._features, key, lambda: name_features(texts, template, self._encoded))

    def _encoded(self, texts: Sequence[str]) -> Features:
        """(N, D) unit features of texts; each is encoded once."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._texts]
        if missing:
            self._texts.update(zip(missing, encode_texts(self.backbone, missing), strict=True))
        if not texts:
            return np.empty((0, self.backbone.embed_dim), np.float32)
        return np.stack([self._texts[text] for text in texts])

    def candidates(self, names: ClassNames, template: str) -> CandidateNames:
        """Class names as inputs of the adapter; other trained names become context."""
        key = tuple(names), tuple(self.read(names, adapted=True)), template
        last = self._last
        if last is None or last[:3] != key:
            adapter, header = self.need_adapter()
            features, context = self.features_of(key[1], template), None
            if unasked := header.context(key[0]):
                others = self.read(unasked, adapted=True)
                context = name_inputs(adapter, unasked, self.features_of(others, template), others)
            inputs = name_inputs(adapter, key[0], features, key[1])
            self._last = last = *key, CandidateNames(inputs, features, header.trained(key[0]), context)
        return last[3]

    def zero_shot(self) -> Adapter:
        return ZeroShot(self.backbone.embed_dim, self.backbone.logit_scale)

    def name_logits(self, features: Features, texts: Features) -> Features:
        """(N, C) zero-shot logits of image features for text features (C, D), such as those of some of the names."""
        return logits(self.zero_shot(), features[:, : self.backbone.embed_dim], texts)

    def probabilities(self, features: Features, names: ClassNames, template: str, *, adapted: bool) -> Features:
        """Class probabilities (N, C) of image features: calibrated ones of the adapter, or zero-shot's.

        Raises:
            UserError: There is no adapter.
        """
        if not adapted:
            return softmax(logits(self.zero_shot(), features, self.texts(names, template)))
        return self._probabilities(features, self.candidates(names, template))[0]

    def predict(
        self,
        features: Features,
        names: ClassNames,
        template: str,
        near: Features | None = None,
        kept: tuple[InnerProducts, NDArray[np.int64]] | None = None,
    ) -> tuple[Features, OpenSetScores | None]:
        """`probabilities` of the adapter (N, C), and `open_set_scores` of the best names, computed together.

        `near` (N,) keeps how near they are to the backbone's background for the next adapter of these names: NaN where
        that is not known, which is filled in where it is needed. `kept` are inner products likewise, with the places
        (N,) of these images, of which the shared space has unit length.
        """
        candidates = self.candidates(names, template)
        probabilities, claimed = self._probabilities(features, candidates, kept, self.trained_columns(names))
        return probabilities, self._open_set_scores(
            features, names, candidates, probabilities.argmax(axis=1), near, claimed
        )

    def _probabilities(
        self,
        features: Features,
        candidates: CandidateNames,
        products: tuple[InnerProducts, NDArray[np.int64]] | None = None,
        columns: Sequence[int] = (),
    ) -> tuple[Features, Features | None]:
        """Calibrated probabilities (N, C) of the adapter, and scores (N,) of its claims where they come with them.

        `columns` are those of the open-set scorer that are asked for.
        """
        adapter, header = self.need_adapter()
        inputs = (
            candidates.inputs if candidates.context is None else np.concatenate([candidates.inputs, candidates.context])
        )
        cached, open_set_scorer = self._scorer, adapter.open_set_scorer  # another thread may ask for other names
        if cached is None or cached[0] is not candidates:
            # The open-set scorer's vectors go through the same matrix product as the classes, which reads the images
            # once.
            device, beside, shares = adapter.device, None, False
            if open_set_scorer is not None:
                shares = adapter.head is not None and open_set_scorer.matches(adapter.head)
                beside = open_set_scorer.linear().T[len(open_set_scorer.offsets) if shares else 0 :]
            scorer = adapter.for_names(tensor_of(inputs).to(device, torch.float32), beside)
            self._scorer = cached = candidates, scorer, device, shares
        _, scorer, device, shares = cached
        rows = tensor_of(features).to(device, torch.float32)
        if products is not None and products[0].hold(scorer.anchors):
            with torch.inference_mode():
                outputs, head_scores = scorer(rows, products[0].of(products[1], rows[:, : adapter.embed_dim]))
        else:
            outputs, head_scores = scored(scorer, adapter, rows, len(inputs))
        logits = outputs[:, : len(candidates.inputs)].cpu().numpy()
        scores: Features | None = None
        if open_set_scorer is not None and head_scores is not None and columns:
            some, beside_rows = head_scores[:, : len(candidates.inputs)], head_scores[:, len(inputs) :].T
            lengths = lengths_of(rows) if products is None else products[0].row_lengths(products[1], rows)
            if shares:
                trained = torch.from_numpy(candidates.trained).to(device)
                best = open_set_scorer.above_chance((some if candidates.trained.all() else some[:, trained]).amax(1))
                outputs = open_set_scorer.within(best, beside_rows, lengths)
            else:
                outputs = open_set_scorer.of_products(beside_rows, lengths, torch.tensor(columns, device=device))
            scores = outputs.cpu().numpy()
        return calibrated_probabilities(adapter, logits, features, candidates, header.temperatures), scores

    def open_set_scores(
        self,
        features: Features,
        names: ClassNames,
        template: str,
        best: NDArray[np.int64],
        *,
        adapted: bool = True,
    ) -> OpenSetScores | None:
        """What speaks for and against the `best` (N,) of the names for image features (N, E).

        None if the adapter does not know what images of none of its classes look like, or without one the backbone.
        """
        if adapted:
            return self._open_set_scores(features, names, self.candidates(names, template), best)
        no_scores, unknown = np.full(len(features), -np.inf, np.float32), self.backbone.background is None
        return None if unknown else OpenSetScores(no_scores, self._margins(features, self.texts(names, template), best))

    def _open_set_scores(
        self,
        features: Features,
        names: ClassNames,
        candidates: CandidateNames,
        best: NDArray[np.int64],
        near: Features | None = None,
        known_scores: Features | None = None,
    ) -> OpenSetScores | None:
        """`open_set_scores` by the adapter; `known_scores` (N,) are the scores of its claims, if known."""
        adapter, header = self.need_adapter()
        if adapter.open_set_scorer is None or header.open_set is None:
            return None
        scores = np.full(len(features), -np.inf, np.float32) if known_scores is None else known_scores
        if known_scores is None and (columns := self.trained_columns(names)):
            scores = adapter.open_set_scorer.score_rows(features, columns)
        margins = np.full(len(features), np.nan, np.float32)
        by_text = ~candidates.trained[best]
        if header.open_set.names:
            best_names, images = best[by_text], features[by_text, : self.backbone.embed_dim]
            places = self.threshold_rows(names)[best_names]
            margins[by_text] = header.open_set.name_margins(
                (images * candidates.features[best_names]).sum(axis=1), places
            )
            return OpenSetScores(scores, margins)
        known = None if near is None else near[by_text]
        named = np.flatnonzero(~candidates.trained)
        if adapter.transduction is not None and len(named):  # what was taught tells names apart, not that one is right
            best = named[(features[:, : self.backbone.embed_dim] @ candidates.features[named].T).argmax(1)]
        # Only images whose best name was not trained: for trained ones the learned score decides.
        margins[by_text] = self._margins(features[by_text], candidates.features, best[by_text], known)
        if near is not None and known is not None:
            # Indexing by a mask made a copy, so what `_margins` has filled in goes back.
            near[by_text] = known
        return OpenSetScores(scores, margins)

    def _margins(
        self, features: Features, texts: Features, best: NDArray[np.int64], near: Features | None = None
    ) -> Features:
        background = self.backbone.background
        if background is None or not len(features):
            return np.full(len(features), np.inf, np.float32)
        images = features[:, : self.backbone.embed_dim]
        if near is None:
            return text_margins(images, texts, best, background)
        new = np.isnan(near)
        if new.any():
            near[new] = background_similarity(images[new], texts, background)
        margins: Features = (images * texts[best]).sum(axis=1) - near
        return margins

    def trained_columns(self, names: ClassNames) -> list[int]:
        """The columns of `Adapter.open_set_scorer` for those of the names that were trained."""
        trained = [name for name, role in self.need_adapter()[1].classes if role is Role.BASE]
        column = {name_key(name): at for at, name in enumerate(trained)}
        return [column[key] for key in map(name_key, names) if key in column]

    def threshold_rows(self, names: ClassNames) -> NDArray[np.int64]:
        """(C,) where `OpenSetModel.names` has each of the names; the last place for those that the training had not."""
        untrained = [name for name, role in self.need_adapter()[1].classes if role is not Role.BASE]
        open_set = self.need_adapter()[1].open_set
        last = 0 if open_set is None else len(open_set.names) - 1
        place = {name_key(name): at for at, name in enumerate(untrained[:last])}
        return np.array([place.get(name_key(name), last) for name in names], np.int64)

    def logits(
        self, features: Features, names: ClassNames, template: str, token: CancelToken, *, adapted: bool
    ) -> Features:
        """Uncalibrated logits (N, C) of image features, of the adapter or zero-shot."""
        if not adapted:
            return logits(self.zero_shot(), features, self.texts(names, template), cancel=token)
        candidates = self.candidates(names, template)
        return logits(self.need_adapter()[0], features, candidates.inputs, context=candidates.context, cancel=token)
