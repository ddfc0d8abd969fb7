"""The Results page: the model in use in front; behind Advanced the training form, checks and method comparison.

Imports `ui.results`, the image-finding parts of `ui.label`, `ui.grid`, `ui.dialogs`, `ui.base` and `ui.widgets`.
"""
