"""Building blocks of the screen: numbers in words, charts as SVG, the gallery of components."""
