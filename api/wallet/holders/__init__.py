"""What holders see and do: balance, statement, giving up what is left."""
