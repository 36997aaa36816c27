"""Lists of more names than one person may take alone: asked for, agreed to by a second person, taken once (G-30)."""
