"""What moderators see of reviews, and what they decide."""
