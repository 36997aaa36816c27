"""The interface for other programs: figures, organizations and lists as JSON, made from their declarations (ADR 0012).

It only reads, for the user behind a token and within that user's reach; who that is, the middleware of the
accounts finds out. Absent and forbidden are the same answer (404).
"""
