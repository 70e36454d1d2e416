"""What is known of a stage or a variable, in Markdown."""

from __future__ import annotations

from dlinter.server.features.about_images import brief
from dlinter.server.features.prose.variables import describe
from dlinter.tree import Env

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dlinter.facts import Variable
    from dlinter.server.features.names import VariableMention
    from dlinter.tree import Instruction, Stage

_LONGEST = 200
_USES = {"from": "FROM", "copy": "COPY --from", "mount": "RUN --mount"}


def code(text: str) -> str:
    """*text* as inline code, cut if it is long."""
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "…"
    text = text.replace("\r", "").replace("\n", "⏎")
    fence = "``" if "`" in text else "`"
    space = " " if fence == "``" else ""
    return f"{fence}{space}{text}{space}{fence}" if text else "empty"


# -- stages ------------------------------------------------------------------------------------------------------------


def about_stage(stage: Stage) -> str:
    """Its FROM, what it is built on, who uses it."""
    file = stage.file
    facts = file.facts
    parts = [f"```dockerfile\n{' '.join(stage.base.syntax.map.text.split())}\n```"]
    about = f"Stage {stage.index}"
    parent = facts.parent(stage)
    if parent is not None:
        about += f", built on {_called(parent)}"
    base = facts.base(stage)
    if base is not None:
        known = brief(base)
        about += (
            f", {'at the bottom' if parent is not None else 'base'} {code(base.text)}{f' ({known})' if known else ''}"
        )
    parts.append(about + ".")
    users = [need for need in facts.graph.used_by(stage) if need.user is not stage]
    uses = [f"{_USES[need.kind]} in line {file.source.line(need.token.start)}" for need in users]
    if any(target is stage for target in facts.graph.targets):
        uses.insert(0, "the result of the build")
    if uses:
        parts.append("Used by: " + ", ".join(dict.fromkeys(uses)) + ".")
    if not facts.graph.reached(stage):
        parts.append("**Nothing that is built needs it.**")
    return "\n\n".join(parts)


def _called(stage: Stage) -> str:
    return code(stage.name) if stage.name else f"stage {stage.index}"


def after_workdir(instruction: Instruction) -> str | None:
    """The working directory after the WORKDIR *instruction*, None if it is not known."""
    stage = instruction.stage
    if stage is None or instruction.in_onbuild:
        return None
    later = next((each for each in stage.instructions if each.index > instruction.index), None)
    return instruction.file.facts.workdir(stage if later is None else later)


# -- variables ---------------------------------------------------------------------------------------------------------


def about_variable(mention: VariableMention) -> str:
    """Its value at this place and where that comes from."""
    name, variable = mention.name, mention.variable
    if mention.local:
        return f"`{name}`: a variable of this script" + (", which a secret gives." if _secret(mention) else ".")
    known = describe(name)
    if variable is None:
        text = f"`{name}` is {_unset(mention)}"
    else:
        value = f"`{name}` = {code(variable.value)}" if variable.value is not None else f"`{name}`"
        text = f"{value}\n\n{_origin(mention, variable)}"
    if known is not None:
        text += f"\n\n{known[0]}\n\n[{name}]({known[1]})"
    return text


def _secret(mention: VariableMention) -> bool:
    mounts = getattr(mention.instruction, "mounts", ())
    return any(mount.env == mention.name for mount in mounts)


def _unset(mention: VariableMention) -> str:
    file, stage = mention.instruction.file, mention.instruction.stage
    if mention.via == "container":
        return "not set in the container, unless the base image sets it or `docker run --env` does."
    if mention.scope < 0:
        return "not set: FROM sees only ARGs that stand before the first FROM."
    if file.facts.global_environment.declared(mention.name):
        return f"not set here: it is declared before the first FROM, and needs `ARG {mention.name}` in this stage."
    if stage is not None and not file.facts.complete(stage):
        return "not set in this file; the base image may set it."
    return "not set here."


def _origin(mention: VariableMention, variable: Variable) -> str:
    file = mention.instruction.file
    node = variable.node
    line = f" in line {file.source.line(node.start)}" if node is not None else ""
    match variable.origin:
        case "env":
            text = f"Set by ENV{line}."
        case "arg" if variable.value is None and node is not None and node.value is None:
            text = f"Declared by ARG{line} without a default: empty unless `--build-arg {variable.name}=…` gives it."
        case "arg":
            text = f"The default of ARG{line}; `--build-arg {variable.name}=…` replaces it."
        case "build-arg":
            text = f"Given from outside, `--build-arg {variable.name}=…`; declared by ARG{line}."
        case "global":
            text = f"From ARG{line}, before the first FROM; `--build-arg {variable.name}=…` replaces it."
        case "predefined":
            text = "Set by the builder."
        case "image":
            base = file.facts.base(mention.instruction.stage) if mention.instruction.stage is not None else None
            text = f"Set by the base image{f' {code(base.text)}' if base is not None else ''}."
        case _:
            text = "The builder's default, because the base image sets none."
    if variable.value is None and variable.origin in ("env", "arg", "global") and node is not None and node.value:
        text += " The value depends on something that is not known here."
    if mention.write and isinstance(mention.instruction, Env):
        text += " Containers see it too."
    return text
