"""Intents told apart: what is seen of a message, and the planes between them. Without Rasa."""
