/** Finds the server to run. Knows nothing of VS Code, so that it can be tested without. */

import * as path from "node:path";

/** The oldest Python that dlint runs on: `requires-python` of the project. */
export const OLDEST_PYTHON: readonly [number, number] = [3, 11];

/** What is known of the machine, and the only way to it. */
export interface World {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  isFile(file: string): Promise<boolean>;
  /** What the program printed to standard output; fails if it cannot be run or does not end with 0. */
  run(program: string, args: readonly string[]): Promise<string>;
}

/** What the user wants. Without trust, `paths` and `interpreters` are those of the user settings. */
export interface Wanted {
  trusted: boolean;
  paths: readonly string[];
  interpreters: readonly string[];
  strategy: "fromEnvironment" | "useBundled";
  /** The Python that is selected in the Python extension. */
  selected?: string | undefined;
  folders: readonly string[];
  /** The script that runs the bundled copy. */
  bundled: string;
}

export type Origin = "dlint.path" | "selected Python" | "PATH" | "bundled";

export interface Server {
  program: string;
  args: readonly string[];
  version: string;
  origin: Origin;
}

const MODULE = ["-P", "-m", "dlinter", "server"] as const;

/** The first server that can be run, or nothing; `note` is told what was tried in vain. */
export async function locate(wanted: Wanted, world: World, note: (line: string) => void): Promise<Server | undefined> {
  for (const named of wanted.paths) {
    const file = await resolved(named, wanted, world, note);
    const found = file && (await program(file, "dlint.path", world, note));
    if (found) {
      return found;
    }
  }
  if (wanted.trusted && wanted.strategy === "fromEnvironment") {
    const found = (await fromInterpreter(wanted, world, note)) ?? (await fromPath(wanted, world, note));
    if (found) {
      return found;
    }
  }
  return fromBundle(wanted, world, note);
}

/** The Pythons to look into first: those of the settings, else the selected one, which a workspace can bring along. */
async function pythons(wanted: Wanted, world: World, note: (line: string) => void): Promise<string[]> {
  if (wanted.interpreters.length === 0) {
    return wanted.trusted && wanted.selected ? [wanted.selected] : [];
  }
  const found = await Promise.all(wanted.interpreters.map((each) => resolved(each, wanted, world, note)));
  return found.filter((each) => each !== undefined);
}

async function fromInterpreter(wanted: Wanted, world: World, note: (line: string) => void) {
  for (const python of await pythons(wanted, world, note)) {
    const server = await probe(python, MODULE, "selected Python", world, (reason) =>
      note(`${python}: no dlint: ${reason}`),
    );
    if (server) {
      return server;
    }
  }
  return undefined;
}

async function fromPath(wanted: Wanted, world: World, note: (line: string) => void) {
  const found = await which("dlint", wanted, world);
  if (!found) {
    note("dlint is not on the PATH");
    return undefined;
  }
  return program(found, "PATH", world, note);
}

async function fromBundle(wanted: Wanted, world: World, note: (line: string) => void) {
  const names = world.platform === "win32" ? ["python", "python3", "py"] : ["python3", "python"];
  names.push("python3.14", "python3.13", "python3.12", "python3.11");
  // what is wrong with them has been said
  const candidates = await pythons(wanted, world, () => {});
  for (const name of names) {
    const found = await which(name, wanted, world);
    if (found && !candidates.includes(found)) {
      candidates.push(found);
    }
  }
  for (const python of candidates) {
    if (await recent(python, world, note)) {
      const server = await probe(python, ["-I", wanted.bundled, "server"], "bundled", world, (reason) =>
        note(`${python}: the bundled server does not start: ${reason}`),
      );
      if (server) {
        return server;
      }
    }
  }
  if (candidates.length === 0) {
    note("there is no Python on the PATH");
  }
  return undefined;
}

async function program(file: string, origin: Origin, world: World, note: (line: string) => void) {
  return probe(file, ["server"], origin, world, (reason) => note(`${file}: not run: ${reason}`));
}

/** The server if it gives its version. Another program is called dlint, too: it does not answer like this one. */
async function probe(
  file: string,
  args: readonly string[],
  origin: Origin,
  world: World,
  note: (reason: string) => void,
): Promise<Server | undefined> {
  try {
    const answer = await world.run(file, [...args, "--version"]);
    const version = /^dlint (\d\S*)\s*$/.exec(answer)?.[1];
    if (version) {
      return { program: file, args, version, origin };
    }
    note(`it says ${JSON.stringify(answer.slice(0, 80))} instead of its version`);
  } catch (error) {
    note(reason(error));
  }
  return undefined;
}

async function recent(python: string, world: World, note: (line: string) => void): Promise<boolean> {
  try {
    const answer = await world.run(python, ["-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
    const [major = 0, minor = 0] = answer.trim().split(".").map(Number);
    const [wantedMajor, wantedMinor] = OLDEST_PYTHON;
    if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) {
      return true;
    }
    note(`${python}: Python ${answer.trim()} is older than ${OLDEST_PYTHON.join(".")}`);
  } catch (error) {
    note(`${python}: ${reason(error)}`);
  }
  return false;
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim();
}

/**
 * The absolute path of a program on the PATH. Relative entries are left out, and without trust those in the workspace
 * as well: what lies there would be run by opening a folder.
 */
async function which(name: string, wanted: Wanted, world: World): Promise<string | undefined> {
  const { join, isAbsolute } = flavour(world);
  const entry = Object.keys(world.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const folders = (world.env[entry] ?? "").split(world.platform === "win32" ? ";" : ":");
  for (const folder of folders) {
    if (!isAbsolute(folder) || (!wanted.trusted && wanted.folders.some((each) => inside(folder, each, world)))) {
      continue;
    }
    const file = join(folder, world.platform === "win32" ? `${name}.exe` : name);
    if (await world.isFile(file)) {
      return file;
    }
  }
  return undefined;
}

function inside(file: string, folder: string, world: World): boolean {
  const { relative, isAbsolute } = flavour(world);
  const way = relative(folder, file);
  return !way.startsWith("..") && !isAbsolute(way);
}

/** The absolute path of what a setting names: a path, or the name of a program on the PATH. */
async function resolved(named: string, wanted: Wanted, world: World, note: (line: string) => void) {
  const { join, isAbsolute } = flavour(world);
  const home = world.env["HOME"] ?? world.env["USERPROFILE"];
  const folder = wanted.trusted ? wanted.folders[0] : undefined;
  let file: string | undefined = named;
  if (/^~[/\\]/.test(named) && home) {
    file = join(home, named.slice(2));
  } else if (folder) {
    file = named.replace(/^\$\{workspaceFolder\}/, folder);
  }
  if (!/[/\\]/.test(file)) {
    file = await which(file, wanted, world);
  }
  if (file && isAbsolute(file)) {
    return file;
  }
  note(`${named}: neither an absolute path nor a program on the PATH`);
  return undefined;
}

function flavour(world: World): path.PlatformPath {
  return world.platform === "win32" ? path.win32 : path.posix;
}
