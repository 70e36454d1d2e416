"""A stage parted into one that builds and one that runs, as edits."""

from __future__ import annotations

from dlinter import Add, Copy, Edit, Env, Instruction, Run, User, Workdir
from dlinter.edits import splice
from dlinter.proof.tables import BUILD_VARIABLES
from dlinter.shell_edits import json_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter_rules.multi_stage_plan import Plan

#: what says how the image runs, wherever it stands
_SAYING = ("cmd", "entrypoint", "expose", "healthcheck", "label", "maintainer", "stopsignal", "volume")


class Rewrite:
    """The ``edits`` that part the stage, with the ``neutral`` changes they declare."""

    __slots__ = ("edits", "neutral", "plan")

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.edits: list[Edit] = []
        self.neutral = [f"option-of-user:stage-split={plan.runtime.image}"]

    @classmethod
    def of(cls, plan: Plan) -> Rewrite | None:
        """For *plan*; None where the lines cannot be taken apart."""
        found = cls(plan)
        return found if found._make() else None

    @property
    def text(self) -> str:
        """The file after it."""
        return splice(self.plan.stage.file.text, self.edits)

    def _make(self) -> bool:
        stage = self.plan.stage
        image = stage.base.image
        instructions = stage.instructions[1:]
        if image is None or any(i.file.text[self._begin(i) : i.start].strip() for i in instructions):
            return False
        last = max(i.index for i in instructions if isinstance(i, (Run, Copy, Add)))
        head = [i for i in instructions if i.index <= last]
        tail = [i for i in instructions if i.index > last]
        if stage.base.alias is None:
            self.edits.append(Edit(image.end, image.end, f" {self._word('AS')} build"))
        if self.plan.runtime.static and not self._without_cgo():
            run = self.plan.product.run
            line = f"{self._word('ENV')} CGO_ENABLED=0"
            at = self._top(run)
            self.edits.append(Edit(at, at, line + "\n"))
            self.neutral.append(f"option-of-user:instruction-added={line}")
        repeated = [] if self.plan.product.kind == "web" else self._repeated(head, tail)
        lines = [f"{self._word('FROM')} {self.plan.runtime.image}", *repeated, *self._copies()]
        anchor = tail[0] if tail else None
        text = "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
        if anchor is None:
            end = len(stage.file.text)
            gap = "\n" if stage.file.text[-1:] == "\n" else "\n\n"
            self.edits.append(Edit(end, end, gap + text))
        else:
            at = self._top(anchor)
            gap = "" if stage.file.text[:at].endswith("\n\n") else "\n"
            self.edits.append(Edit(at, at, gap + text))
        if self.plan.product.kind == "web":
            kept = ("label", "maintainer")
            lost = [i for i in instructions if i.keyword in _SAYING and i.keyword not in kept]
            self.edits += [Edit(i.start, i.syntax.close, "") for i in lost]
        self._written_anew(tail)
        return len({edit.start for edit in self.edits}) == len(self.edits)

    def _word(self, keyword: str) -> str:
        """*keyword* in the case of the file's FROM."""
        return keyword.lower() if self.plan.stage.base.name.text.islower() else keyword

    def _begin(self, instruction: Instruction) -> int:
        return instruction.file.source.line_start(instruction.start)

    def _top(self, instruction: Instruction) -> int:
        """Where the instruction begins, with the comments that stand directly above it."""
        text = instruction.file.text
        at = self._begin(instruction)
        for comment in reversed(instruction.syntax.prev_comments):
            if text[comment.end : at].count("\n") > 1 or text[comment.end : at].strip():
                break
            at = instruction.file.source.line_start(comment.start)
        return at

    def _without_cgo(self) -> bool:
        product = self.plan.product
        set_before = product.run.file.facts.env(product.run).get("CGO_ENABLED")
        return set_before == "0" or "CGO_ENABLED=0" in product.run.text

    def _repeated(self, head: list[Instruction], tail: list[Instruction]) -> list[str]:
        """What holds for the image although it stands among the steps: moved if it is for the image alone."""
        found: list[str] = []
        users = [i for i in head if isinstance(i, User)]
        places = [i for i in head if isinstance(i, Workdir)]
        for instruction in head:
            if instruction.keyword in _SAYING:
                top, close = self._top(instruction), instruction.syntax.close
                whole = instruction.file.text
                text = whole[top:close]
                # of the blank lines on both sides one is enough
                more = whole[:top].endswith("\n\n") and whole[close : close + 1] == "\n"
                self.edits.append(Edit(top, close + more, ""))
                found.append(text if text.endswith("\n") else text + "\n")
            elif isinstance(instruction, Env):
                names = {pair.key.value for pair in instruction.pairs}
                if not names <= BUILD_VARIABLES | {"PATH"}:
                    found.append(instruction.text)
            elif users and instruction is users[-1]:
                found.append(f"{instruction.name.text} {self.plan.user}" if self.plan.user else instruction.text)
            elif places and instruction is places[-1] and not self._elsewhere(tail):
                found.append(f"{instruction.name.text} {self._made_by(instruction)}")
        return found

    def _made_by(self, instruction: Workdir) -> str:
        """The absolute directory behind *instruction*, as it is written where that is not known."""
        stage = self.plan.stage
        following = [i for i in stage.instructions if i.index > instruction.index]
        path = stage.file.facts.workdir(following[0] if following else stage)
        return path or (instruction.value.text if instruction.value is not None else "/")

    def _elsewhere(self, tail: list[Instruction]) -> bool:
        """True if the directory is named anew, by an absolute path, behind the steps."""
        return any(isinstance(i, Workdir) and i.value is not None and i.value.value.startswith("/") for i in tail)

    def _copies(self) -> list[str]:
        word = self._word("COPY")
        stage = self.plan.stage.base.alias
        name = stage.value if stage is not None else "build"
        if self.plan.product.kind == "web":
            expose = "expose 80" if word == "copy" else "EXPOSE 80"
            return [f"{word} --from={name} {self.plan.paths[0]} /usr/share/nginx/html", expose]
        found = []
        for path in self.plan.paths:
            beside = path.startswith(("/go/bin/", "/usr/local/cargo/bin/")) and not self.named
            to = f"/usr/local/bin/{path.rpartition('/')[2]}" if beside else path
            found.append(f"{word} --from={name} {path} {to}")
        return [*found, *(f"{word} --from={name} {path} {path}" for path in self._more())]

    def _more(self) -> list[str]:
        """What may be needed besides, without what lies in it or comes along."""
        found: list[str] = []
        for path in sorted(self.plan.more):
            if not any(f"{path}/".startswith(f"{other}/") for other in (*self.plan.paths, *found)):
                found.append(path)
        return found

    @property
    def named(self) -> bool:
        """True if the program is started by its path, not by its name."""
        stage = self.plan.stage
        started = stage.file.facts.entrypoint(stage) or stage.file.facts.cmd(stage)
        return started is not None and "/" in (started.commands[0].words[0].value or "")

    def _written_anew(self, tail: list[Instruction]) -> None:
        """A command for a shell as the words of a program, as there may be no shell, and a user who is known."""
        for user in tail:
            if self.plan.user and isinstance(user, User) and user.value is not None:
                self.edits.append(Edit(user.value.start, user.value.end, self.plan.user))
        if not self.plan.words or self.plan.product.kind == "web":
            return
        for instruction in tail:
            if instruction.keyword in ("cmd", "entrypoint") and instruction.form != "json" and instruction.args:
                words = ", ".join(json_string(word) for word in self.plan.words)
                self.edits.append(Edit(instruction.args[0].start, instruction.args[-1].end, f"[{words}]"))
