"""Hiding faces and number plates in photos: by clerks, for good, with the original under seal."""
