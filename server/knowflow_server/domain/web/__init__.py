"""Webpages and files of knowledge bases: reading them, and keeping what they say as references."""
