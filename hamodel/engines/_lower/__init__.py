"""Lowerings shared by engines: one `System` to machine code (llvmlite) and to plain Python, over one layout of bytes.

`layout` says which byte is which variable. `llvm` writes functions as LLVM text; `rules` lowers procedures to it,
`subset` lowers the restricted Python of `kernel`; `object` compiles, caches and loads. `python` lowers the same
procedures to Python source for `slow`, which needs nothing but the standard library. `fast` and `slow` are the two
searches; both fill the `Exploration` of `exploration`.

The untimed search has three forms with one interface, `UntimedSearch`: `packed_search` in machine code; `numpy_search`
over `roads`, `forks`, `parts` and `keyed`, which learns from `watched` runs what a step depends on; and plain Python.
"""
