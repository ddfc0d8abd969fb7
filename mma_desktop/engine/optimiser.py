"""The optimiser of a fit, as its method asks for it: which one, and how the learning rate changes from step to step."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import nn

from mma_desktop.domain import Recipe
from mma_desktop.engine.methods.spec import Optimiser

MOMENTUM = 0.9
ADAMW_EPS = 1e-4  # Tip-Adapter-F's
WARM_UP_RATE = 1e-5  # CoOp's


class Steps:
    """An optimiser with its schedule.

    Args:
        module: Its parameters that require a gradient are trained.
        how: Which optimiser and schedule.
        recipe: Learning rate, weight decay and number of epochs.
        steps: Steps an epoch.
    """

    def __init__(self, module: nn.Module, how: Optimiser, recipe: Recipe, steps: int) -> None:
        self._how, self._rate = how, recipe.learning_rate
        self._warm_up, self._all = how.warm_up * steps, recipe.max_epochs * steps
        self._done = 0
        weights = [parameter for parameter in module.parameters() if parameter.requires_grad]
        rate, decay = recipe.learning_rate, recipe.weight_decay
        self.optimiser: torch.optim.Optimizer
        if how.kind == "sgd":
            self.optimiser = torch.optim.SGD(weights, lr=rate, momentum=MOMENTUM, weight_decay=decay)
        elif how.kind == "lbfgs":
            self.optimiser = torch.optim.LBFGS(weights, lr=rate, max_iter=1, max_eval=8, line_search_fn="strong_wolfe")
        elif how.kind == "adamw":
            self.optimiser = torch.optim.AdamW(weights, lr=rate, eps=ADAMW_EPS, weight_decay=decay)
        else:
            self.optimiser = torch.optim.Adam(weights, lr=rate, weight_decay=decay)

    def step(self, loss_of: Callable[[], torch.Tensor]) -> torch.Tensor:
        """One step down the gradient of a loss; what the loss was before it, without gradient."""
        if self._how.schedule != "constant":
            for group in self.optimiser.param_groups:
                group["lr"] = self.rate(self._done)
        first: torch.Tensor | None = None

        def closure() -> torch.Tensor:
            nonlocal first
            self.optimiser.zero_grad()
            loss = loss_of()
            loss.backward()  # type: ignore[no-untyped-call]
            first = loss.detach() if first is None else first
            return loss

        self.optimiser.step(closure)  # type: ignore[arg-type]
        self._done += 1
        if first is None:
            raise RuntimeError("the optimiser asked for no loss")
        return first

    def rate(self, step: int) -> float:
        """The learning rate of a step, counted from 0."""
        if self._how.schedule == "constant":
            return self._rate
        if step < self._warm_up:
            return min(WARM_UP_RATE, self._rate)
        share = (step - self._warm_up) / max(1, self._all - self._warm_up)
        return self._rate * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))
