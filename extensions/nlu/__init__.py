"""Components of the NLU pipeline in config.yml."""

from extensions.rasa_patches import apply_patches

apply_patches()
