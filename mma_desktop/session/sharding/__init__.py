"""Predictions of more pictures than one process should do: a plan of shards, and workers that do them.

`plan` cuts the pictures into shards and keeps that in a manifest, `shard` does one, `workers` runs many in processes,
`on_ray` on a cluster, `parts` writes and reads the results, `summary` checks that all of them are there.
"""
