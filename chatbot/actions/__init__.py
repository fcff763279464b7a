"""What the bot does to answer: it asks the province's API, through the published operations only."""
