"""Arrays that get more room: what is not used yet is left as the memory is, and takes none before it is written."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

T = TypeVar("T", bound=np.generic)


def larger(array: npt.NDArray[T], size: int, used: int) -> npt.NDArray[T]:
    """The first `used` rows in an array with room for so many."""
    found = np.empty((size, *array.shape[1:]), array.dtype)
    found[:used] = array[:used]
    return found
