"""Pages: what everybody may read, and the officers' pages around an edition."""
