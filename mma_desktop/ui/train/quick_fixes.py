"""What the button beside a finding of the train page does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mma_desktop.core.types import Finding, Mend, Role

if TYPE_CHECKING:
    from mma_desktop.ui.base.controller import Controller
    from mma_desktop.ui.train.train_page import TrainPage


def mend(page: TrainPage, controller: Controller, finding: Finding) -> None:
    """Do the one step that mends a finding."""
    context = controller.context
    if finding.mend is Mend.LABEL:
        page.go_to_label.emit()
    elif finding.mend is Mend.FEWER_SHOTS:
        page.form.shots.setValue(finding.shots)
    elif finding.mend is Mend.FIRST_HALF_BASE:
        controller.first_half_base()
    elif finding.mend is Mend.ALL_BASE and context is not None:
        controller.set_role([one.id for one in context.classes], Role.BASE)
