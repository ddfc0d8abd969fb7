"""The Label page: classes, labelling, and reviews of suggested or doubtful labels.

Imports `ui.grid`, `ui.dialogs`, `ui.base` and `ui.widgets`.
"""
