"""A clerk's own file through the browser: read, checked, shown, taken (D7).

A workbook or text file is kept sealed, turned into the file that `baolei import` takes, and tried in the worker;
what would change and every problem is shown, and the good rows are taken when its owner says so. What is kept of
the file goes after seven days (G-04, G-27).
"""
