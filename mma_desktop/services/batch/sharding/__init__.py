"""Predictions of more pictures than one process should do: a plan of shards, and workers that do them.

The only user of Arrow and Ray.
"""
