"""An exhibition as one HTML file that opens without a network: the style, the program and the data are all inside.

`page` puts the parts together; the parts themselves are files of their own in this package (`page.html`, `style.css`,
the scripts in `SCRIPTS`), written by hand and read as they are. The data is one block of JSON; the scripts put text
into the page as text and never as markup, so nothing a configuration says can become a part of the program.
"""
