"""Chat assistants: what they are, their sessions, and how they answer."""
