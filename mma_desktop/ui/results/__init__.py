"""Results of trainings: accuracies, confusion, reliability, comparison.

Imports `ui.widgets`, `ui.dialogs` and the controller.
"""
