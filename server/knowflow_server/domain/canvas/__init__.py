"""Agents: graphs of components, checked when they are kept, and run by an event-driven engine."""
