"""Plans of treks: who goes where, until when, and who is told when they are not back."""
