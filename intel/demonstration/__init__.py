"""The invented department: its services, its people, its protocol and its reports.

    protocol.py    what was signed, by whom
    people.py      services, units with their seats, members and their accounts
    places.py      communes as a setting: how people say them, who is competent, how likely
    texts/         what each kind of writer writes
    scenes.py      a situation that lasts, and the words drawn for it
    lives.py       what became of a report, along the table of moves
    generate.py    draws the reports in the order of the calendar and writes them in bulk

Everything is drawn from one seed: two runs on the same day give the same rows. Telephone numbers
stand in the range reserved for fiction, number plates in series that are not yet issued, and no
suspect has a name.
"""
