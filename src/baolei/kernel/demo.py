"""The mark that made-up data carry in every row: the codes of their organizations begin with it (G-31).

Not a column and not a line above: those are lost when rows are copied into another sheet, and each row of each
sheet names an organization. The letters also keep a spreadsheet from turning the code into a rounded number.
"""

MARK = "DEMO"
