"""Owns what a row of a file is."""

from __future__ import annotations

from typing import TypeAlias

Row: TypeAlias = tuple[str, ...]  # one line of text, or its cells from left to right, "" where one is empty
