"""Pictures of none of the classes: how they score, how many there are, and where to cut. Closed form, without history.

The score of a picture is its highest score by the visual head (`visual_head`) among the trained classes, before any
softmax, above chance: s = (C max_k f_k - 1) / (C - 1), where C counts the columns of f, whose scores sum to 1.

*Known* pictures score like the shots when each is left out. *Strangers* score like the shots of a class when the whole
class is left out, which is the same closed form for a larger group of rows. With examples of none of the classes, these
are one more column of the head if that tells them from the shots better by leave-one-out; and they then show how
strangers score instead of the left-out classes if shots are told from them more easily. Both overstate how much
strangers look like the classes: left-out classes are of the same kind as the others, and examples of none are what
somebody asked about because it scored high.

Where pictures at hand tell the groups of strangers, `open_mixture` takes the place of these scores.

The share of strangers among pictures at hand is estimated by EM on their scores (Saerens, Latinne and Decaestecker
2002, "Adjusting the outputs of a classifier to new a priori probabilities"), with a logistic model of known against
unknown and a Beta prior. Its standard error is that of the jackknife over the classes. The cut minimises the expected
number of errors for a share one standard error lower: where classes are few or alike, the share can hardly be told, and
nothing is cut.

A picture that is alone, far from all shots, is unknown whatever its score: a head of few classes that are alike says
little of drawings, screens and noise. It is far if the cosine of its whole row with the mean of the nearest class (not
centred) is lower than that of every shot that was left out, and by `FAR` deviations and a standard error. If pictures
at hand are a group of their own out there, the cut is between them and the others; if not, what is out there is the
tail of the classes, and few of it are cut off (`fit_reach`).

For a class that is only named, its text decides: its margin is how much nearer a picture is to it than to the nearest
names of a background vocabulary, those near one of the names left out (NegLabel, Jiang et al. 2024, has a larger one).
The mean of the `NEAREST` ten is taken, since a single one may be a kind of what is named: "bolete" is nearer to most
pictures of mushrooms than "mushroom" is. Margins of the shots, with the names of their own classes and without, show
how known and unknown pictures look; the share of strangers comes from the pictures at hand, as for the scores. Only
pictures that no such class claims tell the share for the scores.

Pictures of one class are about as near to its name, and those of another may be much nearer to theirs: with one cut for
all names, a class lies on one side of it as a whole. So where pictures at hand say that there are no strangers, every
picture keeps its name; and where there is no background vocabulary, each name has a threshold of its own, for the plain
cosine (`fit_names`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.engine.doubts import CERTAIN, NO_CUT, Cuts, Line
from mma_desktop.engine.methods.ridge import JUDGED
from mma_desktop.engine.methods.visual_head import HeadFit, VisualHead, refit_head

Wide = NDArray[np.float64]
Levels = tuple[float, ...]

LEVELS = 64  # quantiles that stand for a distribution of scores
GROUPS = 20  # of the jackknife
FEWEST = 100  # pictures that tell a share
FEWEST_EXAMPLES = 8  # of none of the classes, that tell how strangers score
PRIOR = (2.0, 10.0)  # Beta, of the share
LEAST_SHARE = 1e-3  # in odds
USUAL_SHARE = 0.1  # its mode, where no pictures tell
LOW, HIGH, STEPS = -1.0, 2.0, 600  # scores are counted in steps
MOST_WIDTH = 1 << 24
LARGEST = 1e4  # of any score, offset or slope: far above what a training leaves, and small enough to compute with
NEAR = 0.75  # cosine of a background name with one that it may mean
FAR = 3.0  # deviations: 0.1% of known pictures are lost where they are normal
FAR_AT_HAND = 0.01  # most pictures at hand that are far where they are no group of their own
NEAREST_CUT = 2.0  # likewise, where there is a group out there
APART = 2.75  # deviations between such a group and the shots
RAMP = 0.25  # likewise; over these a score falls by `FALL`
FALL = 5.0  # a picture that is far scores below `NO_CUT`
LITTLE = 5.0  # pictures that hold the group
HALVINGS = 24
MIXTURE_STEPS = 100
MOST_APART, ROUNDED = 20_000, 4  # more values than that are counted by so many decimals
HELD = 30.0  # pictures
HELD_BY_TEXT = 10.0  # likewise for margins, which differ more from class to class
NEAREST = 10  # background names
LEAST_SPREAD = 0.05
LEAST_COSINE = 0.01  # likewise of the cosines of one name, or with class means
POOLED = 0.15  # how much of a variance is that of all scores around their means
NARROWEST = 0.02  # width of a kernel
KNOWN = 0.5  # probability below which a picture is none of the classes, by `Components`
MOST_GROUPS = 64
TAIL = 0.15  # share of strangers that may be the far pictures of names: `fit_names` finds up to 0.13 without any
SURE = 0.9  # least probability of a picture that is nearer than the mean of its name
TOP = 0.9  # quantile of its nearest pictures from which the mean of a name starts: they are its own if any is
NAME_STEPS, FIXED_STEPS = 40, 10  # of EM, and first ones that keep the spread of the shots
LEAST_CUT = -3.0  # below every cosine, however strict
STRICT = 4.0  # how many lost pictures a stranger under a name is worth, for whom no name may be wrong


@dataclass(frozen=True)
class Share:
    """An estimated share of strangers, 0 to 1, with its standard error, from a number of pictures; 0 for none.

    `groups` are the parts of the jackknife that told the error. `sampling` is the part of the error that is due to the
    number of pictures, where the cut is for a share that is lower by this; None for the whole error.
    """

    value: float
    error: float
    pictures: int
    groups: int = 0
    sampling: float | None = None

    @property
    def cautious(self) -> float:
        """The share that the cut is for."""
        return max(0.0, self.value - (self.error if self.sampling is None else self.sampling))

    @property
    def range(self) -> tuple[float, float]:
        """About 95%: few classes tell an error badly."""
        from scipy.special import stdtrit  # Student's distribution; takes 0.2 s

        by_classes = float(stdtrit(max(1, self.groups - 1), 0.975)) * self.error
        half = float(np.hypot(by_classes, 1.96 * np.sqrt(self.value * (1 - self.value) / max(1, self.pictures))))
        return max(0.0, self.value - half), min(1.0, self.value + half)


@dataclass(frozen=True)
class Strangers:
    """How known and unknown pictures score.

    Attributes:
        known, unknown: Quantiles of their scores, ascending.
        ratios: Offset and slope of the logarithm of their ratio of densities as a function of the score: of all
            classes, then without each group of them.
        share: The share of strangers where none is estimated.
        pictures: The number of pictures that told it, 0 for none.
        answers: The number of examples of none of the classes that somebody gave, not a model.
        text: Quantiles of the margins (`text_margins`) of known and unknown pictures; None if nothing tells them.
        names: Cosine that decides and slope, of each name that was not trained and then of any other: the margin is the
            logarithm of the odds of a known picture, slope * (cosine - threshold). Empty where `text` alone decides.
        width: Length E of the rows that are scored.
        groups: Number J of groups without a name of `Components`, whose scores are probabilities, so that the cut
            depends on no share; 0 for `Claims`.
        error: Standard error of their share.
        reaches: Whether the scores fall for pictures that are far from all shots.
    """

    known: Levels
    unknown: Levels
    ratios: tuple[tuple[float, float], ...]
    width: int
    share: float = USUAL_SHARE
    pictures: int = 0
    answers: int = 0
    text: tuple[Levels, Levels] | None = None
    groups: int = 0
    error: float = 0.0
    names: tuple[tuple[float, float], ...] = ()
    reaches: bool = False

    def __post_init__(self) -> None:
        distributions = self.known, self.unknown, *(self.text or ())
        if {len(one) for one in distributions} != {LEVELS} or not 1 <= len(self.ratios) <= GROUPS + 1:
            raise ValueError("not two distributions of scores")
        if max(abs(value) for values in (*distributions, *self.ratios, *self.names) for value in values) > LARGEST:
            raise ValueError("scores that no training leaves")
        if any(slope < 0 for _, slope in self.ratios) or not 0 <= self.share <= 1 or not 0 <= self.error <= 1:
            raise ValueError("scores that mean nothing")
        least = min(self.pictures, self.answers, self.width - 1, self.groups)
        if least < 0 or self.width > MOST_WIDTH or self.groups > MOST_GROUPS:
            raise ValueError("numbers that cannot be counted")

    def at_hand(self, scores: NDArray[np.floating]) -> tuple[Strangers, Share]:
        """How known and unknown pictures score among pictures with these scores (N,), and the share of unknown ones.

        Below `FEWEST` pictures, what the training knows.

        Labelled pictures are no random ones: questions are about typical pictures and sure ones are accepted, so their
        leave-one-out scores are higher than those of the known pictures that are left. A mixture of two normal
        distributions is fitted by EM to the scores at hand. Both start from, and are held to, how labelled pictures
        score, by `HELD` pictures or as many as tell it, and are then spread as in the mixture. Without examples of none
        of the classes, variances are drawn to the common one (`POOLED`): strangers that are like a class score where
        the narrow distribution of the others does not reach. There, strangers are never more than `estimate` says:
        known pictures that score lower than labelled ones can only pass for strangers. The cut is for a share lower by
        the standard error of the mixture's; the whole error is that of `estimate`.
        """
        if self.groups or len(scores) < FEWEST:
            return self, self.estimate(scores)
        at = np.asarray(scores, np.float64)
        first = np.array([self.unknown, self.known])
        told = self.answers >= FEWEST_EXAMPLES
        held = min(HELD, self.answers) if told else HELD
        pooled = 0.0 if told else POOLED
        (unknown, known), means, variances, shares = _mixed(at, first, np.array([held, HELD]), pooled)
        there, here = _ratio(first[1], first[0]), _ratio(known, unknown)
        offset, slope = here[0] - there[0], here[1] - there[1]
        ratios = tuple((one + offset, max(0.0, other + slope)) for one, other in self.ratios)
        found = replace(self, known=tuple(known.tolist()), unknown=tuple(unknown.tolist()), ratios=ratios)
        densities = np.exp(-0.5 * (at[:, None] - means) ** 2 / variances) / np.sqrt(variances)
        slopes = (densities[:, 0] - densities[:, 1]) / np.maximum(densities @ shares, 1e-300)
        sampling = float(1 / np.sqrt(max(1.0, (slopes**2).sum())))  # from the observed information about the share
        most = 1.0 if told else self.estimate(at).value
        return found, replace(found.estimate(at), value=min(most, float(shares[0])), sampling=sampling)

    def decide(
        self, scores: NDArray[np.floating], margins: NDArray[np.floating] | None = None, weight: float = 1.0
    ) -> tuple[Strangers, Share, Cuts]:
        """`at_hand`, with the cuts for a cautious share: the one way for pictures that are predicted together.

        Args:
            scores: (N,) of all trained names that are asked for; -inf if none is.
            margins: (N,) where the text of a name decides, inf if nothing tells them, and NaN elsewhere; None if it
                nowhere does.
            weight: As for `cuts`.
        """
        margins = np.full(len(scores), np.nan) if margins is None else margins
        usual = self.cuts(self.share, weight)
        cut, text = usual.margin, usual.text
        if self.text is not None and not self.names and len(scores) >= FEWEST:
            known, unknown = self.text
            at = np.asarray(margins[np.isfinite(margins)], np.float64)
            (unlike, like), _, _, shares = _mixed(at, np.array([unknown, known]), HELD_BY_TEXT)
            cut, text = _cut(like, unlike, float(shares[0]), weight), _odds(_ratio(like, unlike), float(shares[0]))
        told = scores[np.isfinite(scores) & ~(margins >= cut)]
        near = told if self.groups else told[told > NO_CUT]
        found, share = self.at_hand(near)
        odds = found.cuts(share.value, weight).odds
        cuts = found.cuts(share.cautious, weight)._replace(margin=cut, odds=odds, text=text)
        if share.pictures and len(near) < len(told):  # those that are far are strangers
            part = len(near) / len(told)
            share = replace(share, value=1 - part * (1 - share.value), error=part * share.error, pictures=len(told))
        return found, share, cuts

    def cuts(self, share: float, weight: float = 1.0) -> Cuts:
        """Below what a picture is none of the classes, `NO_CUT` if nothing is.

        Args:
            share: Of strangers; of `Components`, only whether there are any.
            weight: How many known pictures a stranger under a name is worth; see `STRICT`.
        """
        margin, text = NO_CUT, CERTAIN
        if self.names:
            margin, text = math.log(weight), (0.0, 1.0)
        elif self.text is not None:
            known, unknown = (np.array(one) for one in self.text)
            margin, text = _cut(known, unknown, share, weight), _odds(_ratio(known, unknown), share)
        if self.groups:  # where both errors are as expected
            return Cuts(weight * (1 - KNOWN) / (weight * (1 - KNOWN) + KNOWN) if share else NO_CUT, margin, None, text)
        return Cuts(_cut(self.known, self.unknown, share, weight), margin, _odds(self.ratios[0], share), text)

    def estimate(self, scores: NDArray[np.floating]) -> Share:
        """The share of strangers among pictures with these scores (N,); that of the training below `FEWEST`.

        That one was told by other pictures, so none of these tell it.
        """
        if len(scores) < FEWEST:
            return Share(self.share, 0.0, 0)
        if self.groups:
            return Share(float((scores < KNOWN).mean()), self.error, len(scores), GROUPS, sampling=0.0)
        value, *others = _shares(counted(scores), self.ratios).tolist()
        error = float(np.sqrt((len(others) - 1) * np.var(others))) if others else value
        return Share(value, error, len(scores), len(others))

    def kept(self, cut: float) -> float:
        """The share of known pictures that keep their name at a cut."""
        return float(1 - _below(self.known, np.array([cut]))[0])

    def named_kept(self, margin: float) -> float:
        """`kept` for pictures of a class that is only named, at the least margin."""
        if self.text is None or self.keeps_names:
            return 1.0
        if not self.names:
            return float(1 - _below(self.text[0], np.array([margin]))[0])
        return float(1 - np.interp(margin, self.text[0], (np.arange(LEVELS) + 0.5) / LEVELS))

    @property
    def keeps_names(self) -> bool:
        """Whether every picture keeps a name that was not trained, as `fit_names` found no strangers among them."""
        return bool(self.names) and all(cut == LEAST_CUT for cut, _ in self.names)

    def name_margins(self, cosines: NDArray[np.floating], places: NDArray[np.int64]) -> NDArray[np.float32]:
        """(N,) the margins by `names` at these places (N,), of cosines (N,) with them."""
        cuts, slopes = np.array(self.names, np.float32)[places].T
        found: NDArray[np.float32] = slopes * (np.asarray(cosines, np.float32) - cuts)
        return found

    def found(self, cut: float) -> float:
        """The share of strangers that a cut finds."""
        return float(_below(self.unknown, np.array([cut]))[0])

    def chances(self, scores: NDArray[np.floating], share: float) -> Wide:
        """(N,) probability that pictures with these scores are strangers, given their share."""
        if self.groups:
            return np.clip(1 - np.asarray(scores, np.float64), 0, 1)
        offset, slope = self.ratios[0]
        odds = np.clip(offset + slope * np.asarray(scores, np.float64), -50, 50)
        rest = (1 - share) * np.exp(odds)
        found: Wide = share / np.maximum(share + rest, 1e-12)
        return found


class Claims(nn.Module):
    """The scores s (B,) of rows (B, E): how much the trained classes claim a picture."""

    weights: Tensor
    offsets: Tensor
    columns: Tensor
    centres: Tensor
    reach: Tensor

    def __init__(self, width: int, classes: int, *, reaches: bool = False) -> None:
        super().__init__()
        self.register_buffer("weights", torch.zeros(width, classes))
        self.register_buffer("offsets", torch.zeros(classes))
        self.register_buffer("columns", torch.tensor(2.0))
        self._register_reach(width, classes, reaches=reaches)

    def _register_reach(self, width: int, classes: int, *, reaches: bool) -> None:
        if reaches:  # older files have none
            self.register_buffer("centres", torch.zeros(width, classes))
            self.register_buffer("reach", torch.tensor([-1.0, 1.0]))  # where scores begin to fall, and over how much

    @property
    def reaches(self) -> bool:
        """Whether the scores fall for pictures that are far from all shots."""
        return hasattr(self, "centres")

    def set_reach(self, centres: Tensor, start: float, over: float) -> None:
        """Let scores fall from the cosine `start` with the nearest of centres (E, K) on, by `FALL` over `over`."""
        self._register_reach(*centres.shape, reaches=True)
        self.centres.copy_(centres)
        self.reach.copy_(torch.tensor([start, over]))

    def within(self, rows: Tensor, scores: Tensor) -> Tensor:
        """Scores (B,) of rows (B, E), less what they fall because these are far from all shots."""
        if not self.reaches:
            return scores
        rows = rows.to(self.centres)
        nearest = (self.centres.T @ rows.T).amax(0) / torch.linalg.vector_norm(rows, dim=1).clamp_min(1e-12)
        found: Tensor = scores - FALL * ((self.reach[0] - nearest) / self.reach[1]).clamp(0, 1)
        return found

    def forward(self, rows: Tensor, columns: Tensor | None = None) -> Tensor:
        """See the class; with `columns`, as some of the trained classes claim it."""
        weights, offsets = self.weights, self.offsets
        if columns is not None:
            weights, offsets = weights[:, columns], offsets[columns]
        # A third quicker for few classes than the other way round.
        return self.within(rows, self.above_chance((weights.T @ rows.to(weights).T + offsets.unsqueeze(1)).amax(0)))

    def is_of(self, head: VisualHead) -> bool:
        """Whether the scores f are those of this head, as they are without a column for examples of none."""
        same = zip((self.weights, self.offsets), (head.weights, head.offsets), strict=True)
        return type(self) is Claims and all(torch.equal(*pair) for pair in same)

    def above_chance(self, best: Tensor) -> Tensor:
        """The scores s (B,) of the highest f (B,)."""
        found: Tensor = (self.columns * best - 1) / (self.columns - 1)
        return found

    def likely(self, rows: Tensor) -> Tensor:
        """(B,) the class that claims rows (B, E) most."""
        return (self.weights.T @ rows.to(self.weights).T + self.offsets.unsqueeze(1)).argmax(0)

    def of_rows(self, rows: NDArray[np.float32], columns: Sequence[int] | None = None) -> NDArray[np.float32]:
        """Scores (N,) of rows (N, E), as `forward`."""
        device = self.weights.device
        some = None if columns is None else torch.tensor(columns, device=device)
        found: NDArray[np.float32] = self(torch.as_tensor(rows, device=device), some).cpu().numpy()
        return found


class Components(Claims):
    """The probability (B,) that rows (B, E) show one of the K classes, by a linear mixture of these and J other groups.

    t(x) = sum over components of softmax(w · x + o) · known, with x of unit length (`open_mixture`). `known` (K + J, K)
    is how likely a picture of a component is of each class; those that are asked for are summed.
    """

    known: Tensor

    def __init__(self, width: int, classes: int, groups: int, *, reaches: bool = False) -> None:
        nn.Module.__init__(self)  # there is nothing above chance
        self._register_reach(width, classes, reaches=reaches)
        self.register_buffer("weights", torch.zeros(width, classes + groups))
        self.register_buffer("offsets", torch.zeros(classes + groups))
        self.register_buffer("known", torch.zeros(classes + groups, classes))

    def forward(self, rows: Tensor, columns: Tensor | None = None) -> Tensor:
        known = self.known if columns is None else self.known[:, columns]
        unit = functional.normalize(rows.to(self.weights), dim=1)
        found: Tensor = (unit @ self.weights + self.offsets).softmax(1) @ known.sum(1)
        return self.within(unit, found)


def claims_of(strangers: Strangers, classes: int) -> Claims:
    """What scores pictures as `strangers` says, with weights of 0."""
    if strangers.groups:
        return Components(strangers.width, classes, strangers.groups, reaches=strangers.reaches)
    return Claims(strangers.width, classes, reaches=strangers.reaches)


def fit_strangers(
    rows: Tensor,
    labels: Tensor,
    head: HeadFit,
    none: Tensor | None = None,
    *,
    copies: Tensor | None = None,
    measured: Tensor | None = None,
    answered: Tensor | None = None,
) -> tuple[Claims, Strangers | None]:
    """Fit the scores and learn how known and unknown pictures score.

    Args:
        rows: (N, E) whole rows of the shots.
        labels: (N,) from 0 to K - 1.
        head: The visual head, of which the scores have the parts.
        none: (M, E) rows of examples of none of the classes.
        copies: (N,) equal for shots of the same picture.
        measured: (N,) shots whose label tells how known pictures score; None for all.
        answered: (M,) examples of none that tell how strangers score; None for all. The others are of the column alone.

    Returns:
        Without a distribution of strangers if nothing tells it: two classes, and few examples of none.
    """
    classes = int(labels.max()) + 1
    if none is not None and len(none) > JUDGED // 4:
        part = torch.linspace(0, len(none) - 1, JUDGED // 4).round().long().to(none.device)
        none, answered = none[part], None if answered is None else answered[part.to(answered.device)]
    none = rows[:0] if none is None else none
    answered = torch.ones(len(none), dtype=torch.bool) if answered is None else answered
    most = JUDGED - len(none)
    if len(rows) > most:  # classes can be left out of so many rows; some of their shots are enough
        some = some_of_each(labels, most)
        rows, labels = rows[some], labels[some]
        copies, measured = (None if one is None else one[some.to(one.device)] for one in (copies, measured))
    keep = certain_shots(labels, copies, measured)
    plain = _Fitted.of(rows, labels, classes, head, rows[:0], copies)
    best, examples, asked = plain, plain.claims(none).cpu().double().numpy(), answered.cpu().numpy()
    if len(none) > 1:
        wider = _Fitted.of(rows, labels, classes, head, none, copies)
        if told_apart(wider.known, wider.examples) >= told_apart(plain.known, examples):
            best, examples = wider, wider.examples
    if measured is not None and measured.sum() < classes and asked.sum() < FEWEST_EXAMPLES:
        return best.claims, None  # what accepts a prediction is typical: other known pictures would pass for strangers
    return best.claims, best.told(labels, keep, examples[asked])


@dataclass(frozen=True, eq=False)
class _Fitted:
    """Scores with each shot left out (N,), with its class left out (N,), and of examples of none left out (M,)."""

    claims: Claims
    known: Wide
    unknown: Wide
    examples: Wide

    def told(self, labels: Tensor, keep: NDArray[np.bool_], examples: Wide) -> Strangers | None:
        """See `fit_strangers`; `keep` (N,) are the shots that tell, and `examples` the scores of those of none."""
        groups = labels.cpu().numpy()
        known, of, unknown = self.known[keep], groups[keep], self.unknown
        if len(examples) >= FEWEST_EXAMPLES and (
            not len(unknown) or told_apart(known, examples) >= told_apart(known, unknown)
        ):
            unknown, groups = examples, np.arange(len(examples))
        if len(known) < 2 or len(unknown) < 2:
            return None
        parts = min(GROUPS, int(labels.max()) + 1)
        without = [(of % parts != part, groups % parts != part) for part in range(parts)]
        told = [(np.ones(len(known), bool), np.ones(len(unknown), bool))]
        told += [(one, other) for one, other in without if min(one.sum(), other.sum()) > 1]
        ratios = _ratios(known, unknown, *(np.array(some) for some in zip(*told, strict=True)))
        width = len(self.claims.weights)
        return Strangers(_quantiles(known), _quantiles(unknown), ratios, width, answers=len(examples))

    @classmethod
    def of(
        cls, rows: Tensor, labels: Tensor, classes: int, head: HeadFit, none: Tensor, copies: Tensor | None
    ) -> _Fitted:
        count, columns = len(rows), classes + (len(none) > 0)
        every, targets, together = rows, labels, copies
        alone = torch.arange(count, count + len(none), device=labels.device)
        if len(none):
            every = torch.cat([rows, none.to(rows)])
            targets = torch.cat([labels, labels.new_full((len(none),), classes)])
            together = None if copies is None else torch.cat([copies, copies.max() + 1 + alone])
        found = refit_head(head, every, targets, columns, together)
        groups = torch.cat([labels, classes + alone])
        of_class = refit_head(found, every, targets, columns, groups).left_out[:count]
        claims = Claims(rows.shape[1], classes).to(rows.device)
        claims.weights.copy_(found.weights[:, :classes])
        claims.offsets.copy_(found.offsets[:classes])
        claims.columns.fill_(columns)
        scores = _above_chance(found.left_out[:, :classes].amax(1), columns)
        without = of_class[:, :classes].scatter(1, labels.unsqueeze(1), -torch.inf).amax(1)
        unknown = _above_chance(without, columns - 1) if columns > 2 else np.zeros(0)
        return cls(claims, scores[:count], unknown, scores[count:])


def fit_reach(claims: Claims, rows: Tensor, labels: Tensor, copies: Tensor, at_hand: Tensor | None = None) -> bool:
    """Let the scores fall for pictures that are far from all shots; False without a class of two pictures.

    Args:
        claims: Changed.
        rows: (N, E) whole rows of the shots.
        labels: (N,) from 0 to K - 1.
        copies: (N,) equal for shots of the same picture, which are left out together.
        at_hand: (U, E) rows of pictures without a label.
    """
    unit, classes = functional.normalize(rows, dim=1), int(labels.max()) + 1
    pictures, of, times = torch.unique(torch.stack([labels, copies]), dim=1, return_inverse=True, return_counts=True)
    several = torch.bincount(pictures[0], minlength=classes)[labels] > 1
    if not bool(several.any()):
        return False
    sums = torch.zeros(classes, rows.shape[1], device=rows.device).index_add_(0, labels, unit)
    own = unit if int(times.max()) == 1 else torch.zeros(len(times), rows.shape[1]).index_add_(0, of, unit)[of]
    lengths, with_all = sums.norm(dim=1), unit @ sums.T
    others = (with_all / lengths).scatter(1, labels.unsqueeze(1), -1.0).amax(1)
    with_own, place = (unit * own).sum(1), labels.unsqueeze(1)
    with_rest = with_all.gather(1, place).squeeze(1) - with_own  # of its class, without the picture
    squared = lengths[labels].square() - 2 * (own @ sums.T).gather(1, place).squeeze(1) + own.square().sum(1)
    nearest = torch.maximum(others, with_rest / squared.clamp_min(1e-12).sqrt())[several].double()
    centres = sums / lengths.unsqueeze(1)
    middle, spread = float(nearest.mean()), max(float(nearest.std(correction=0)), LEAST_COSINE)
    here = torch.zeros(0)
    if at_hand is not None:
        here = (at_hand.to(centres) @ centres.T).amax(1) / torch.linalg.vector_norm(at_hand, dim=1).clamp_min(1e-12)
    shots, seen = ((one.cpu().double().numpy() - middle) / spread for one in (nearest, here))
    claims.set_reach(centres.T, middle + spread * _far_cut(shots, seen), spread * RAMP)
    return True


def _far_cut(shots: Wide, at_hand: Wide) -> float:
    """Below how many deviations from the mean of `shots` (N,) a picture is far, going by those `at_hand` (U,)."""
    error = math.sqrt((1 + FAR**2 / 2) / len(shots))  # of such a quantile of a normal distribution
    cut = min(-FAR - error, float(shots.min()))
    if len(at_hand) < FEWEST:
        return cut
    cut = min(cut, float(np.quantile(at_hand, FAR_AT_HAND)))
    normal = torch.special.ndtri(torch.from_numpy((np.arange(LEVELS) + 0.5) / LEVELS)).numpy()
    beyond = at_hand[at_hand < -NEAREST_CUT]
    first = np.stack([normal + (beyond.mean() if len(beyond) else -2 * FAR), normal])
    _, means, (variance, _), shares = _mixed(at_hand, first, np.array([LITTLE, min(HELD, len(shots))]), pooled=1.0)
    if means[1] - means[0] < APART * math.sqrt(variance):
        return cut
    even = means.mean() + variance * math.log(shares[0] / shares[1]) / (means[1] - means[0])
    group = min(float(even), -NEAREST_CUT)
    usual = max(float((shots < group).mean()), 0.5 * math.erfc(-group / math.sqrt(2))) * len(at_hand)
    return group if (at_hand < group).sum() > 2 * usual + 3 else cut


def some_of_each(labels: Tensor, most: int) -> Tensor:
    """Up to `most` places of shots, ascending: the first of each class, and of the others a part in proportion."""
    order, counts = torch.argsort(labels, stable=True), torch.bincount(labels)
    place = torch.empty_like(labels)
    place[order] = torch.arange(len(labels), device=labels.device) - (counts.cumsum(0) - counts)[labels[order]]
    part = max(0, most - len(counts))
    whole = (place + 1) * part // len(labels) > place * part // len(labels)
    return torch.nonzero(whole | (place == 0)).squeeze(1)[:most]


def _above_chance(best: Tensor, columns: int) -> Wide:
    wide: Wide = best.cpu().double().numpy()  # not every device has doubles
    return (columns * wide - 1) / (columns - 1)


def certain_shots(labels: Tensor, copies: Tensor | None, measured: Tensor | None) -> NDArray[np.bool_]:
    """Which shots tell how known pictures score: not the only picture of its class, nor what a model proposed."""
    own = labels.cpu().numpy()
    each = own if copies is None else np.unique(np.stack([own, copies.cpu().numpy()]), axis=1)[0]
    several: NDArray[np.bool_] = np.bincount(each)[own] > 1
    if measured is not None and (several & measured.cpu().numpy()).sum() >= len(np.unique(own)):
        several &= measured.cpu().numpy()
    return several


def text_margins(
    images: NDArray[np.float32], texts: NDArray[np.float32], best: NDArray[np.int64], background: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(N,) how much nearer pictures (N, D) are to the `best` (N,) of names (C, D) than to a background (V, D): cosines.

    Background names near one of the names (`NEAR`) are left out, since they may mean it.
    """
    found: NDArray[np.float32] = (images * texts[best]).sum(axis=1) - nearness_of(images, texts, background)
    return found


def nearness_of(
    images: NDArray[np.float32], texts: NDArray[np.float32], background: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(N,) how near pictures (N, D) are to a background (V, D) without what is near names (C, D): a mean cosine."""
    return _mean(_nearest(images @ far_from(background, texts).T))


def _nearest(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, `NEAREST`) the highest of cosines (N, V) in any order, or all if there are fewer."""
    most = min(NEAREST, cosines.shape[1])
    found: NDArray[np.float32] = -np.partition(-cosines, most - 1, axis=1)[:, :most] if most else cosines
    return found


def _mean(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N,) the mean of cosines (N, V); -1 without any."""
    found: NDArray[np.float32] = cosines.mean(axis=1) if cosines.shape[1] else -np.ones(len(cosines), np.float32)
    return found


def fit_text(
    images: NDArray[np.float32], labels: NDArray[np.int64], texts: NDArray[np.float32], background: NDArray[np.float32]
) -> tuple[Levels, Levels]:
    """`Strangers.text` by shots (N, D) among the names (K, D) of all classes, and among them without their own name."""
    near = _nearness(background, texts) >= NEAR
    others, own = ((torch.tensor(images) @ torch.tensor(names).T).numpy() for names in (background, texts))
    nearest = _nearest(others[:, ~near.any(axis=1)])
    every = np.arange(len(images))
    known, best = own[every, labels] - _mean(nearest), _mean(nearest)
    for gone in np.unique(labels):  # without it, what is near no other name is of the background
        rows, columns = every[labels == gone], near[:, gone] & (near.sum(axis=1) == 1)
        best[rows] = _mean(_nearest(np.concatenate([nearest[rows], others[np.ix_(rows, columns)]], axis=1)))
    own[every, labels] = -np.inf
    return _quantiles(known.astype(np.float64)), _quantiles((own.max(axis=1) - best).astype(np.float64))


def fit_names(
    strangers: Strangers, shots: Wide, labels: NDArray[np.int64], cosines: Wide, best: NDArray[np.int64]
) -> Strangers:
    """With `Strangers.names` and `text`, by a mixture of normal distributions of the cosines with the nearest name.

    Cosines are standardised for each name by those of all pictures at hand, since some names are near to any picture.
    There are no strangers if their share is no more than `TAIL`; else the cuts are for a share that is lower by its
    standard error over names.

    Args:
        strangers: Without.
        shots: (S, K) cosines of the shots with the K trained names.
        labels: (S,) from 0 to K - 1.
        cosines: (N, K + M) of pictures at hand with these and then the M names that were not trained.
        best: (N,) which of all names the model says, at least one of them of the M.
    """
    trained, middles, deviations = shots.shape[1], cosines.mean(axis=0), cosines.std(axis=0)
    scales = deviations.mean() / np.maximum(deviations, LEAST_COSINE)
    others = (shots - middles[:trained]) * scales[:trained]
    own = others[np.arange(len(labels)), labels]
    others[np.arange(len(labels)), labels] = -np.inf
    named = best >= trained
    cosines, best = ((cosines - middles) * scales)[named, trained:], best[named] - trained
    found = _NamesMixture.fitted(own, others.max(axis=1), labels, cosines, best)
    said, count = cosines[np.arange(len(best)), best], cosines.shape[1]
    rest = 1 - found.known(said, best)
    share = float(rest.mean())
    away = np.bincount(best, rest, count) - share * np.bincount(best, minlength=count)
    error = float(np.sqrt((away**2).sum() * count / max(1, count - 1))) / len(best)
    cuts, slopes = replace(found, share=float(np.clip(share - error, 1e-6, 1 - 1e-6))).cuts()
    if share <= TAIL:
        cuts[:] = -LARGEST
    margins = np.clip(slopes[best] * (said - cuts[best]), -LARGEST, LARGEST)
    text = weighted_quantiles(margins, 1 - rest + 1e-9), weighted_quantiles(margins, rest + 1e-9)
    scales = np.append(scales[trained:], scales.mean())
    cuts = np.clip(np.append(middles[trained:], middles.mean()) + cuts / scales, LEAST_CUT, 1)
    slopes = np.minimum(slopes * scales, LARGEST)
    names = zip(np.round(cuts, 6).tolist(), np.round(slopes, 6).tolist(), strict=True)
    return replace(strangers, text=text, names=tuple(names))


@dataclass(frozen=True, eq=False)
class _NamesMixture:
    """Each of M names, and then any other one, has a mean; all have one variance, and strangers have their own.

    Means differ from name to name as those of the trained ones do, so they are held to the common one by that, and
    `unsure` (M + 1,) are the variances that are left.
    """

    means: Wide
    unsure: Wide
    within: float
    unlike: float
    wide: float
    share: float

    def known(self, values: Wide, names: NDArray[np.int64]) -> Wide:
        """(N,) probability that pictures with these cosines (N,) are of these names (N,)."""
        square, linear, constant = (part[names] for part in self._odds())
        odds = (square * values + linear) * values + constant
        found: Wide = 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
        return np.where(values >= self.means[names], np.maximum(found, SURE), found)

    def cuts(self) -> tuple[Wide, Wide]:
        """(M + 1,) cosines at even odds, at most the mean, and the slope of the logarithm of the odds there."""
        square, linear, constant = self._odds()
        inner, double = linear**2 - 4 * square * constant, np.where(square == 0, 1e-12, 2 * square)
        slopes = np.clip(np.sqrt(np.maximum(inner, 0)), 1, LARGEST)
        roots = np.where(inner > 0, (-linear + slopes) / double, -np.sign(double) * LARGEST)
        return np.minimum(roots, self.means), slopes

    def _odds(self) -> tuple[Wide, Wide, Wide]:
        """(M + 1,) coefficients of the logarithm of the odds, which is a quadratic function of the cosine."""
        around, means = self.within + self.unsure, self.means
        constant = math.log((1 - self.share) / self.share) + 0.5 * np.log(self.wide / around)
        constant = constant + 0.5 * (self.unlike**2 / self.wide - means**2 / around)
        return 0.5 / self.wide - 0.5 / around, means / around - self.unlike / self.wide, constant

    @classmethod
    def fitted(
        cls, own: Wide, other: Wide, labels: NDArray[np.int64], cosines: Wide, best: NDArray[np.int64]
    ) -> _NamesMixture:
        """By EM; pictures tell the mean of a name if the model says the same as the text.

        Args:
            own: (S,) cosines of shots with their names.
            other: (S,) highest ones with another trained name.
            labels: (S,) of the shots.
            cosines: (N, M) of pictures at hand.
            best: (N,) which name the model says.
        """
        of_class = [own[labels == one] for one in np.unique(labels)]
        middles, free = np.array([one.mean() for one in of_class]), len(own) - len(of_class)
        inside = sum(float(((one - one.mean()) ** 2).sum()) for one in of_class)
        within = max(inside / free if free else own.var() / 2, LEAST_COSINE**2)
        centre, apart = middles.mean(), max(middles.var(ddof=1) - within * len(of_class) / len(own), within / 4)
        count, nearest = cosines.shape[1], cosines.argmax(axis=1)
        at, agreed = cosines[np.arange(len(cosines)), nearest], nearest == best
        tells = [at[agreed & (nearest == name)] for name in range(count)]
        means = np.array([*(np.quantile(one, TOP) if len(one) else centre for one in tells), centre])
        first, wide = float(other.mean()), max(float(other.var()), LEAST_COSINE**2)
        found = cls(means, np.append(np.zeros(count), apart), within, first, wide, 0.5)
        for step in range(NAME_STEPS):
            known = found.known(at, nearest)
            weights, rest = known * agreed, 1 - known
            unsure = 1 / (np.bincount(nearest, weights, count + 1) / found.within + 1 / apart)
            means = unsure * (np.bincount(nearest, weights * at, count + 1) / found.within + centre / apart)
            spread, total = found.within, rest.sum() + HELD_BY_TEXT
            if step >= FIXED_STEPS:
                around = ((at - means[nearest]) ** 2 + unsure[nearest]) @ weights
                spread = float((around + HELD * within) / (weights.sum() + HELD))
            unlike = float((rest @ at + HELD_BY_TEXT * first) / total)
            scatter = rest @ (at - unlike) ** 2 + HELD_BY_TEXT * (wide + (first - unlike) ** 2)
            share = (rest.sum() + PRIOR[0] - 1) / (len(at) + sum(PRIOR) - 2)
            share = float(np.clip(share, 1e-6, 1 - 1e-6))
            found = cls(means, unsure, spread, unlike, float(scatter / total), share)
        return found


def far_from(background: NDArray[np.float32], texts: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows of a background (V, D) that are not near one of texts (C, D)."""
    found: NDArray[np.float32] = background[is_far(background, texts)]
    return found


def is_far(background: NDArray[np.float32], texts: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(V,) which rows of a background (V, D) are not near one of texts (C, D)."""
    found: NDArray[np.bool_] = _nearness(background, texts).max(axis=1, initial=-1) < NEAR
    return found


def _nearness(background: NDArray[np.float32], texts: NDArray[np.float32]) -> NDArray[np.float32]:
    """(V, C) cosines less the background's mean, which an encoder may give every text."""
    mean = background.mean(axis=0)
    others, own = torch.from_numpy(background - mean), functional.normalize(torch.from_numpy(texts - mean), dim=1)
    found: NDArray[np.float32] = (others @ own.T / others.norm(dim=1, keepdim=True).clamp_min(1e-12)).numpy()
    return found


def told_apart(known: Wide, unknown: Wide) -> float:
    """The area under the ROC curve: how often a known picture scores higher than an unknown one."""
    if not len(known) or not len(unknown):
        return 0.5
    ordered = np.sort(unknown)
    below = np.searchsorted(ordered, known, "left") + np.searchsorted(ordered, known, "right")
    return float(below.mean() / (2 * len(unknown)))


def counted(scores: NDArray[np.floating]) -> Wide:
    """(`STEPS` + 1,) how many pictures have which score."""
    at = np.round((np.clip(np.asarray(scores, np.float64), LOW, HIGH) - LOW) / (HIGH - LOW) * STEPS).astype(np.int64)
    return np.bincount(at, minlength=STEPS + 1).astype(np.float64)


def _points() -> Wide:
    return np.linspace(LOW, HIGH, STEPS + 1)


def _mixed(at: Wide, first: Wide, held: Wide | float, pooled: float = 0.0) -> tuple[Wide, Wide, Wide, Wide]:
    """A mixture of two normal distributions, fitted by EM to values (N,).

    Args:
        at: The values.
        first: (2, `LEVELS`) quantiles of unknown and known values that it starts from and is held to.
        held: (2,) by how many values.
        pooled: How much of a variance is that of all values around their means.

    Returns:
        `first` spread as in the mixture, and (2,) its means, variances and shares.
    """
    count: Wide = np.ones(len(at))
    if len(at) > MOST_APART:  # a hundred steps over each of a million values take a minute
        at, times = np.unique(np.round(at, ROUNDED), return_counts=True)
        count = times.astype(np.float64)
    own, spread = first.mean(axis=1), np.maximum(first.std(axis=1), LEAST_SPREAD) ** 2
    means, variances, shares = own, spread, np.array([USUAL_SHARE, 1 - USUAL_SHARE])
    for _ in range(MIXTURE_STEPS):
        away = np.square(at - means[:, None])
        first_log, second_log = np.log(np.maximum(shares, 1e-12)) - 0.5 * np.log(variances)
        odds = second_log - first_log + away[0] * (0.5 / variances[0]) - away[1] * (0.5 / variances[1])
        second = count / (1 + np.exp(-np.clip(odds, -700, 700)))
        weights = np.stack([count - second, second])
        sums = weights.sum(axis=1)
        shares = (sums + np.array(PRIOR) - 1) / (sums.sum() + sum(PRIOR) - 2)
        means = (weights @ at + held * own) / (sums + held)
        scatter = (weights * np.square(at - means[:, None])).sum(axis=1) + held * (spread + (own - means) ** 2)
        variances = (1 - pooled) * scatter / (sums + held) + pooled * scatter.sum() / np.sum(sums + held)
    return (first - own[:, None]) * np.sqrt(variances / spread)[:, None] + means[:, None], means, variances, shares


def _cut(known: Sequence[float] | Wide, unknown: Sequence[float] | Wide, share: float, weight: float) -> float:
    """See `Strangers.cuts`; `known` and `unknown` are quantiles."""
    at = _points()
    named = weight * share * (1 - _below(unknown, at))
    lost = (1 - share) * _below(known, at)
    errors = named + lost
    best = int(np.argmin(errors))
    return float(at[best]) if errors[best] < weight * share - 1e-9 else NO_CUT


def _quantiles(scores: Wide) -> Levels:
    found = np.quantile(scores, (np.arange(LEVELS) + 0.5) / LEVELS)
    return tuple(np.round(found, 6).tolist())


def weighted_quantiles(values: Wide, weights: Wide) -> Levels:
    """`LEVELS` quantiles of weighted values, ascending."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    middle = (total - 0.5 * weights[order]) / total[-1]
    found = np.interp((np.arange(LEVELS) + 0.5) / LEVELS, middle, values[order])
    return tuple(np.round(found, 6).tolist())


def _below(quantiles: Sequence[float] | Wide, at: Wide) -> Wide:
    """The share of scores below each point, smoothed by a logistic kernel of Silverman's width."""
    values = np.array(quantiles)
    middle = (np.quantile(values, 0.75) - np.quantile(values, 0.25)) / 1.34
    width = max(NARROWEST, 0.9 * min(values.std(), middle or np.inf) * len(values) ** -0.2)
    steps = np.clip((at[:, None] - values) / (width * 0.5513), -50, 50)  # the logistic of the same deviation
    found: Wide = (1 / (1 + np.exp(-steps))).mean(axis=1)
    return found


def _ratios(
    known: Wide, unknown: Wide, some: NDArray[np.bool_], others: NDArray[np.bool_]
) -> tuple[tuple[float, float], ...]:
    """Offsets and slopes of ln p(s | known) / p(s | unknown), by logistic regression with both weighing the same.

    Targets are Platt's (1999, section 2.2): scores that do not overlap would have no finite slope. It is at least 0.

    Args:
        known: (N,) scores.
        unknown: (M,) scores.
        some: (R, N) which of the known ones each regression is told.
        others: (R, M) likewise.
    """
    parts = [part.sum(axis=1, keepdims=True) for part in (some, others)]
    targets = np.concatenate([some * (parts[0] + 1) / (parts[0] + 2), others / (parts[1] + 2)], axis=1)
    weights = np.concatenate([0.5 * some / parts[0], 0.5 * others / parts[1]], axis=1)
    scores = np.concatenate([known, unknown])
    found = np.zeros((len(some), 2))
    going = np.ones(len(some), bool)
    for _ in range(50):
        at, own = found[going], weights[going]
        chances = 1 / (1 + np.exp(-np.clip(at[:, :1] + at[:, 1:] * scores, -50, 50)))
        wrong, sure = own * (chances - targets[going]), own * chances * (1 - chances)
        gradient = np.stack([wrong.sum(axis=1), wrong @ scores], axis=1)
        across = sure @ scores
        curvature = np.stack([sure.sum(axis=1), across, across, sure @ scores**2], axis=1).reshape(-1, 2, 2)
        step = np.clip(np.linalg.solve(curvature + 1e-9 * np.eye(2), gradient[:, :, None])[:, :, 0], -5, 5)
        found[going] -= step
        going[going] = np.abs(step).max(axis=1) >= 1e-8
        if not going.any():
            break
    return tuple((offset, slope) if slope > 0 else (0.0, 0.0) for offset, slope in np.round(found, 6).tolist())


def _ratio(known: Wide, unknown: Wide) -> Line:
    """`_ratios` of all values."""
    every = np.ones((1, len(known)), bool)
    return _ratios(known, unknown, every, every)[0]


def _odds(ratio: Line, share: float) -> Line:
    """Offset and slope of the logarithm of the odds of a known picture, where a share is unknown."""
    share = min(max(share, LEAST_SHARE), 1 - LEAST_SHARE)
    return ratio[0] + math.log((1 - share) / share), ratio[1]


def _shares(counts: Wide, ratios: Sequence[tuple[float, float]]) -> Wide:
    """(R,) the likeliest share of strangers under the prior, with each of R ratios of densities.

    That is where EM ends. The logarithm of the posterior is concave in the share, so its maximum is found by bisection.
    """
    offsets, slopes = np.array(ratios, np.float64).T
    ratio = np.exp(np.clip(offsets[:, None] + slopes[:, None] * _points(), -50, 50))
    first, second = PRIOR
    low, high = np.full(len(ratios), 0.0), np.full(len(ratios), 1.0)
    for _ in range(HALVINGS):
        share = (low + high) / 2
        mixed = share[:, None] + (1 - share[:, None]) * ratio
        rise = (counts * (1 - ratio) / mixed).sum(axis=1) + (first - 1) / share - (second - 1) / (1 - share)
        low, high = np.where(rise > 0, share, low), np.where(rise > 0, high, share)
    found: Wide = (low + high) / 2
    return found
