"""The page Train: what will be trained, live base and new accuracy, names without labels, and what came of it.

Imports `ui.grid`, `ui.dialogs`, `ui.base` and `ui.widgets`.
"""
