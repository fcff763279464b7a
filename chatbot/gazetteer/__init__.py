"""What is named in a message, found by its written forms. Pure Python, without Rasa."""
