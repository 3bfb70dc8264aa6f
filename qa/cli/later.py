"""Commands that are imported when they are wanted: who asks need not wait for the libraries of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

import typer

from qa.cli.chinese import Command, Group


class Later(Mapping[str, Any]):
    """Commands by their names, each made the first time that it is looked at."""

    def __init__(self, places: Mapping[str, str]) -> None:
        """Take where each is, as ``module:name``: a function, or a ``typer.Typer`` with commands below it."""
        self._places = places
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - typer gives its commands no public kind
        """Return a command."""
        if name not in self._made:
            module, _, member = self._places[name].partition(":")
            self._made[name] = made(name, getattr(import_module(module), member))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names, in the order in which the help has them."""
        return iter(self._places)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._places)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is one of that name, without importing it."""
        return name in self._places


def group_of(places: Mapping[str, str]) -> type[Group]:
    """Return the kind of a group that has these commands."""

    class Made(Group):
        """A group whose commands are made when they are wanted."""

        def __init__(self, **given: Any) -> None:  # noqa: ANN401 - as typer gives it
            super().__init__(**given)
            # typer only ever looks into it.
            self.commands = Later(places)  # type: ignore[assignment]

    return Made


def made(name: str, given: typer.Typer | Callable[..., None]) -> Any:  # noqa: ANN401
    """Return a command, or a group of them."""
    if isinstance(given, typer.Typer):
        return typer.main.get_command(given)
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name, cls=Command)(given)
    return typer.main.get_command(alone)
