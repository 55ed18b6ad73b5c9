"""The servicers of the Knowledgebase API."""
