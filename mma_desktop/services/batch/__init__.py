"""Jobs that need no window: training and evaluating on class folders, sharded predictions, the benchmark.

Imports the other services, `engine`, `media` and `core`.
"""
