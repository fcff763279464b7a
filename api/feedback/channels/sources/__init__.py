"""Where posts and press items come from: feeds that are asked, and systems that send."""
