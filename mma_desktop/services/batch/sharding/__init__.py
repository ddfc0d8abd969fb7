"""Predictions too large for one process: a plan of shards, and workers that process them.

The only user of Ray. Imports `engine`, `media`, `store` and `core`.
"""
