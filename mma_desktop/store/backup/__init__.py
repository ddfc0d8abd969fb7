"""Backups of a project: made while it is open, thinned out by age, restored while it is closed.

Imports `core` and the rest of `store`.
"""
