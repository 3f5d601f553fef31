"""People of three kinds on 100,000 reports: `./run bench load`.

`world` enlarges a demonstration, `people` is the program of locust (a process of its own: gevent
replaces what the others rely on), `watch` looks at the memory of each process and at the sessions
of the database meanwhile.
"""
