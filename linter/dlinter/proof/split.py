"""A build in one stage against the same in two: one that builds, and one that has nothing but what is started."""

from __future__ import annotations

from dlinter.proof.body import Body
from dlinter.proof.paths import clean
from dlinter.proof.purpose import PURPOSE
from dlinter.proof.stages import StagePair
from dlinter.proof.state import Effect, Stage
from dlinter.proof.tables import BUILD_VARIABLES, listed
from dlinter.proof.words import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from dlinter.proof.build import Build
    from dlinter.proof.context import Context
    from dlinter.proof.neutral import Neutral
    from dlinter.proof.report import Report

#: folders of programs that are in the PATH of every image
_PATHS = ("/usr/local/bin", "/usr/bin", "/bin")
#: programs that start the file which they are given
_STARTERS = listed("dotnet java node python python3")


class Split:
    """The stage ``old``, the stage ``builder`` that has its effects, and the ``final`` one that has its config.

    The builder does what the stage did, and what it says about the image does not matter. The final stage is based
    on the image that was named for it. It makes directories that the stage made, and copies from the builder, each
    path to the same place, what ENTRYPOINT and CMD name or a folder with it in it: all it says about the image is
    what the stage said, but for variables that only builds read.
    """

    __slots__ = ("after", "base", "before", "builder", "final", "neutral", "old")

    def __init__(self, before: Build, after: Build, base: str, neutral: Neutral) -> None:
        self.before = before
        self.after = after
        self.base = base
        self.neutral = neutral
        self.old = before.stages[0]
        self.builder, self.final = after.stages

    @classmethod
    def between(cls, before: Build, after: Build, neutral: Neutral) -> Split | None:
        """What has to be compared if one stage became two on purpose; None if not."""
        if not neutral.purpose.splits or len(before.stages) != 1 or len(after.stages) != 2:
            return None
        base = text_of(after.stages[1].effects[0].fields["image"])  # type: ignore[arg-type]
        if base not in neutral.purpose.splits:
            return None
        return cls(before, after, base, neutral)

    def compare(self, report: Report, context: Context | None) -> None:
        """Add every difference that a split does not explain to *report*."""
        old, builder, final = self.old, self.builder, self.final
        report.stage = f"0 ({builder.name})" if builder.name else "0"
        StagePair(report, self.neutral, old, builder, context).effects(_layers(old), _layers(builder))
        for name, value in builder.arguments.items():
            if name not in old.arguments or old.arguments[name] != value:
                report.add(f"the ARG {name} is new")
        report.stage = f"1 ({final.name})" if final.name else "1"
        self._made(report)
        self._variables(report)
        StagePair(report, self.neutral, old, final, context).settings()
        if "directory" not in old.config and "directory" in final.config:
            report.add("the working directory was the base image's before", None, final.lines["directory"])
        report.stage = ""
        if old.name is not None:
            report.add(f"the stage {old.name} has another place", old.line)
        self.neutral.use(f"{PURPOSE}stage-split={self.base}")

    def _made(self, report: Report) -> None:
        """The effects of the final stage."""
        old, final = self.old, self.final
        base = final.effects[0].fields
        if base["words"] or base.get("--platform") != old.effects[0].fields.get("--platform"):
            report.add("the last stage is for another platform", old.line, final.line)
        for effect in old.effects:
            if effect.kind in ("trigger", "unknown"):
                report.add(f"{effect.keyword} at line {effect.line} is not part of the image any more", effect.line)
        volumes = [[e.key for e in stage.effects if e.kind == "volume"] for stage in (old, final)]
        if volumes[0] != volumes[1]:
            report.add("the volumes are others", old.line, final.line)
        directories = _directories(old)
        for missing in directories.keys() - (_directories(self.builder) | _directories(final)).keys():
            report.gone(directories[missing])
        copies = 0
        for effect in final.effects[1:]:
            if effect.kind == "copy" and self._brings(effect):
                copies += 1
            elif effect.kind == "directory" and (effect.fields["path"], effect.fields["user"]) in directories:
                continue
            elif effect.kind != "volume":
                report.new(effect)
        if not copies:
            report.add("nothing is copied into the last stage", None, final.line)

    def _brings(self, effect: Effect) -> bool:
        """True for a copy of something that is started, from the builder to the place where it was."""
        fields = dict(effect.fields)
        if fields.pop("instruction") != "COPY" or fields.pop("--from", None) != (0,) or fields.pop("bodies"):
            return False
        sources, destination = fields.pop("sources"), fields.pop("destination")
        if fields.pop("json") or fields or not isinstance(sources, tuple) or len(sources) != 1:
            return False
        path = text_of(sources[0])
        if path is None or not path.startswith("/") or set(path) & set("*?[\\") or clean(path) == "/":
            return False
        place = (clean(path),)
        if destination != place and destination != (*place, "\0/"):
            return False
        return any(f"{word}/".startswith(f"{place[0]}/") for word in self._started())

    def _started(self) -> Iterator[str]:
        """The absolute paths of the program that is started, and of the file that it is given if it is a runtime."""
        words: tuple[str, ...] = ()
        for name in ("entrypoint", "command"):
            body = self.old.config.get(name)
            if isinstance(body, Body):
                if body.shell is not None:
                    return
                words += body.given
        if not words:
            return
        named = [words[0]] if "/" in words[0] else [f"{folder}/{words[0]}" for folder in _PATHS]
        if words[0].rpartition("/")[2] in _STARTERS:
            named += [word for word in words[1:] if word[:1] != "-"][:1]
        folder = text_of(self.old.workdir) if "directory" in self.old.config else None
        for word in named:
            if word.startswith("/"):
                yield clean(word)
            elif folder is not None:
                yield clean(f"{folder}/{word}")

    def _variables(self, report: Report) -> None:
        """ENV and ARG of the final stage against those of the one before."""
        old, final = self.old, self.final
        for name, value in final.arguments.items():
            if name not in old.arguments or old.arguments[name] != value:
                report.add(f"the ARG {name} is new")
        kept = [(name, value) for name, value in old.environment.items() if name in final.environment]
        for name in old.environment:
            if name not in final.environment and name not in BUILD_VARIABLES:
                report.add(f"ENV {'a variable' if name[:1] == chr(0) else name} is gone", old.lines["ENV " + name])
        if kept != list(final.environment.items()):
            report.add("the ENV variables of the last stage are others", old.line, final.line)
        seen: list[Hashable] = [*final.environment.values(), *final.labels.values(), *final.ports, final.user]
        for shown in seen:
            for part in shown if isinstance(shown, tuple) else ():
                if type(part) is not str and part[1] not in final.arguments:
                    report.add(f"the variable {part[1]} comes from another image", old.line, final.line)


def _layers(stage: Stage) -> list[Effect]:
    """What a stage does up to its last step; the volumes, and directories behind it, are for the last stage."""
    found = [effect for effect in stage.effects if effect.kind != "volume"]
    while found[-1].kind == "directory":
        found.pop()
    return found


def _directories(stage: Stage) -> dict[tuple[Hashable, Hashable], Effect]:
    """The directories that WORKDIR makes, and for whom."""
    return {(e.fields["path"], e.fields["user"]): e for e in stage.effects if e.kind == "directory"}
