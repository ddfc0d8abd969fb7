"""The grid of images and the preview, which the Label and Predict pages share.

Imports `ui.base` and `ui.widgets`.
"""
