"""The image grid and the preview, shared by the Label and Use pages.

Imports `ui.base` and `ui.widgets`.
"""
