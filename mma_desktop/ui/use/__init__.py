"""The page Use: predictions, any typed class name, and testing a single image.

Imports `ui.grid`, `ui.dialogs`, `ui.base` and `ui.widgets`.
"""
