"""What guardians are told of a school day, and how they wish it."""
