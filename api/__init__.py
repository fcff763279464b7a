"""The server: one folder a domain, and the kit they stand on (docs/architecture.md)."""
