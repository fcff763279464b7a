"""The last mile: what passes a warning on in a commune, such as a loudspeaker or a Telegram channel."""
