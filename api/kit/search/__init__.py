"""Finding things by what people type: an index in memory, and what a slice gives it."""
