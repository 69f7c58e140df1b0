"""What `make channel-check` looks at, a module for each channel."""
