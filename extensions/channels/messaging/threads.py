"""Threads for the tables of messaging, so that no other dead database takes them all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

_threads = ThreadPoolExecutor(2, thread_name_prefix="messaging")


async def in_thread(work: Callable[..., T], *arguments: Any) -> T:
    """Runs what blocks beside the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_threads, work, *arguments)
