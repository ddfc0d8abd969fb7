"""Small widgets, charts and formats of numbers that every page is built from.

Imports `core`.
"""
