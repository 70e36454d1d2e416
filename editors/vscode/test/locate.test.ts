import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { locate, OLDEST_PYTHON, type Wanted, type World } from "../src/locate";

const VERSION = "dlint 1.2.3\n";
const BUNDLED = "/extension/bundled/server.py";

/** A machine with these programs and what each answers to a call that begins with the key. */
function machine(programs: Record<string, Record<string, string>>, changes: Partial<World> = {}) {
  const runs: string[] = [];
  const world: World = {
    platform: "linux",
    env: { PATH: "/usr/bin:/bin", HOME: "/home/me" },
    isFile: async (file) => file in programs,
    run: async (program, args) => {
      runs.push([program, ...args].join(" "));
      const answers = Object.entries(programs[program] ?? {});
      const answer = answers.find(([start]) => args.join(" ").startsWith(start))?.[1];
      if (answer === undefined) {
        throw new Error(programs[program] ? "No module named dlinter" : "ENOENT");
      }
      return answer;
    },
    ...changes,
  };
  return { world, runs };
}

const wants = (changes: Partial<Wanted> = {}): Wanted => ({
  trusted: true,
  paths: [],
  interpreters: [],
  strategy: "fromEnvironment",
  folders: ["/work"],
  bundled: BUNDLED,
  ...changes,
});

async function found(wanted: Wanted, world: World) {
  const notes: string[] = [];
  const server = await locate(wanted, world, (line) => notes.push(line));
  return { server, notes: notes.join("\n"), line: server && [server.program, ...server.args].join(" ") };
}

const MODULE = { "-P -m dlinter server": VERSION };
const PROGRAM = { server: VERSION };
const python = (version: string) => ({ "-I -c": `${version}\n`, [`-I ${BUNDLED} server`]: VERSION });

test("the path of the settings comes first", async () => {
  const { world } = machine({ "/opt/dlint": PROGRAM, "/venv/bin/python": MODULE, "/usr/bin/dlint": PROGRAM });
  const { server, line } = await found(wants({ paths: ["/opt/dlint"], selected: "/venv/bin/python" }), world);
  assert.equal(line, "/opt/dlint server");
  assert.equal(server?.origin, "dlint.path");
  assert.equal(server?.version, "1.2.3");
});

test("of several paths the first that runs counts, and why another does not is said", async () => {
  const { world } = machine({ "/opt/dlint": PROGRAM });
  const { line, notes } = await found(wants({ paths: ["/gone/dlint", "relative/dlint", "/opt/dlint"] }), world);
  assert.equal(line, "/opt/dlint server");
  assert.match(notes, /\/gone\/dlint: not run: ENOENT/);
  assert.match(notes, /relative\/dlint: neither an absolute path nor/);
});

test("paths may begin with the home or the folder, or be the name of a program", async () => {
  const { world } = machine({ "/home/me/dlint": PROGRAM, "/work/dlint": PROGRAM, "/usr/bin/dlint2": PROGRAM });
  assert.equal((await found(wants({ paths: ["~/dlint"] }), world)).line, "/home/me/dlint server");
  assert.equal((await found(wants({ paths: ["${workspaceFolder}/dlint"] }), world)).line, "/work/dlint server");
  assert.equal((await found(wants({ paths: ["dlint2"] }), world)).line, "/usr/bin/dlint2 server");
});

test("then the selected Python, without the modules of the working directory", async () => {
  const { world } = machine({ "/venv/bin/python": MODULE, "/usr/bin/dlint": PROGRAM });
  const { server, line } = await found(wants({ selected: "/venv/bin/python" }), world);
  assert.equal(line, "/venv/bin/python -P -m dlinter server");
  assert.equal(server?.origin, "selected Python");
});

test("interpreters of the settings are asked instead of the selected one", async () => {
  const { world, runs } = machine({ "/a/python": {}, "/b/python": MODULE, "/venv/bin/python": MODULE });
  const wanted = wants({ interpreters: ["/a/python", "/b/python"], selected: "/venv/bin/python" });
  assert.equal((await found(wanted, world)).line, "/b/python -P -m dlinter server");
  assert(!runs.some((each) => each.startsWith("/venv")));
});

test("then the PATH, if what is called dlint there answers like dlint", async () => {
  const { world } = machine({ "/venv/bin/python": {}, "/bin/dlint": PROGRAM });
  const { line, notes } = await found(wants({ selected: "/venv/bin/python" }), world);
  assert.equal(line, "/bin/dlint server");
  assert.match(notes, /no dlint: No module named dlinter/);
  const other = machine({ "/bin/dlint": { server: "flake8 0.1\n" }, "/usr/bin/python3": python("3.12") });
  const second = await found(wants(), other.world);
  assert.equal(second.server?.origin, "bundled");
  assert.match(second.notes, /it says "flake8 0.1\\n" instead of its version/);
});

test("else the bundled copy, on the first Python that is new enough", async () => {
  const { world } = machine({ "/usr/bin/python3": python("3.9"), "/usr/bin/python3.12": python("3.12") });
  const { server, line, notes } = await found(wants(), world);
  assert.equal(line, `/usr/bin/python3.12 -I ${BUNDLED} server`);
  assert.equal(server?.origin, "bundled");
  assert.match(notes, /python3: Python 3.9 is older than 3.11/);
});

test("the selected Python runs the bundled copy if it has no dlint", async () => {
  const { world } = machine({ "/venv/bin/python": python("3.13"), "/usr/bin/python3": python("3.12") });
  const { line } = await found(wants({ selected: "/venv/bin/python" }), world);
  assert.equal(line, `/venv/bin/python -I ${BUNDLED} server`);
});

test("useBundled passes over the Python's dlint and the PATH", async () => {
  const { world } = machine({ "/usr/bin/dlint": PROGRAM, "/venv/bin/python": { ...MODULE, ...python("3.11") } });
  const { line } = await found(wants({ strategy: "useBundled", selected: "/venv/bin/python" }), world);
  assert.equal(line, `/venv/bin/python -I ${BUNDLED} server`);
});

test("nothing is found without a Python, and that is said", async () => {
  const { server, notes } = await found(wants(), machine({}).world);
  assert.equal(server, undefined);
  assert.match(notes, /there is no Python on the PATH/);
});

test("without trust nothing that a workspace brings along is run", async () => {
  const programs = {
    "/work/.venv/bin/python": { ...MODULE, ...python("3.12") },
    "/work/bin/python3": python("3.12"),
    "/usr/bin/dlint": PROGRAM,
    "/usr/bin/python3": python("3.11"),
  };
  const { world, runs } = machine(programs, { env: { PATH: ".:/work/bin:/usr/bin" } });
  const wanted = wants({ trusted: false, selected: "/work/.venv/bin/python" });
  assert.equal((await found(wanted, world)).line, `/usr/bin/python3 -I ${BUNDLED} server`);
  assert(runs.every((each) => each.startsWith("/usr/bin/python3 ")));
});

test("without trust the user's own path counts, and ${workspaceFolder} means nothing", async () => {
  const { world } = machine({ "/opt/dlint": PROGRAM, "/work/dlint": PROGRAM });
  const wanted = wants({ trusted: false, paths: ["${workspaceFolder}/dlint", "/opt/dlint"] });
  assert.equal((await found(wanted, world)).line, "/opt/dlint server");
});

test("with trust a PATH entry in the workspace counts, a relative one never", async () => {
  const { world } = machine({ "/work/bin/dlint": PROGRAM, "dlint": PROGRAM }, { env: { PATH: ".::/work/bin" } });
  assert.equal((await found(wants(), world)).line, "/work/bin/dlint server");
});

test("Windows: its names, its separators, Path in any case", async () => {
  const windows: Partial<World> = { platform: "win32", env: { Path: "C:\\Tools;.;C:\\Python" } };
  const { world } = machine({ "C:\\Tools\\dlint.exe": PROGRAM }, windows);
  assert.equal((await found(wants({ folders: ["D:\\work"] }), world)).line, "C:\\Tools\\dlint.exe server");
  const second = machine({ "C:\\Python\\python.exe": python("3.14") }, windows);
  assert.equal((await found(wants(), second.world)).line, `C:\\Python\\python.exe -I ${BUNDLED} server`);
});

test("the oldest Python is that of the project", () => {
  const project = readFileSync("../../pyproject.toml", "utf8");
  assert.match(project, new RegExp(`^requires-python = ">=${OLDEST_PYTHON.join("\\.")}"$`, "m"));
});
