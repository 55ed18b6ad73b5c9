"""Knowledge graphs: what documents say about entities and their relations."""
