"""From the reports an audience may open to the frozen figures of a department.

`told` reads them once as arrays, `spans` says which days are compared, `territories` what figures
are told by, `measures` what is said of each territory, `lines` and `withholding` make the rows.
"""
