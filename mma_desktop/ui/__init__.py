"""The window, a package a page. The only user of Qt.

Imports `services`, `store`, `media` and `core`; never torch.
"""
