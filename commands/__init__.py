"""What `make` runs. Each module is one command: `python -m commands.<name>`."""
