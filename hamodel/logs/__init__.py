"""What the processes of a node write: texts, who writes them, in which layout. Knows nothing of states or rules.

Writing goes from a rule's `log` statement through `expand` (one event, several lines), `journal` (who, in which order)
and `catalogue` (the words of the release) to `formats` (the layout of the file).

Reading goes the other way, for logs that real clusters wrote:

    paths ── sources ──▶ streams of bytes      files, .gz .bz2 .xz, tars, folders, pipes; nothing is unpacked to disk
          ── lines ────▶ lines of text         any encoding, any length
          ── headers ──▶ when, where, who      every layout of both releases, of syslog daemons and of journals
          ── records ──▶ whole lines           strangers dropped (tags), broken lines joined (wrapping)
          ── recognise ▶ message and fields    by the texts of `known`, more than a thousand
          ── years, nodes ▶ Line               a year for lines without one, a node for files that name none
          ── merging ──▶ one stream            every line once, each node's in order of time

`survey` looks ahead for what only the whole file tells. `reading.read_logs` is the door.
"""
