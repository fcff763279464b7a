"""Which specialty? A careful questionnaire: red flags first, then where to go; never a diagnosis."""
