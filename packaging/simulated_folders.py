"""Folders as people make and label them, simulated on rows of pictures whose classes are known.

A folder shows some of the classes of a data set, or of two; the others are strangers. It has near duplicates, classes
of unequal size, from 2 to 400 pictures without a label, and labels that came in one of the `WAYS`:

    random     1 to 16 a class, the same number of each or as they are drawn; or all but ten
    groups     a person names k-means groups after most of the sixteen pictures that stand for each, or says None of
               these; the same labels may come from class folders, where nothing says that a person picked them
    questions  one or two shots a class, then 10 to 80 of the least certain pictures in two rounds
    accepted   some of either kind, then 30, 60 or 85% of the folder is accepted, the surest first

Which classes and how many strangers, pictures and labels there are is drawn for each folder from its number alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from mma_desktop.core.types import Role
from mma_desktop.engine.methods.open_mixture import k_means
from mma_desktop.engine.training_data import FeatureSet, Floats, Integers, TrainingData

Mask = NDArray[np.bool_]
Draw = np.random.Generator

FAMILIES = {
    "scans": ("blood_cells", "dental_xray", "skin_lesions"),
    "surfaces": ("circuit_board_defects", "steel-6"),
    "plants": (
        "corn_leaves",
        "flowers-5",
        "fruit_freshness",
        "groceries",
        "indian_food",
        "mangrove_leaves",
        "seedlings",
    ),
    "scenes": ("house_rooms", "satellite", "weather"),
    "drawings": ("drawn_shapes", "handwritten_alphabets", "paintings", "sketches"),
    "objects": (
        "aquarium_animals",
        "caltech-20",
        "chess_pieces",
        "euro_coins",
        "furniture",
        "musical_instruments",
        "phone_models",
        "playing_cards",
        "road_vehicles",
    ),
}
WAYS = ("random", "groups", "questions", "accepted")
STRANGER = -1
SHARES = (0.0, 0.0, 0.05, 0.15, 0.3, 0.5, 0.7)  # of the folder that are strangers
SHOTS = (1, 2, 3, 4, 6, 8, 12, 16)
LEFT, FEWEST_LEFT, MOST_LEFT = 40, 2, 400  # pictures left: 40 to 400, in one folder of ten 2 to 40
TYPICAL, INNER, PURE = 16, 0.75, 0.7  # pictures that stand for a group, of its inner part, and which groups get a name
ACCEPTED = (0.3, 0.6, 0.85)
NEAR = 0.1  # of a row's length: how far near duplicates are apart


@dataclass(frozen=True, eq=False)
class PictureSet:
    """All pictures of a data set: `data` has its classes, `every` the rows with the labels."""

    name: str
    data: TrainingData
    every: FeatureSet

    @property
    def family(self) -> str:
        """That of `FAMILIES`, or the name itself."""
        return next((family for family, names in FAMILIES.items() if self.name in names), self.name)


@dataclass(frozen=True, eq=False)
class Folder:
    """A labelled folder.

    Attributes:
        number: What it was drawn by.
        way: How the labels came, one of `WAYS`.
        sets: Names of the data sets that its pictures are from; the first one's classes are named.
        data: What the learner is given.
        truth: (U,) the class of each picture of `data.unlabelled`; `STRANGER` for none.
        others: Share of the folder that are strangers, labelled pictures included.
        asked: Whether labels of groups say that a person picked them.
    """

    number: int
    way: str
    sets: tuple[str, ...]
    data: TrainingData
    truth: Integers
    others: float
    asked: bool


@dataclass(eq=False)
class _Pool:
    """The pictures of one folder while it is labelled; `given` (N,) are the labels so far, -2 for none."""

    rows: Floats
    truth: Integers
    classes: int
    given: Integers
    by_hand: Mask
    proposed: Mask

    @classmethod
    def of(cls, rows: Floats, truth: Integers, classes: int) -> _Pool:
        off = np.zeros(len(truth), bool)
        return cls(rows, truth, classes, np.full(len(truth), -2), off.copy(), off.copy())

    @property
    def free(self) -> Integers:
        return np.flatnonzero(self.given == -2)

    def label(self, where: Integers, labels: Integers, *, by_hand: bool = False, proposed: bool = False) -> None:
        self.given[where], self.by_hand[where], self.proposed[where] = labels, by_hand, proposed

    def scores(self) -> NDArray[np.float64]:
        """(N, K) of a ridge regression on what is labelled: what a program would ask by, and accept by."""
        shots = np.flatnonzero(self.given >= 0)
        centred = self.rows - self.rows[shots].mean(0)
        inner = centred[shots] @ centred[shots].T
        targets = np.eye(self.classes)[self.given[shots]]
        ridge = inner + 0.1 * np.trace(inner) / len(shots) * np.eye(len(shots)) + 1e-6 * np.eye(len(shots))
        weights = centred[shots].T @ np.linalg.solve(ridge, targets - targets.mean(0))
        scores: NDArray[np.float64] = centred @ weights + targets.mean(0)
        return scores

    def some_of_each(self, draw: Draw, shots: int) -> None:
        for index in range(self.classes):
            self.label(draw.permutation(np.flatnonzero(self.truth == index))[:shots], np.full(1, index))

    def missing(self, draw: Draw) -> None:
        """Label one picture of each class that has none yet."""
        for index in np.setdiff1d(np.arange(self.classes), self.given):
            left = np.flatnonzero((self.truth == index) & (self.given == -2))
            left = left if len(left) else np.flatnonzero(self.truth == index)
            self.label(draw.choice(left, 1), np.array([index]), by_hand=True)


def draw_folder(sets: Mapping[str, Sequence[PictureSet]], number: int, way: str = "") -> Folder:
    """A folder, from its number alone, of `sets` by family; every second one is of a drawn family, not a drawn set."""
    draw = np.random.default_rng([51, number])
    way = way or WAYS[number % len(WAYS)]
    families = [family for family in sorted(sets) for _ in sets[family]]
    family = str(draw.choice(sorted(sets) if draw.random() < 0.5 else families))
    beside = [one for other in sorted(sets) if other != family for one in sets[other]]
    own, *others = (sets[family][at] for at in draw.permutation(len(sets[family])))
    parts = [own]
    if others and draw.random() < 0.12:  # two sets in one
        parts.append(others.pop(0))
    rows = np.concatenate([one.every.features for one in parts])
    offsets = np.cumsum([0, *(len(one.data.class_names) for one in parts)])
    labels = np.concatenate([one.every.labels + at for one, at in zip(parts, offsets[:-1], strict=True)])
    count = int(offsets[-1])
    named = np.sort(draw.permutation(count)[: draw.integers(2, count + 1)])
    place = np.full(count, STRANGER)
    place[named] = np.arange(len(named))
    share = float(draw.choice(SHARES))
    known = draw.permutation(np.flatnonzero(place[labels] >= 0))
    if draw.random() < 0.3:  # unequal classes
        wanted = np.geomspace(1, 0.08, len(named))[draw.permutation(len(named))]
        known = known[draw.random(len(known)) < wanted[place[labels[known]]]]
        known = np.concatenate([known, *(np.flatnonzero(labels == index)[:3] for index in named)])
        known = np.unique(known)[draw.permutation(len(np.unique(known)))]
    names = [one.name for one in parts]
    other_rows = rows[draw.permutation(np.flatnonzero(place[labels] < 0))]
    if share and (not len(other_rows) or draw.random() < 0.3):  # strangers of other sets
        source = (others or beside or parts)[draw.integers(len(others or beside or parts))]
        names.append(source.name)
        other_rows = _strangers(draw, other_rows, source)
    size = int(np.exp(draw.uniform(np.log(LEFT), np.log(MOST_LEFT))))
    if draw.random() < 0.1:
        size = int(draw.integers(FEWEST_LEFT, LEFT))
    # Pictures that are labelled come on top of those that are left.
    shots = int(draw.choice(SHOTS[:6] if way == "random" else SHOTS[:2]))
    all_but_ten = way == "random" and draw.random() < 0.07
    room = size + shots * len(named) if way == "random" else int(1.5 * size) + 2 * len(named)
    strangers = min(len(other_rows), round(share * room))
    share = strangers / max(1, strangers + min(len(known), room - strangers))
    firsts = np.concatenate([np.flatnonzero(place[labels[known]] == index)[:2] for index in range(len(named))])
    order = np.concatenate([firsts, np.setdiff1d(np.arange(len(known)), firsts)])
    known = known[order[: max(len(firsts), room - strangers)]]
    all_rows = np.concatenate([rows[known], other_rows[:strangers]])
    truth = np.concatenate([place[labels[known]], np.full(strangers, STRANGER)])
    if draw.random() < 0.15:  # near duplicates
        twice = draw.permutation(len(truth))[: len(truth) // 4]
        noise = draw.standard_normal((len(twice), all_rows.shape[1])).astype(np.float32)
        noise *= NEAR * np.linalg.norm(all_rows[twice], axis=1, keepdims=True) / np.sqrt(all_rows.shape[1])
        all_rows, truth = np.concatenate([all_rows, all_rows[twice] + noise]), np.concatenate([truth, truth[twice]])
    mixed = draw.permutation(len(truth))
    pool = _Pool.of(all_rows[mixed], truth[mixed], len(named))
    asked = _label(pool, draw, way, 0 if all_but_ten else shots)
    pool.missing(draw)
    if way == "accepted":
        scores = pool.scores()
        ordered = np.sort(scores, axis=1)
        free = pool.free[np.argsort(-(ordered[:, -1] - ordered[:, -2])[pool.free], kind="stable")]
        surest = free[: int(draw.choice(ACCEPTED) * len(free))]
        pool.label(surest, scores[surest].argmax(1), proposed=True)
    if len(pool.free) < FEWEST_LEFT:  # answers took them all
        back = draw.permutation(np.flatnonzero(pool.given == STRANGER))[:FEWEST_LEFT]
        back = np.concatenate([back, draw.permutation(np.flatnonzero(pool.given >= 0))[: FEWEST_LEFT - len(back)]])
        pool.given[back] = -2
        pool.missing(draw)
    return _as_folder(number, way, names, parts, named, pool, share, asked=asked)


def _label(pool: _Pool, draw: Draw, way: str, shots: int) -> bool:
    """Label some pictures, so many of each class (0: all but ten); whether labels of groups say who picked them."""
    if way == "random" and not shots:
        some = draw.permutation(len(pool.truth))[10:]
        some = some[pool.truth[some] >= 0]
        pool.label(some, pool.truth[some])
    elif way == "random" and draw.random() < 0.5:
        pool.some_of_each(draw, shots)
    elif way == "random":
        some = draw.permutation(np.flatnonzero(pool.truth >= 0))[: shots * pool.classes]
        pool.label(some, pool.truth[some])
    elif way == "groups":
        asked = draw.random() < 0.5
        _name_groups(pool, draw, by_hand=asked)
        return asked
    else:
        pool.some_of_each(draw, shots)
        if way == "questions" or draw.random() < 0.5:
            most = 80 if way == "questions" else 20
            _ask(pool, draw, int(draw.integers(10, min(most, max(11, len(pool.free) // 2)) + 1)))
        else:
            _name_groups(pool, draw, by_hand=True)
    return True


def _strangers(draw: Draw, own: Floats, source: PictureSet) -> Floats:
    """Those of another set, in half of the cases among the set's own."""
    more = source.every.features[draw.permutation(len(source.every))]
    if len(own) and draw.random() < 0.5:
        return np.concatenate([own, more])[draw.permutation(len(own) + len(more))]
    return more


def _name_groups(pool: _Pool, draw: Draw, *, by_hand: bool) -> None:
    """Name groups, each after most of what stands for it; a person may take out what does not belong."""
    rows = pool.rows / np.linalg.norm(pool.rows, axis=1, keepdims=True)
    centred = rows - rows.mean(0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:64]
    points = centred @ axes.T
    points = (points / np.linalg.norm(points, axis=1, keepdims=True).clip(1e-9)).astype(np.float32)
    number = int(np.clip(draw.uniform(1, 2.5) * (pool.classes + 2), 2, max(2, len(points) // 6)))
    groups, centres = (part.numpy() for part in k_means(torch.from_numpy(points), number, int(draw.integers(1000))))
    takes_out, part = draw.random() < 0.5, draw.uniform(0.5, 1)
    for group in draw.permutation(number)[: max(1, round(part * number))]:
        inside = np.flatnonzero((groups == group) & (pool.given == -2))
        if len(inside) < 5:
            continue
        inside = inside[np.argsort(-(points[inside] @ centres[group]), kind="stable")]
        inner = int(np.ceil(INNER * len(inside)))
        typical = inside[np.unique(np.linspace(0, inner - 1, TYPICAL).round().astype(np.int64))]
        kinds, counts = np.unique(pool.truth[typical], return_counts=True)
        kind = kinds[counts.argmax()]
        if counts.max() < PURE * len(typical) or (kind == STRANGER and draw.random() < 0.4):
            continue
        chosen = typical[pool.truth[typical] == kind] if takes_out else typical
        pool.label(chosen, np.full(1, kind), by_hand=by_hand)


def _ask(pool: _Pool, draw: Draw, answers: int) -> None:
    """Label the least certain pictures, in two rounds."""
    for count in (answers // 2, answers - answers // 2):
        ordered = np.sort(pool.scores(), axis=1)
        margin = (ordered[:, -1] - ordered[:, -2])[pool.free]
        asked = pool.free[np.argsort(margin + 0.02 * draw.random(len(margin)), kind="stable")][:count]
        pool.label(asked, pool.truth[asked], by_hand=True)


def _as_folder(
    number: int,
    way: str,
    names: Sequence[str],
    parts: Sequence[PictureSet],
    named: Integers,
    pool: _Pool,
    share: float,
    *,
    asked: bool,
) -> Folder:
    like = parts[0].data
    class_names = [name for one in parts for name in one.data.class_names]
    reads = [text for one in parts for text in one.data.reads]
    # Two sets may have a class of one name.
    class_names = [name if class_names.index(name) == at else f"{name} {at}" for at, name in enumerate(class_names)]
    shots, none = np.flatnonzero(pool.given >= 0), np.flatnonzero(pool.given == STRANGER)
    texts = np.concatenate([one.data.text_features for one in parts])[named]
    nothing = FeatureSet.empty(like.image_dim)
    data = replace(
        like,
        class_names=[class_names[at] for at in named],
        reads=[reads[at] for at in named],
        roles=[Role.BASE] * len(named),
        text_features=texts,
        shots=FeatureSet(pool.rows[shots], pool.given[shots]),
        validation=nothing,
        test=nothing,
        proposed=pool.proposed[shots],
        by_hand=pool.by_hand[shots],
        confirmed=None,
        none=pool.rows[none] if len(none) else None,
        none_proposed=pool.proposed[none] if len(none) else None,
        unlabelled=pool.rows[pool.free],
        components=None,
        kept=None,
    )
    return Folder(number, way, tuple(dict.fromkeys(names)), data, pool.truth[pool.free], share, asked)
