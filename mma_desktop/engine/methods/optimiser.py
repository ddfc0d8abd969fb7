"""The optimiser of a fit, with its learning rate schedule. Uses torch's functional steps.

Its optimiser classes import the compiler (torch._dynamo, sympy) on first use: one second, and 70 MB.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters
from torch.optim.adam import adam
from torch.optim.adamw import adamw
from torch.optim.sgd import sgd

from mma_desktop.core.types import Recipe
from mma_desktop.engine.methods.method_table import Optimiser

MOMENTUM = 0.9  # of SGD, as CoOp has
MAX_PAIRS, LINE_SEARCH_STEPS = 10, 12  # L-BFGS: stored pairs, and step lengths to try
MIN_DECREASE = 2e-5  # of a loss; a step that gains less is the last
BETA1, BETA2 = 0.9, 0.999  # PyTorch's defaults
ADAM_EPS = 1e-8  # PyTorch's default
ADAMW_EPS = 1e-4  # Tip-Adapter-F's
WARM_UP_RATE = 1e-5  # CoOp's


Evaluate = Callable[[Tensor], tuple[Tensor, Tensor]]
"""A loss and its gradient (P,) at a point (P,)."""


class Lbfgs:
    """L-BFGS (Nocedal and Wright 2006, algorithms 7.4 and 3.1): one iteration per step, backtracking line search."""

    def __init__(self) -> None:
        self._pairs: deque[tuple[Tensor, Tensor, float]] = deque(maxlen=MAX_PAIRS)  # with their inner product
        self._converged = False
        self._now: tuple[Tensor, Tensor] | None = None  # loss and gradient at the end of the last step

    def step(self, start: Tensor, evaluate: Evaluate) -> tuple[Tensor, Tensor]:
        """Run one iteration from where the last one ended; returns the loss before it, and where it ends."""
        loss, gradient = self._now or evaluate(start)
        self._now = loss, gradient
        if self._converged:
            return loss, start
        direction = self._direction(gradient)
        slope = float(gradient @ direction)
        length = 1.0 if self._pairs else 1 / max(float(gradient.norm()), 1e-12)
        for _ in range(LINE_SEARCH_STEPS):
            end = torch.add(start, direction, alpha=length)
            end_loss, end_gradient = evaluate(end)
            if float(end_loss) <= float(loss) + 1e-4 * length * slope:
                step, gradient_change = length * direction, end_gradient - gradient
                curvature = float(step @ gradient_change)
                if curvature > 1e-10 * float(gradient_change @ gradient_change):
                    self._pairs.append((step, gradient_change, curvature))
                self._now = end_loss, end_gradient
                self._converged = float(loss - end_loss) <= MIN_DECREASE * float(loss)
                return loss, end
            length /= 2
        self._converged = True  # no step lowers the loss, to the last digit
        return loss, start

    def _direction(self, gradient: Tensor) -> Tensor:
        direction, coefficients = gradient.clone(), []
        for step, gradient_change, curvature in reversed(self._pairs):
            coefficient = float(step @ direction) / curvature
            direction.sub_(gradient_change, alpha=coefficient)
            coefficients.append(coefficient)
        if self._pairs:
            _, gradient_change, curvature = self._pairs[-1]
            direction *= curvature / float(gradient_change @ gradient_change)
        for (step, gradient_change, curvature), coefficient in zip(self._pairs, reversed(coefficients), strict=True):
            direction.add_(step, alpha=coefficient - float(gradient_change @ direction) / curvature)
        return -direction


class ScheduledOptimiser:
    """An optimiser with its schedule of epochs of `steps` steps, for the parameters that require a gradient."""

    def __init__(self, module: nn.Module, optimiser: Optimiser, recipe: Recipe, steps: int) -> None:
        self._spec, self._rate, self._decay = optimiser, recipe.learning_rate, recipe.weight_decay
        self._warm_up, self._all = optimiser.warm_up * steps, recipe.max_epochs * steps
        self._done = 0
        self._parameters = [parameter for parameter in module.parameters() if parameter.requires_grad]
        self._lbfgs = Lbfgs() if optimiser.kind == "lbfgs" else None
        self._momenta: list[Tensor | None] = [None] * len(self._parameters)
        self._means, self._squares = ([torch.zeros_like(parameter) for parameter in self._parameters] for _ in range(2))
        self._steps = [torch.tensor(0.0) for _ in self._parameters]

    def step(self, loss_of: Callable[[], Tensor], closed: Evaluate | None = None) -> Tensor:
        """Run one step; returns the loss before it, without gradient. `closed` is the same loss, for L-BFGS."""
        if self._lbfgs is not None:
            with torch.no_grad():
                start = parameters_to_vector(self._parameters)
                loss, end = self._lbfgs.step(start, closed or partial(self._by_autograd, loss_of))
            vector_to_parameters(end, self._parameters)
            return loss
        loss = loss_of()
        gradients = torch.autograd.grad(loss, self._parameters, allow_unused=True)
        with torch.no_grad():
            self._update([at for at, gradient in enumerate(gradients) if gradient is not None], gradients)
        self._done += 1
        return loss.detach()

    @torch.enable_grad()
    def _by_autograd(self, loss_of: Callable[[], Tensor], point: Tensor) -> tuple[Tensor, Tensor]:
        vector_to_parameters(point, self._parameters)
        loss = loss_of()
        gradients = torch.autograd.grad(loss, self._parameters, materialize_grads=True)
        return loss.detach(), torch.cat([part.flatten() for part in gradients])

    def _update(self, used: list[int], gradients: tuple[Tensor, ...]) -> None:
        """Change the parameters at the places `used` by their gradients."""
        weights: list[Tensor] = [self._parameters[at] for at in used]
        slopes = [gradients[at] for at in used]
        options: dict[str, Any] = {"lr": self.rate(self._done), "weight_decay": self._decay, "maximize": False}
        if self._spec.kind == "sgd":
            momenta = [self._momenta[at] for at in used]
            sgd(weights, slopes, momenta, momentum=MOMENTUM, dampening=0.0, nesterov=False, **options)
            for at, momentum in zip(used, momenta, strict=True):
                self._momenta[at] = momentum
            return
        means, squares, steps = ([each[at] for at in used] for each in (self._means, self._squares, self._steps))
        decoupled = self._spec.kind == "adamw"
        options["eps"] = ADAMW_EPS if decoupled else ADAM_EPS
        options |= {"amsgrad": False, "beta1": BETA1, "beta2": BETA2}
        (adamw if decoupled else adam)(weights, slopes, means, squares, [], steps, **options)

    def rate(self, step: int) -> float:
        """The learning rate of a step, counted from 0."""
        if self._spec.schedule == "constant":
            return self._rate
        if step < self._warm_up:
            return min(WARM_UP_RATE, self._rate)
        share = (step - self._warm_up) / max(1, self._all - self._warm_up)
        return self._rate * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))
