"""Pictures: finding, reading, decoding, thumbnails, copying, and the sample set. The only user of Pillow."""

from mma_desktop.media.copy_export import Known, Placing, whole_folder
from mma_desktop.media.decoding import PictureError, decode, decode_file, decode_hashed, preview
from mma_desktop.media.encoding import checked_suffix, picture_suffix, png_bytes
from mma_desktop.media.handover import Handover
from mma_desktop.media.picture_formats import MAX_PIXELS
from mma_desktop.media.reader import read_file
from mma_desktop.media.sample import SAMPLE_CLASSES, draw_sample
from mma_desktop.media.scan import Found, class_folders, walk
from mma_desktop.media.thumbnails import Thumbnails

__all__ = [
    "MAX_PIXELS",
    "SAMPLE_CLASSES",
    "Found",
    "Handover",
    "Known",
    "PictureError",
    "Placing",
    "Thumbnails",
    "checked_suffix",
    "class_folders",
    "decode",
    "decode_file",
    "decode_hashed",
    "draw_sample",
    "picture_suffix",
    "png_bytes",
    "preview",
    "read_file",
    "walk",
    "whole_folder",
]
