"""Linear probe: logistic regression on the image encoder's features, by scikit-learn's L-BFGS.

Untrained names keep their zero-shot logits, and the total probability of all trained names stays that of zero-shot (see
`visual_head`; here its scores replace the logits of trained names). A penalty on squared weights keeps them in the span
of the features, so the regression runs on coordinates in it, several times faster with few shots.
"""

from __future__ import annotations

import warnings

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from mma_desktop.engine.methods.adapter import Sizes, Start, ZeroShot
from mma_desktop.engine.methods.visual_head import MASKED_LOGIT, HeadFit, VisualHead
from mma_desktop.engine.training_data import Integers

Doubles = NDArray[np.float64]
STEPS, TOLERANCE = 1000, 1e-5  # ten times scikit-learn's default steps, and a tenth of its tolerance
FOLDS = 5  # scikit-learn's default
# Values of scikit-learn's C, an inverse penalty, for features of unit length.
PENALTIES = tuple(10.0**exponent for exponent in range(-1, 6))
ONE_SHOT_AMOUNT = 10.0  # its C where no shot can be left out to choose one


class ProbeHead(VisualHead):
    """A visual head whose scores replace the logits of trained names; uses some columns, normalised."""

    def __init__(self, classes: int, width: int, logit_scale: float, columns: slice) -> None:
        super().__init__(classes, width, logit_scale)
        self.columns = columns

    def read(self, rows: Tensor) -> Tensor:
        """Input of the regression, (B, P)."""
        return functional.normalize(rows.to(self.weights)[:, self.columns], dim=-1)

    def parameter_count(self) -> int:
        return self.weights[self.columns].numel() + self.offsets.numel()

    def scores(self, rows: Tensor) -> Tensor:
        return self.read(rows) @ self.weights[self.columns] + self.offsets

    def joined(self, logits: Tensor, scores: Tensor, codes: Tensor) -> Tensor:
        known = self.match(codes)
        trained = known.sum(1) > 0.5
        trained_scores = scores @ known.T
        before = logits.masked_fill(~trained, MASKED_LOGIT).logsumexp(1, keepdim=True)
        after = trained_scores.masked_fill(~trained, MASKED_LOGIT).logsumexp(1, keepdim=True)
        return torch.where(trained, trained_scores + (before - after), logits)


class LinearProbe(ZeroShot):
    """See the module.

    Args:
        sizes: `classes` is K, `row` E; the features are `before` columns from `start`.
        inverse_penalty: scikit-learn's C; 0 for cross-validation.
    """

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes, *, inverse_penalty: float = 0.0) -> None:
        super().__init__(embed_dim, logit_scale, sizes)
        self.inverse_penalty = inverse_penalty

    def new_head(self) -> ProbeHead:
        columns = slice(self.sizes.start, self.sizes.start + self.sizes.before)
        return ProbeHead(self.sizes.classes, self.sizes.row, self.logit_scale, columns)

    def attach_head(self, start: Start) -> None:
        head = self.new_head().to(start.images.device)
        features = head.read(start.images).double().cpu().numpy()
        labels, given = start.labels.cpu().numpy(), start.class_weights
        importance = None if given is None else given.double().cpu().numpy()[labels]
        weights, offsets = regression(features, labels, self.inverse_penalty, importance)
        whole = torch.zeros(self.sizes.row, self.sizes.classes)
        whole[head.columns] = weights.T
        none = torch.zeros(0)
        fit = HeadFit(whole, offsets, none, none.long(), amount=1.0)
        head.load_fit(fit, start.codes)
        self.head = head


def regression(
    features: Doubles, labels: Integers, inverse_penalty: float = 0.0, importance: Doubles | None = None
) -> tuple[Tensor, Tensor]:
    """Weights (K, P) and offsets (K,) of a logistic regression from features (N, P) to labels (N,), 0 to K - 1.

    `inverse_penalty` is as in `LinearProbe`, `importance` (N,) scikit-learn's `sample_weight`; the result is float32.
    """
    from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
    from sklearn.model_selection import StratifiedKFold

    basis = np.linalg.svd(features, full_matrices=False)[2] if len(features) < features.shape[1] else None
    inside = features if basis is None else features @ basis.T
    folds = min(FOLDS, int(np.bincount(labels).min()))
    if inverse_penalty or folds < 2:
        fit = LogisticRegression(C=inverse_penalty or ONE_SHOT_AMOUNT, max_iter=STEPS, tol=TOLERANCE)
    else:
        division = StratifiedKFold(folds, shuffle=True, random_state=0)
        fit = LogisticRegressionCV(Cs=PENALTIES, cv=division, scoring="neg_log_loss", max_iter=STEPS, tol=TOLERANCE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no convergence, a single shot per class, names that a later version changes
        fit.fit(inside, labels, sample_weight=importance)
    weights, offsets = torch.tensor(fit.coef_ if basis is None else fit.coef_ @ basis), torch.tensor(fit.intercept_)
    if len(weights) == 1:  # for two classes, scikit-learn has one weight vector, for the second class
        weights, offsets = torch.cat([-weights, weights]) / 2, torch.cat([-offsets, offsets]) / 2
    return weights.float(), offsets.float()
