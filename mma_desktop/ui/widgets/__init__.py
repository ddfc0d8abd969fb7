"""Small widgets, charts and number formats used by every page.

Imports `core`.
"""
