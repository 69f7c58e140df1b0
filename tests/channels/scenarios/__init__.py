"""The same conversations on every channel: what a person sees is the same wherever they write."""
