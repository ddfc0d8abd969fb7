"""Predictions too large for one process: shards of a list, each a Parquet file, in turn, as a job array or on Ray.

The only user of Ray. Imports `engine`, `media` and `core`.
"""
