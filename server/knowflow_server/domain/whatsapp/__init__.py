"""WhatsApp: connections, what is sent through them, and what comes in, each kind of owner with a handler of its own."""
