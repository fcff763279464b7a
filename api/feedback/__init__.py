"""What residents and visitors report, who has it, and until when it is mended and proved."""
