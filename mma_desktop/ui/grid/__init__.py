"""The image grid and the preview, shared by the Label and Predict pages.

Imports `ui.base` and `ui.widgets`.
"""
