"""The health record (sổ sức khoẻ): what people note, what facilities share, and the emergency card."""
