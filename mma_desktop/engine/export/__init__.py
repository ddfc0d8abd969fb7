"""The whole classifier as one file of another program's format: traced, written, read back and compared."""
