"""Apps: assistants and agents published to people, their deployments, and what is said through them."""
