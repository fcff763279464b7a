"""Tourist cards: products, passes, what each pass lets in, and what is left of it."""
