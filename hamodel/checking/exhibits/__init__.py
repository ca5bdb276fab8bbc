"""A violation becomes something to look at: the run as scenes, a safe run beside it, a game and a quiz.

Nothing is shown that was not worked out here by the reference semantics or decided by a check. `follow` goes through a
run with every property in sight, `look` says in words how a state is, `scenes` makes a row of them, `game` explores
what could still be done, `causes` asks which other files would have been safe.
"""
