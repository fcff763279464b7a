"""Who may follow a pupil, by consent of both sides."""
