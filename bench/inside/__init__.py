"""What is measured with the product's own code, in its own process: see `__main__`."""
