"""Places: made ahead from schedules, found by those who need one, taken and given back."""
