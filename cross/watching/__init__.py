"""How the site goes, told without content: figures, the number of a request, slow statements.

`requests.py` looks at each request, `counted.py` says what is counted, `gathered.py` what is read
at each scrape, `serving.py` answers on a private port. No label and no line holds a word of a
record, what somebody typed, an address or a member: a route has a name, and that is told.
"""
