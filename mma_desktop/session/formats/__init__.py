"""The formats of other tools: one small file each, one table, one neutral listing between them and a project."""

from mma_desktop.session.formats.listing import (
    Entry,
    Format,
    Images,
    Listing,
    Outgoing,
    ReadOptions,
    RowProblem,
    WriteOptions,
    Written,
)
from mma_desktop.session.formats.table import FORMATS, find_format, read_source, recognise, recognise_dropped

__all__ = [
    "FORMATS",
    "Entry",
    "Format",
    "Images",
    "Listing",
    "Outgoing",
    "ReadOptions",
    "RowProblem",
    "WriteOptions",
    "Written",
    "find_format",
    "read_source",
    "recognise",
    "recognise_dropped",
]
