"""Components of the NLU pipeline in config.yml."""

from extensions.patches import apply_patches

apply_patches()
