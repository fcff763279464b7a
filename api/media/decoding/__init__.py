"""What runs in the child process: opens, checks and makes anew what people sent."""

ANSWER = "answer.json"
"""The file in which the child says what it made."""
BLUR = "blur"
"""What the child is asked besides the kinds of media: to hide, in a photo of ours, what BOXES names."""
BOXES = "boxes.json"
