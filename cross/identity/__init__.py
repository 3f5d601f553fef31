"""Who comes in, by what, and for how long: passwords, second factors, open sign-ins.

django-allauth does the cryptography and keeps the factors; the pages, the addresses and the rules
are ours. Beside the gate, which asks `cross.identity.proof` at every door.
"""
