"""Identity papers of people and their dependants: kept, shown to their owner, and looked up by clerks."""
