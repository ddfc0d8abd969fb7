"""Fill the training form with the settings of a finished training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mma_desktop.core.i18n import tr
from mma_desktop.core.types import RunRecord
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.services.serialization import recipe_of

if TYPE_CHECKING:
    from mma_desktop.ui.base.controller import Controller
    from mma_desktop.ui.train.train_form import TrainForm


def fill(form: TrainForm, controller: Controller, run: RunRecord) -> list[str]:
    """Restore method, options, shots, seed, recipe, backbone and prompt template; return what could not be restored.

    The backbone and the prompt template belong to the project, so its predictions change, too. A backbone that is not
    on this computer is only selected: the form asks before it is downloaded.
    """
    lost: list[str] = []
    at = form.method.findData(run.method)
    if at < 0:
        lost.append(f"{tr('Method')} {run.method}")
    else:
        form.method.setCurrentIndex(at)
        options: Any = run.settings.get("options")
        form.options.reset()
        if isinstance(options, Mapping):
            form.options.set_values(options)
    for name, title, box in (("shots", tr("Shots"), form.shots), ("seed", tr("Seed"), form.seed)):
        value = run.settings.get(name)
        if isinstance(value, int):
            box.setValue(value)
        if box.value() != value:
            lost.append(f"{title} {value}")
    recipe = recipe_of(run)
    if recipe is None:
        lost.append(tr("Advanced recipe"))
    else:
        form.recipe.set_recipe(recipe)
    context, template = controller.context, run.settings.get("prompt_template")
    reads = at >= 0 and not find_method(run.method).needs_encoder
    if context is not None and reads and isinstance(template, str) and template != context.prompt_template:
        controller.set_project_setting("prompt_template", template)
    if context is not None and run.backbone != form.picker.backbone_id:
        form.picker.choose(run.backbone)
    return lost
