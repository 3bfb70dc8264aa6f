"""Commands whose help and whose complaints are in Chinese; all else of them is typer's."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import typer
from typer.core import TyperCommand, TyperGroup

from qa.cli.help_page import help_page, parameter_row
from qa.cli.misuse import in_chinese

MISUSED = 2
MISUSE: type[BaseException] = typer.BadParameter.__bases__[0]
"""The kind of every error in the use of a command; of them all, typer gives a name to this one only."""

PIECES: Mapping[str, str] = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]…"}
"""What stands in the line of usage for anything of a kind."""


class Page(Protocol):
    """What typer has help written on; ``width`` is in columns."""

    width: int

    def write(self, string: str) -> None:
        """Add a text."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Add the line that shows how a command is written."""


class Command(TyperCommand):
    """A command."""

    def format_usage(self, ctx: typer.Context, formatter: Page) -> None:  # type: ignore[override]
        """Write how it is used."""
        write_usage(self, ctx, formatter)

    def format_help(self, ctx: typer.Context, formatter: Page) -> None:  # type: ignore[override]
        """Write its help."""
        write_help(self, ctx, formatter)


class Group(TyperGroup):
    """A command that has commands."""

    def format_usage(self, ctx: typer.Context, formatter: Page) -> None:  # type: ignore[override]
        """Write how it is used."""
        write_usage(self, ctx, formatter)

    def format_help(self, ctx: typer.Context, formatter: Page) -> None:  # type: ignore[override]
        """Write its help."""
        below = [(name, each.short_help or each.help or "") for name, each in self.commands.items()]
        write_help(self, ctx, formatter, commands=below)

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Show the help where there is nothing to take apart."""
        if not args and self.no_args_is_help:
            typer.echo(ctx.get_help())
            ctx.exit(MISUSED)
        return super().parse_args(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: object,
    ) -> object:
        """Run, and end the process as typer would."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except MISUSE as error:
            tell(error)
            sys.exit(MISUSED)
        except typer.Abort:
            typer.echo("已中止", err=True)
            sys.exit(1)
        # A command that was left before its end gives the code with which it was left.
        sys.exit(code if isinstance(code, int) else 0)


def write_usage(command: TyperCommand | TyperGroup, ctx: typer.Context, page: Page) -> None:
    """Write how a command is used."""
    pieces = (PIECES.get(each, each) for each in command.collect_usage_pieces(ctx))
    page.write_usage(ctx.command_path, " ".join(pieces), prefix="用法：")


def write_help(
    command: TyperCommand | TyperGroup,
    ctx: typer.Context,
    page: Page,
    *,
    commands: Sequence[tuple[str, str]] = (),
) -> None:
    """Write the help of a command.

    :param commands: Those of a group, each with what it does.
    """
    rows: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
    for each in command.get_params(ctx):
        record = each.get_help_record(ctx)
        if record:
            rows[each.param_type_name].append(parameter_row(each, record[0]))
    page.write(
        help_page(
            command.help,
            usage=command.get_usage(ctx),
            sections={"参数": rows["argument"], "选项": rows["option"], "命令": commands},
            epilog=command.epilog,
            width=page.width,
        )
    )


def tell(error: Any) -> None:  # noqa: ANN401 - its kind has no public name
    """Say how a command was misused, how it is used, and where that is explained."""
    if error.ctx:
        typer.echo(error.ctx.get_usage(), err=True)
    typer.echo(f"用法不对：{in_chinese(error.format_message())}", err=True)
    if error.ctx:
        typer.echo(f"说明见 {error.ctx.command_path} --help", err=True)
