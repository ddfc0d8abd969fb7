"""Pictures: finding, reading, decoding, thumbnails, copying, and the sample set. The only user of Pillow.

Imports `core`.
"""
