"""What a pasted text, an e-mail or a cell of a spreadsheet holds, proposed and never decided.

Pure Python: no row is read or written here. ``text.propose`` is the door for a text,
``email.read_message`` for a ``.eml`` file, ``cleaning.clean_text`` for anything typed,
``identifiers.normalise`` for a value about to be compared.
"""
