"""Jobs that need no window: training and evaluating on class folders, listings and projects, shards, the benchmark.

Imports the rest of `services`, `engine` and `media`.
"""
