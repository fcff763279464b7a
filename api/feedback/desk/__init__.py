"""The desk of an agency: its reports, and what its clerks do with them."""
