"""The servicers of the Konversation chatbot API."""
