"""Shows rows to people, as a table or one by one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


def as_json(value: Any) -> str:
    """A value for other programs."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def as_table(rows: Sequence[Mapping[str, Any]], nothing: str) -> str:
    """Rows with the same names, in columns; `nothing` where there are none."""
    if not rows:
        return nothing
    table = [[_heading(name) for name in rows[0]]]
    table += [[_cell(value) for value in row.values()] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )


def as_lines(row: Mapping[str, Any]) -> str:
    """One row, a line for each name."""
    width = max(len(_heading(name)) for name in row)
    return "\n".join(
        f"{_heading(name).ljust(width)}  {_cell(value)}" for name, value in row.items()
    )


def _heading(name: str) -> str:
    return name.replace("_", " ").upper()


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return ", ".join(value) if isinstance(value, (list, tuple)) else str(value)
