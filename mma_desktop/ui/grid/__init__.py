"""The image grid and the preview, and what pages with a grid share: labelling by keys and menus, reviews, findings.

Imports `ui.base` and `ui.widgets`.
"""
