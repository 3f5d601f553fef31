"""Expected numbers, published or computed elsewhere, and the check that our functions reach them.

An oracle is a JSON file: `definition` in words, `tolerance`, `cases`. `kinds.KINDS` says by the
name of the file which function reads it; `runner` runs a folder of them, and
``python -m intel.statistics.oracles FOLDER`` is its command.
"""
