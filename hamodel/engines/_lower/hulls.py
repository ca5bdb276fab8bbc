"""Hulls: where a state has too many zones, the nearest ones are put together, and more is held than is reached.

Merging is exact (see `merged`), and on some clusters not enough: with two cables cut and plugged again, a state of the
pair of specs/01 has up to 2204 zones, none of which makes one with another. A search by hulls is the merged search
with one more step: a state that has `KEPT_APART` zones takes no other; a candidate becomes the hull of itself and of
the zone that differs from it in the fewest bounds (the convex-hull approximation of Daws and Tripakis, TACAS 1998).

What it says, and what not. The hull of two zones holds both, steps are monotone, and the classes are closed under
steps: so every state and every clock reading that can be reached is in some class. What no class shows, no run does. A
claim that no class breaks holds, a situation in no class never comes, a duration is at most what the classes show. The
other way round nothing follows: a class may hold readings that no run has, and lead to states that no run reaches. Only
the states found before the first hull are sure (`MergedExploration.sure`); to others a run is looked for backwards,
step by step in exact time (`run_to`), and where none is found nothing is said. Promises without a deadline are not
asked here.

That search ends there: 42.6 million classes of 18.0 million states in 6.1 GB and less than five minutes on one core,
where the exact one had 107 million classes and was not at its end. With 4 zones a state it does not pay: what is put
together leads to so many more states that 40 million classes do not suffice.
"""

KEPT_APART = 8
"""So many zones of one state are kept apart."""
LOOKED_BACK = 20_000
"""Where a run may not exist, so many places are looked at for one."""
