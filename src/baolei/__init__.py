"""baolei: the grassroots organization work of the Party in one province."""
