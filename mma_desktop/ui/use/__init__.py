"""The page Use: predictions, any typed class name, and testing a single picture.

Imports `ui.grid`, `ui.dialogs`, `ui.base` and `ui.widgets`.
"""
