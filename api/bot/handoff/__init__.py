"""A chat is handed to a person at a desk, and back."""
