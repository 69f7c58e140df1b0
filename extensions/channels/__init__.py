"""The channels that the assistant is reached through."""

from extensions.patches import apply_patches

apply_patches()
