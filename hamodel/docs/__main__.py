"""`python -m hamodel.docs`: writes the manual into a directory."""

from __future__ import annotations

from pathlib import Path

import click

from hamodel.docs.man import write_man_pages
from hamodel.docs.tree import write_site

EPILOG = """
\b
Examples:
  python -m hamodel.docs site && zensical build -f site/mkdocs.yml
  python -m hamodel.docs ~/.local/share/man/man1 --man
"""


@click.command(epilog=EPILOG)
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--exhibits", is_flag=True, help="With a page to step through for every spec that breaks a promise.")
@click.option("--man", is_flag=True, help="Manual pages for man(1) instead of the site.")
def main(out: Path, exhibits: bool, man: bool) -> None:
    """Write the manual as Markdown, with the mkdocs.yml that builds it."""
    written = write_man_pages(out) if man else write_site(out, exhibits=exhibits)
    click.echo(f"{len(written)} files in {out}")


if __name__ == "__main__":
    main(prog_name="python -m hamodel.docs")
