"""Stories told by people: recordings that editors attach to the texts of stops."""
