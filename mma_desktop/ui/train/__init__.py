"""The page of results: the model in use in front; behind Advanced the form, its findings, the comparison of methods.

Imports `ui.results`, what finds images in `ui.label`, `ui.dialogs`, `ui.base` and `ui.widgets`.
"""
