"""The grid of images and the preview, which the Label and Predict pages share.

Imports `ui.widgets` and the controller.
"""
