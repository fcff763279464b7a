"""What stations measure, what it means for people and for officers, and what happens on the roads."""
