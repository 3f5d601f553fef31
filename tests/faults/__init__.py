"""What breaks while people work, and what is lost or doubled then: `./run bench faults`.

`stack` starts a whole CROSS and lays hands on its parts, `kinds` is the list of faults, `people`
work on it through their pages and keep what was acknowledged to them, `counts` reads the database
afterwards, `runner` puts them together.
"""
