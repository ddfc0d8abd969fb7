"""The page Experiments: methods trained beside each other, their curves, their table, and what they got right.

Imports `ui.grid`, `ui.dialogs`, `ui.base` and `ui.widgets`.
"""
