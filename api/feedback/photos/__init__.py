"""Photos of reports at the desk: what is hidden of them, and their originals."""
