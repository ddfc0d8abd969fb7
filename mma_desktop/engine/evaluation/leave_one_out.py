"""Leave-one-out predictions of the default method for labelled images, as arrays; see `methods.visual_head`."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from mma_desktop.engine.evaluation.calibration import fit_temperature, softmax
from mma_desktop.engine.methods.visual_head import fit_head, refit_head
from mma_desktop.engine.training_data import Floats, Integers


@dataclass(frozen=True, eq=False)
class LeaveOneOutFit:
    """A visual head fitted to N images, combined with their class names.

    Attributes:
        scores: (N, C) leave-one-out scores of the images.
        weights, offsets: (E, C) and (C,), for the scores of other images.
        amount: Weight of the scores relative to cosines.
        steepness: Factor of the logits before the softmax, fitted so that confidences are calibrated.
        texts: (C, D) features of the class names.
    """

    scores: Floats
    weights: Floats
    offsets: Floats
    amount: float
    steepness: float
    texts: Floats

    def probabilities(self, rows: Floats, scores: Floats) -> Floats:
        """(n, C) for images with rows (n, E) and scores (n, C)."""
        return softmax(self.steepness * (rows[:, : self.texts.shape[1]] @ self.texts.T + self.amount * scores))


def leave_out(
    rows: Floats, labels: Integers, texts: Floats, logit_scale: float, copies: Integers | None = None
) -> LeaveOneOutFit:
    """Fit to images with whole rows (N, E) and labels (N,), and compute leave-one-out scores.

    The labels index `texts` (C, D), the features of the class names. Images with equal `copies` (N,) are left out
    together.
    """
    images, own = torch.tensor(rows), torch.tensor(labels)
    together = None if copies is None else torch.tensor(copies)
    cosines = images[:, : texts.shape[1]] @ torch.tensor(texts).T
    fit = fit_head(images, own, cosines, logit_scale, copies=together)
    left_out = fit.left_out
    if len(fit.judged) < len(images):
        left_out = refit_head(fit, images, own, len(texts), together, every=True).left_out
    temperature = fit_temperature(logit_scale * (cosines + fit.amount * left_out).numpy(), labels)
    steepness = logit_scale / temperature
    return LeaveOneOutFit(left_out.numpy(), fit.weights.numpy(), fit.offsets.numpy(), fit.amount, steepness, texts)
