"""Models and outside services, each behind a protocol of `domain/ports.py`; one file per provider."""
