"""The components: one module each, found by being here."""
