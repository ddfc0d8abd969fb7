"""Images: scanning, reading, decoding, thumbnails, copying. The only user of Pillow.

Imports `core`.
"""
