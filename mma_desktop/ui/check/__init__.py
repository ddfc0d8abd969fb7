"""The page Check: the model at a glance, what it gets wrong, its versions.

Imports `ui.grid`, `ui.dialogs`, `ui.base` and `ui.widgets`.
"""
