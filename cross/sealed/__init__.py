"""What a stolen copy of the database must not tell: sealed under keys that are not in it.

    seal("the secret of a second factor", where="mfa_authenticator.data")     a text
    unseal(that_text, where="mfa_authenticator.data")                         or `Unopenable`

`where` is bound to what is sealed: moved to another table, column or row, it opens no more. Rows
of ours have fields for that (`cross.sealed.fields`), each value under a key of its own, which dies
with it. Keys, rotation and what is to be saved apart: docs/sealed-fields.md.
"""

from cross.sealed.ring import NoKeys, Unopenable, is_current, seal, seals_too, unseal

__all__ = ["NoKeys", "Unopenable", "is_current", "seal", "seals_too", "unseal"]
