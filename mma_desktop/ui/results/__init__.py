"""Results of trainings: curves, accuracies, confusion, reliability, comparison.

Imports `ui.dialogs`, `ui.base` and `ui.widgets`.
"""
