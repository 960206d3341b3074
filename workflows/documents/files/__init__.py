"""The way from a file as it came to its rows of text: ``read_rows(path)``."""

from workflows.documents.files.formats import read_rows
from workflows.documents.files.rows import Row

__all__ = ["Row", "read_rows"]
