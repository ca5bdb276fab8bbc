"""Exports: the same system in the languages of other model checkers, one language a file.

Of the untimed abstraction: Promela (Spin), Murphi (rumur, CMurphi), SMV (NuSMV, nuXmv), TLA+ (TLC). Of the timed
system: UPPAAL and TChecker. Each export is a text that says on top what it is, where it comes from and how to run it.
"""
