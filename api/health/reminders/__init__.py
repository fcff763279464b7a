"""What whoever booked is reminded of: the day before, two hours before, and when the queue moves."""
