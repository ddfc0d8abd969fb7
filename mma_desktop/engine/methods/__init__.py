"""Few-shot methods over frozen features: a table that imports no torch, and one module a method."""
