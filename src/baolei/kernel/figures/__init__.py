"""Every number is a figure: declared once, then valued, drilled, drawn, exported and published by the kernel."""
