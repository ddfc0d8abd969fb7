"""The optimiser of a fit, with its learning rate schedule.

Uses torch's functional steps. Its optimiser classes import the compiler (torch._dynamo, sympy) on first use: one
second, and 70 MB until the program exits.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters
from torch.optim.adam import adam
from torch.optim.adamw import adamw
from torch.optim.sgd import sgd

from mma_desktop.core.types import Recipe
from mma_desktop.engine.methods.method_spec import Optimiser

MOMENTUM = 0.9
HISTORY, SEARCHES = 10, 12  # L-BFGS: stored pairs, and step lengths to try
LEAST_FALL = 2e-5  # of a loss; a step that gains less is the last
BETA1, BETA2 = 0.9, 0.999
ADAM_EPS = 1e-8
ADAMW_EPS = 1e-4  # Tip-Adapter-F's
WARM_UP_RATE = 1e-5  # CoOp's


class _Weight:
    def __init__(self, parameter: nn.Parameter) -> None:
        self.parameter = parameter
        self.momentum: Tensor | None = None
        self.mean, self.square = torch.zeros_like(parameter), torch.zeros_like(parameter)
        self.steps = torch.tensor(0.0)

    @property
    def gradient(self) -> Tensor:
        assert self.parameter.grad is not None
        return self.parameter.grad


Evaluate = Callable[[Tensor], tuple[Tensor, Tensor]]
"""A loss and its gradient (P,) at a point (P,)."""


class Lbfgs:
    """L-BFGS (Nocedal and Wright 2006, algorithms 7.4 and 3.1): one iteration per step, backtracking line search."""

    def __init__(self) -> None:
        self._pairs: deque[tuple[Tensor, Tensor, float]] = deque(maxlen=HISTORY)  # with their inner product
        self._converged = False
        self._now: tuple[Tensor, Tensor] | None = None  # loss and gradient at the end of the last step

    def step(self, start: Tensor, evaluate: Evaluate) -> tuple[Tensor, Tensor]:
        """Run one iteration from where the last one ended; returns the loss before it, and where it ends."""
        loss, gradient = self._now or evaluate(start)
        self._now = loss, gradient
        if self._converged:
            return loss, start
        way = self._direction(gradient)
        slope = float(gradient @ way)
        length = 1.0 if self._pairs else 1 / max(float(gradient.norm()), 1e-12)
        for _ in range(SEARCHES):
            end = torch.add(start, way, alpha=length)
            found, there = evaluate(end)
            if float(found) <= float(loss) + 1e-4 * length * slope:
                moved, turned = length * way, there - gradient
                inner = float(moved @ turned)
                if inner > 1e-10 * float(turned @ turned):
                    self._pairs.append((moved, turned, inner))
                self._now = found, there
                self._converged = float(loss - found) <= LEAST_FALL * float(loss)
                return loss, end
            length /= 2
        self._converged = True  # no step lowers the loss, to the last digit
        return loss, start

    def _direction(self, gradient: Tensor) -> Tensor:
        way, shares = gradient.clone(), []
        for moved, turned, inner in reversed(self._pairs):
            share = float(moved @ way) / inner
            way.sub_(turned, alpha=share)
            shares.append(share)
        if self._pairs:
            _, turned, inner = self._pairs[-1]
            way *= inner / float(turned @ turned)
        for (moved, turned, inner), share in zip(self._pairs, reversed(shares), strict=True):
            way.add_(moved, alpha=share - float(turned @ way) / inner)
        return -way


class Steps:
    """An optimiser with its schedule, for the parameters of a module that require a gradient.

    An epoch has `steps` steps.
    """

    def __init__(self, module: nn.Module, how: Optimiser, recipe: Recipe, steps: int) -> None:
        self._how, self._rate, self._decay = how, recipe.learning_rate, recipe.weight_decay
        self._warm_up, self._all = how.warm_up * steps, recipe.max_epochs * steps
        self._done = 0
        self._weights = [_Weight(parameter) for parameter in module.parameters() if parameter.requires_grad]
        self._memory = Lbfgs() if how.kind == "lbfgs" else None

    def step(self, loss_of: Callable[[], Tensor], closed: Evaluate | None = None) -> Tensor:
        """Run one step; returns the loss before it, without gradient. `closed` is the same loss, for L-BFGS."""
        if self._memory is not None:
            return self._iterate(self._memory, closed or partial(self._by_autograd, loss_of))
        for weight in self._weights:
            weight.parameter.grad = None
        loss = loss_of()
        loss.backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            move = self._sgd if self._how.kind == "sgd" else self._adam
            move([weight for weight in self._weights if weight.parameter.grad is not None], self.rate(self._done))
        self._done += 1
        return loss.detach()

    def _iterate(self, memory: Lbfgs, evaluate: Evaluate) -> Tensor:
        parameters = [weight.parameter for weight in self._weights]
        with torch.no_grad():
            loss, end = memory.step(parameters_to_vector(parameters), evaluate)
        vector_to_parameters(end, parameters)
        return loss

    @torch.enable_grad()
    def _by_autograd(self, loss_of: Callable[[], Tensor], point: Tensor) -> tuple[Tensor, Tensor]:
        parameters = [weight.parameter for weight in self._weights]
        vector_to_parameters(point, parameters)
        loss = loss_of()
        found = torch.autograd.grad(loss, parameters, materialize_grads=True)
        return loss.detach(), torch.cat([part.flatten() for part in found])

    def _sgd(self, weights: list[_Weight], rate: float) -> None:
        momenta = [weight.momentum for weight in weights]
        sgd(
            [weight.parameter for weight in weights],
            [weight.gradient for weight in weights],
            momenta,
            weight_decay=self._decay,
            momentum=MOMENTUM,
            lr=rate,
            dampening=0.0,
            nesterov=False,
            maximize=False,
        )
        for weight, momentum in zip(weights, momenta, strict=True):
            weight.momentum = momentum

    def _adam(self, weights: list[_Weight], rate: float) -> None:
        decoupled = self._how.kind == "adamw"
        (adamw if decoupled else adam)(
            [weight.parameter for weight in weights],
            [weight.gradient for weight in weights],
            [weight.mean for weight in weights],
            [weight.square for weight in weights],
            [],
            [weight.steps for weight in weights],
            amsgrad=False,
            beta1=BETA1,
            beta2=BETA2,
            lr=rate,
            weight_decay=self._decay,
            eps=ADAMW_EPS if decoupled else ADAM_EPS,
            maximize=False,
        )

    def rate(self, step: int) -> float:
        """The learning rate of a step, counted from 0."""
        if self._how.schedule == "constant":
            return self._rate
        if step < self._warm_up:
            return min(WARM_UP_RATE, self._rate)
        share = (step - self._warm_up) / max(1, self._all - self._warm_up)
        return self._rate * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))
