"""Slides want pixels: an SVG picture as PNG, drawn by resvg with the fonts of this machine."""

from __future__ import annotations

from hamodel.errors import EngineUnavailable
from hamodel.renderers.picture.theme import fixed


def render(svg: str, *, zoom: int = 2, dark: bool = False) -> bytes:
    """The picture at `zoom` pixels a unit. Raises `EngineUnavailable` where resvg is not installed."""
    try:
        import resvg_py
    except ImportError as missing:
        raise EngineUnavailable("resvg is not installed", help='pip install "hamodel[png]"') from missing
    return bytes(resvg_py.svg_to_bytes(svg_string=fixed(svg, dark), zoom=zoom, font_family="DejaVu Sans"))
