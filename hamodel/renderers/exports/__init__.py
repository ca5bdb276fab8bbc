"""Exports: the same system in the languages of other model checkers, one language a file.

Of the untimed abstraction: Promela (Spin), Murphi (rumur, CMurphi), SMV (NuSMV, nuXmv), TLA+ (TLC). Of the timed
system: UPPAAL and TChecker. Each export is a text that says on top what it is, where it comes from and how to run it.

What was run through the real tool, and what was not:

| language | compared with our engine |
|---|---|
| Promela | Spin 6.5.2: states, steps, violating states and depths are equal; toys, random systems, real clusters |
| Murphi | rumur 2022.08: states, steps and depths are equal; toys, random systems, real clusters |
| TChecker | tcheckerpy 2026.8: verdicts and discrete states are equal; toys, random systems, one real cluster |
| UPPAAL | never run; its clocks, guards and invariants are those that TChecker confirmed, its form is tested |
| SMV, TLA+ | never run; their text is read back by small readers of the tests: states, steps and violations are equal |

TChecker, SMV and TLA+ have no procedures, so a cluster becomes megabytes of text; NuSMV and TLC will be slow there.
"""
