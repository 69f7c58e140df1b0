"""The channels that the assistant is reached through."""

from extensions.rasa_patches import apply_patches

apply_patches()
