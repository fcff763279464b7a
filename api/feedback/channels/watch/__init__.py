"""The daily digest, and the alarm at what suddenly many people write of."""
