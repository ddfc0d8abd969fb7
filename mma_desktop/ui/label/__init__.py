"""The Label page: classes, labelling, reviews of suggested or doubtful labels.

Imports `ui.grid`, `ui.widgets`, `ui.dialogs` and the controller.
"""
