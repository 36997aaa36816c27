"""The look back: sentences as data, figures put into them, the text as html, Markdown or JSON."""
