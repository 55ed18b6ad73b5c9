"""Supervised child processes (embedding, parsing): the parents' side and the children's mains."""
