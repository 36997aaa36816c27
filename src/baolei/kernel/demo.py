"""The mark that made-up data carry in every row: the codes of their organizations, and the numbers (refs) of
their records, begin with it (G-31).

Not a column and not a line above: those are lost when rows are copied into another sheet, and each row of each
sheet names an organization or has a number. The letters also keep a spreadsheet from turning the code into a rounded number.
"""

MARK = "DEMO"

TRUTH = "truth.csv"
"""File of a demo's instance that says of planted cases what is true of them (ref, truth, story), for measuring."""
