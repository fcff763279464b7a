"""Two phones against the running product: `make demo` (after `make run` in another terminal)."""
