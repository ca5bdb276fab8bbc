"""The manual, made of two halves: pages that people wrote, and a reference that the code tells about itself.

    python -m hamodel.docs OUT             the site as Markdown, with its mkdocs.yml
    python -m hamodel.docs OUT --man       manual pages for man(1)

`pages/` holds the written half. Every command shown there is run by a test, and every table of the other half is read
from the object it describes: a directive, a fault, an error or a property that is added to the code is in the manual.
"""
