"""Chatbots as the Konversation API shows them: their sub flows, tags, fields and subscribers."""
