"""Linear probe: logistic regression on the image encoder's features, as in Teachable Machine and Lobe.

Trained: a weight vector and an offset per base class, by scikit-learn's L-BFGS with C = 10. It does not use class
names: untrained names keep their zero-shot logits, and the total probability of all trained names stays that of
zero-shot (see `visual_head`; here its scores replace the logits of trained names).
"""

from __future__ import annotations

import warnings

import torch
from torch import Tensor
from torch.nn import functional

from mma_desktop.engine.methods.adapter import Adapter, Sizes, Start
from mma_desktop.engine.methods.visual_head import NOTHING, HeadFit, VisualHead

STEPS = 1000


class ProbeHead(VisualHead):
    """A visual head whose scores replace the logits of trained names; uses some columns, normalised."""

    def __init__(self, classes: int, width: int, logit_scale: float, columns: slice) -> None:
        super().__init__(classes, width, logit_scale)
        self.columns = columns

    def read(self, rows: Tensor) -> Tensor:
        """Input of the regression, (B, P)."""
        return functional.normalize(rows.to(self.weights)[:, self.columns], dim=-1)

    def scores(self, rows: Tensor) -> Tensor:
        """See `VisualHead.scores`."""
        return self.read(rows) @ self.weights[self.columns] + self.offsets

    def joined(self, logits: Tensor, scores: Tensor, codes: Tensor) -> Tensor:
        """See `VisualHead.joined`."""
        known = self.match(codes)
        trained = known.sum(1) > 0.5
        own = scores @ known.T
        before = logits.masked_fill(~trained, NOTHING).logsumexp(1, keepdim=True)
        after = own.masked_fill(~trained, NOTHING).logsumexp(1, keepdim=True)
        return torch.where(trained, own + (before - after), logits)


class LinearProbe(Adapter):
    """See the module.

    Args:
        sizes: `classes` is K, `row` E; the features are `before` columns from `start`.
        inverse_penalty: scikit-learn's C.
    """

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes, *, inverse_penalty: float = 10.0) -> None:
        super().__init__(embed_dim, logit_scale, sizes)
        self.inverse_penalty = inverse_penalty

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Zero-shot logits (B, C)."""
        return self.logit_scale * images @ texts.T

    def parameter_count(self) -> int:
        """One weight per feature and an offset, for each class."""
        return self.sizes.classes * (self.sizes.before + 1)

    def new_head(self) -> ProbeHead:
        """See `Adapter.new_head`."""
        columns = slice(self.sizes.start, self.sizes.start + self.sizes.before)
        return ProbeHead(self.sizes.classes, self.sizes.row, self.logit_scale, columns)

    def attach_head(self, start: Start, codes: Tensor) -> None:
        """Fit the regression; see `Adapter.attach_head`."""
        from sklearn.linear_model import LogisticRegression

        head = self.new_head().to(start.images.device)
        features = head.read(start.images).cpu().numpy()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # no convergence, or a single shot per class
            found = LogisticRegression(C=self.inverse_penalty, max_iter=STEPS).fit(features, start.labels.cpu().numpy())
        weights, offsets = torch.tensor(found.coef_).float(), torch.tensor(found.intercept_).float()
        if len(weights) == 1:  # for two classes, scikit-learn has one weight vector, for the second class
            weights, offsets = torch.cat([-weights, weights]) / 2, torch.cat([-offsets, offsets]) / 2
        whole = torch.zeros(self.sizes.row, self.sizes.classes)
        whole[head.columns] = weights.T
        none = torch.zeros(0)
        fit = HeadFit(whole, offsets, none, none.long(), amount=1.0)
        head.load_fit(fit, codes)
        self.head = head
