"""The walk as a terminal program: the cluster's state, what can happen next, and the story so far, side by side.

Everything it does is the walk's own doing; this file only shows it and listens to keys.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from hamodel.errors import HamodelError

if TYPE_CHECKING:
    from hamodel.cli.walk import Session

CSS = """
#state { height: auto; max-height: 60%; padding: 0 1; border: round $primary; }
#lower { height: 1fr; }
#offers { width: 1fr; height: 100%; border: round $accent; }
#past { width: 1fr; border: round $secondary; padding: 0 1; }
Ask { align: center middle; }
Ask > Vertical { width: 60; height: auto; border: thick $accent; padding: 1 2; background: $surface; }
"""
NARROW = 60


class Ask(ModalScreen[str]):
    """A question with one line of answer; escape answers nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss('')", "cancel")]

    def __init__(self, question: str, suggestion: str) -> None:
        super().__init__()
        self.question, self.suggestion = question, suggestion

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(self.question)
            yield Input(self.suggestion)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())


class Walking(App[None]):
    """One walk; the arrow keys choose, enter takes, left and right go back and forward again."""

    TITLE = "hamodel walk"
    ENABLE_COMMAND_PALETTE = False
    CSS = CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,b", "undo", "back"),
        Binding("right,f", "forward", "forward"),
        Binding("r", "chance", "by chance"),
        Binding("l", "logs", "log lines"),
        Binding("s", "save_trace", "save trace"),
        Binding("p", "save_spec", "save as spec"),
        Binding("q", "quit", "quit"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        for key, bindings in self._bindings.key_to_bindings.items():
            self._bindings.key_to_bindings[key] = [
                replace(binding, description=session.view.say(binding.description)) for binding in bindings
            ]
        self.undone: list[str] = []
        """Events that were gone back over, the next one last."""

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="state"):
            yield Static(id="how")
        with Horizontal(id="lower"):
            yield OptionList(id="offers")
            with VerticalScroll(id="past"):
                yield Static(id="story")
        yield Footer()

    def on_mount(self) -> None:
        self.draw()
        self.query_one("#offers", OptionList).focus()

    def on_resize(self) -> None:
        self.draw()

    def draw(self) -> None:
        """Everything anew from the walk."""
        walk, view = self.session.walk, self.session.view
        self.query_one("#how", Static).update(_joined([*view.step(walk), *view.how(walk, walk.before())]))
        self.query_one("#state").border_title = view.say(f"{self.session.system.name}: after {len(walk.names)} events")
        offers = walk.offers()
        chooser = self.query_one("#offers", OptionList)
        chooser.clear_options()
        room = replace(view, width=max(NARROW, self.size.width) // 2 - 6)
        head, *rows = room.offers(walk, offers)
        chooser.border_title = head.plain if offers else view.say("nothing can happen any more")
        for offer, row in zip(offers, rows, strict=False):
            chooser.add_option(Option(row, id=offer.action.name))
        if offers:
            chooser.highlighted = 0
        self.query_one("#past").border_title = view.say("the walk so far")
        self.query_one("#story", Static).update(_joined(self._past()))
        self.query_one("#past", VerticalScroll).scroll_end(animate=False)

    def _past(self) -> list[Text]:
        """Every event taken, then those that `forward` would take again."""
        view, system = self.session.view, self.session.system
        names = self.session.walk.names
        lines = [
            Text(f"{n:>3}  {view.said(system.actions[system.action_index[name]])}") for n, name in enumerate(names, 1)
        ]
        ahead = (system.actions[system.action_index[name]] for name in reversed(self.undone))
        return [*lines, *(Text(f"  →  {view.said(action)}", style="dim") for action in ahead)]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        name = event.option.id
        if name is not None:
            if self.undone and self.undone[-1] == name:
                self.undone.pop()
            else:
                self.undone.clear()
            self._take(name)

    def _take(self, name: str) -> None:
        try:
            self.session.take_named(name)
        except HamodelError as error:
            self.notify(self.session.view.say(error.message), severity="error")
        self.draw()

    def action_undo(self) -> None:
        """Undo the last event, but remember it."""
        names = self.session.walk.names
        if not names:
            self.notify(self.session.view.say("this is the beginning"))
            return
        self.undone.append(names[-1])
        self.session.walk.undo()
        self.draw()

    def action_forward(self) -> None:
        """Take again what was last gone back over."""
        if self.undone:
            self._take(self.undone.pop())
        else:
            self.notify(self.session.view.say("nothing was undone"))

    def action_chance(self) -> None:
        """Take any event."""
        self.undone.clear()
        if not self.session.by_chance():
            self.notify(self.session.view.say("nothing can happen any more"))
        self.draw()

    def action_logs(self) -> None:
        """Show or hide the log lines of the last event."""
        self.session.view = replace(self.session.view, logs=not self.session.view.logs)
        self.draw()

    def action_save_trace(self) -> None:
        """Ask for a file and write the walk as a trace."""
        self.push_screen(
            Ask(self.session.view.say("Save the trace as"), "walk.json"), lambda name: self._saved(name, spec=False)
        )

    def action_save_spec(self) -> None:
        """Ask for a folder and write the walk as a spec."""
        self.push_screen(
            Ask(self.session.view.say("Save as a spec in the folder"), "my-spec"),
            lambda name: self._saved(name, spec=True),
        )

    def _saved(self, name: str | None, *, spec: bool) -> None:
        if not name:
            return
        try:
            said = self.session.save_spec(Path(name)) if spec else self.session.save_trace(Path(name))
        except (HamodelError, OSError) as error:
            self.notify(getattr(error, "message", str(error)), severity="error")
        else:
            self.notify(said)


def _joined(lines: list[Text]) -> Text:
    return Text("\n").join(lines)
