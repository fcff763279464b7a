"""What an item says, by local rules: language, topic, place, mood. No network, no model of others."""
