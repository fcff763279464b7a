"""/ops: the live state in a browser, for administrators."""
