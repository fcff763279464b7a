"""What runs in the child process: opens, checks and makes anew what people sent."""

ANSWER = "answer.json"
"""The file in which the child says what it made."""
