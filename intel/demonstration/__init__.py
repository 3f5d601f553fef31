"""The invented department: its services, its people, its protocol and its reports.

    protocol.py    what was signed, by whom
    tables/        what is known by name: services, units, people, roads, landmarks, chapters
    people.py      services, units with their seats, members
    places.py      communes as a setting: how likely, how people say them, which roads
    staff.py       units at work: who reads, who writes, who is competent where
    texts/         what each kind of writer writes
    voices.py      who tells, through whom, with what care
    vocabulary.py  the words that fill the slots of the texts
    scenes.py      the words drawn for one report
    situations.py  what lasts: where, of what kind, until when
    happenings.py  what goes on, day after day
    story.py       what the figures have to show: foyers, rises, a fall, told beside it
    fields.py      the fields of a report, as its text has them
    lives.py       what became of a report, along the table of moves
    generate.py    draws the reports in the order of the calendar
    batch.py       writes them by thousands
    brief.py       the editions of the local strategy brief
    kept.py        a report that is frozen, and what is left of those that were erased
    copies.py      the copies of the first of them, and which came back

Everything is drawn from one seed: two runs on the same day give the same rows. Telephone numbers
stand in the range reserved for fiction, number plates in series that are not yet issued, and no
suspect has a name.
"""
