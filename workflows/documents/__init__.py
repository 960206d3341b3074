"""Reading a document into a draft plan, each fact with the line that it came from: ``read(path)``."""

from workflows.documents.reading import read, read_text, read_with_lines

__all__ = ["read", "read_text", "read_with_lines"]
