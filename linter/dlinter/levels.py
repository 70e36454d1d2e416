"""Numbers with names, as :class:`enum.IntEnum` makes them: importing that takes longer than linting a small file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from enum import IntEnum

    Level = IntEnum
else:

    class _Levels(type):
        """A class whose numbers are its members: looped over, asked by name, and called with the number."""

        def __init__(cls, name, bases, members):
            super().__init__(name, bases, members)
            cls._by_value = {}
            for key, value in members.items():
                if type(value) is int and key[:1] != "_":
                    member = int.__new__(cls, value)
                    member.name, member.value = key, value
                    cls._by_value[value] = member
                    setattr(cls, key, member)

        def __call__(cls, value):
            try:
                return cls._by_value[value]
            except KeyError:
                raise ValueError(f"{value!r} is not a valid {cls.__name__}") from None

        def __getitem__(cls, name):
            member = cls.__dict__.get(name)
            if not isinstance(member, cls):
                raise KeyError(name)
            return member

        def __iter__(cls):
            return iter(cls._by_value.values())

        def __len__(cls):
            return len(cls._by_value)

        def __contains__(cls, value):
            return value in cls._by_value

    class Level(int, metaclass=_Levels):
        """One of the numbers, with its ``name`` and ``value``."""

        __str__ = int.__repr__

        def __repr__(self):
            return f"<{type(self).__name__}.{self.name}: {self.value}>"

        def __reduce__(self):
            return type(self), (self.value,)
