"""Who touches whom: built once from links or lists, then sums over neighbours without a loop."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The neighbours of n units numbered from 0, a unit never being its own neighbour.

    The neighbours of unit i are ``members[starts[i]:starts[i + 1]]``, in increasing order.
    `starts` has shape (n + 1,), `members` one entry a neighbour; both are read-only integers.
    """

    starts: np.ndarray
    members: np.ndarray

    @classmethod
    def from_pairs(cls, i, j, n):
        """From links between the units `i` and `j`, arrays of equal shape.

        A link counts both ways, whether it is given once, twice or in both directions; a unit
        linked to itself is left out. ValueError when a unit is outside 0 .. n - 1.
        """
        i, j = np.asarray(i, dtype=np.int64), np.asarray(j, dtype=np.int64)
        if i.shape != j.shape or i.ndim != 1:
            raise ValueError("Links are two flat arrays of equal length.")
        return cls._from_directed(np.concatenate([i, j]), np.concatenate([j, i]), n)

    @classmethod
    def from_lists(cls, lists):
        """From the list of neighbours of each unit, kept as given: it may be one-way.

        Repeated neighbours count once and a unit in its own list is left out. ValueError when a
        neighbour is outside 0 .. n - 1.
        """
        lengths = np.array([len(members) for members in lists], dtype=np.int64)
        members = np.array([one for members in lists for one in members], dtype=np.int64)
        return cls._from_directed(np.repeat(np.arange(len(lists)), lengths), members, len(lists))

    @classmethod
    def _from_directed(cls, i, j, n):
        if i.size and (min(i.min(), j.min()) < 0 or max(i.max(), j.max()) >= n):
            raise ValueError(f"A neighbour is outside 0 .. {n - 1}.")
        other = i != j
        # One number a pair: sorts by unit, then by neighbour, and drops what is repeated.
        units, members = np.divmod(np.unique(i[other] * n + j[other]), max(n, 1))
        starts = np.concatenate([[0], np.cumsum(np.bincount(units, minlength=n))])
        starts.flags.writeable = members.flags.writeable = False
        return cls(starts.astype(np.int64, copy=False), members)

    def __len__(self):
        return self.starts.size - 1

    def of(self, unit):
        """The neighbours of one unit, in increasing order."""
        return self.members[self.starts[unit] : self.starts[unit + 1]]

    @cached_property
    def counts(self):
        """Number of neighbours of each unit, shape (n,)."""
        return np.diff(self.starts)

    @cached_property
    def units(self):
        """The unit that each entry of `members` is a neighbour of."""
        return np.repeat(np.arange(len(self)), self.counts)

    @cached_property
    def islands(self):
        """The units without a neighbour."""
        return np.flatnonzero(self.counts == 0)

    def sums(self, x):
        """Sum of `x` over the neighbours of each unit, the unit itself left out.

        `x` has shape (..., n) and so has the answer; 0 for an island. A NaN spreads to the units
        around it.
        """
        x = np.asarray(x)
        if x.shape[-1:] != (len(self),):
            raise ValueError(f"{len(self)} values are needed, one a unit.")
        if x.dtype == bool:
            x = x.astype(np.int64)
        return self._reduced(np.add, x, np.zeros_like(x))

    def parts(self):
        """The connected part of each unit, shape (n,), named after its unit of smallest number.

        Links must count both ways, as `from_pairs` makes them.
        """
        part = np.arange(len(self))
        while True:
            smallest = np.minimum(part, self._reduced(np.minimum, part, part.copy()))
            smallest = smallest[smallest]
            if np.array_equal(smallest, part):
                return part
            part = smallest

    def _reduced(self, operation, x, where_alone):
        """`operation` over the neighbours, written over `where_alone` except for islands."""
        # reduceat cannot say "nothing": islands are skipped, so each slice ends where the next
        # unit that has neighbours begins.
        linked = np.flatnonzero(self.counts)
        if linked.size:
            where_alone[..., linked] = operation.reduceat(
                x[..., self.members], self.starts[linked], axis=-1
            )
        return where_alone

    def among(self, chosen):
        """The same units, only the links between `chosen` ones (a mask of shape (n,)) kept."""
        chosen = np.asarray(chosen, dtype=bool)
        kept = chosen[self.units] & chosen[self.members]
        return self._from_directed(self.units[kept], self.members[kept], len(self))
