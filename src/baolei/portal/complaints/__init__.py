"""Complaints: what one is about, its slip number, who holds it, its answer, and its end."""
