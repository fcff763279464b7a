"""People: profiles, those they act for, and their identity papers."""
