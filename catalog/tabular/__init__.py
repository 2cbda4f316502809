"""Tables in files: what a file is, the rows in it, and rows as a file.

Pure. What the columns mean is decided by `catalog.resources`, which column is which by `mapping`.
"""
