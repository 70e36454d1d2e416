/**
 * The package in a real editor: code-server in headless Chromium shows findings, applies a quick fix, formats, explains
 * a rule, and in an untrusted workspace runs nothing of the workspace.
 *
 * CODE_SERVER and CHROMIUM name the programs, else the PATH has them; SCREENSHOTS names a folder for pictures.
 */

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

const PACKAGE = new URL("../dlint.vsix", import.meta.url).pathname;
/** Milliseconds for anything to appear, on a busy machine too. */
const PATIENCE = 120_000;
const DOCKERFILE = "from debian:12\nRUN apt-get update && apt-get install --no-install-recommends  curl\nMAINTAINER me\n";
const BUNDLED = { "security.workspace.trust.enabled": false, "dlint.importStrategy": "useBundled" };

const codeServer = process.env.CODE_SERVER ?? onPath("code-server");
const browser = process.env.CHROMIUM ?? onPath("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome");
if (!codeServer || !browser) {
  const missing = codeServer ? "Chromium is not installed (CHROMIUM names it)" : "code-server is not installed (CODE_SERVER names it)";
  console.log(`skipped: the extension in a real editor: ${missing}`);
  process.exit(0);
}
assert(existsSync(PACKAGE), "there is no dlint.vsix; npm run package makes it");

const base = await mkdtemp(join(tmpdir(), "dlint-drive-"));
try {
  await trusted(join(base, "trusted"));
  await untrusted(join(base, "untrusted"));
  console.log("driven: 2 passed, 0 failed");
} finally {
  await rm(base, { recursive: true, force: true });
}

async function trusted(folder) {
  const file = await laidOut(folder, BUNDLED);
  await inEditor(folder, async (page) => {
    const problems = await shown(page, ["DL3014", "DL4000"]);
    await picture(page, "1-findings");
    console.log(problems.join("\n"));

    // a setting comes and goes, and what nobody set does not hide what the configuration file says
    const rows = page.locator(".markers-panel .monaco-list-row");
    const settings = join(folder, "workspace", ".vscode", "settings.json");
    await writeFile(settings, '{"dlint.lint.ignore": ["DL4000"]}');
    await rows.filter({ hasText: "DL4000" }).waitFor({ state: "detached" });
    assert.equal(await rows.filter({ hasText: "DL3014" }).count(), 1);
    await writeFile(settings, "{}");
    await rows.filter({ hasText: "DL4000" }).waitFor();
    await writeFile(join(folder, "workspace", ".dlint.yaml"), "profile: strict\nignore: [DL4000]\n");
    await rows.filter({ hasText: "DL4000" }).waitFor({ state: "detached" });
    await rm(join(folder, "workspace", ".dlint.yaml"));
    await rows.filter({ hasText: "DL4000" }).waitFor();

    await command(page, "Go to Line/Column...", ":2:28");
    const action = page.locator(".action-widget .monaco-list-row", { hasText: "-y" }).first();
    await pressed(page, "Control+Period", action);
    await picture(page, "2-quick-fix");
    await action.click({ force: true });
    await until(async () => (await saved(page, file)).includes("apt-get install -y "), "the quick fix is applied");

    await command(page, "Format Document", "");
    await until(async () => (await saved(page, file)).startsWith("FROM debian:12\n"), "the file is formatted");
    assert(!(await readFile(file, "utf8")).includes("  curl"), "two blanks are one");

    await command(page, "dlint: Fix Everything That Is Safe to Fix", "");
    await until(async () => (await saved(page, file)).includes('LABEL org.opencontainers.image.authors="me"'), "all is fixed");
    await picture(page, "3-fixed");

    await command(page, "dlint: Explain Rule…", "DL3014");
    await page.locator(".tab", { hasText: "DL3014" }).waitFor();
    await page.waitForTimeout(2000);
    await picture(page, "4-explained");
  });
}

async function untrusted(folder) {
  const file = await laidOut(folder, { "security.workspace.trust.startupPrompt": "never" });
  const program = join(folder, "workspace", "dlint");
  const proof = join(folder, "was-run");
  await writeFile(program, `#!/bin/sh\necho "$@" >> '${proof}'\n`);
  await chmod(program, 0o755);
  const settings = { "dlint.path": [program], "dlint.interpreter": [program], "dlint.configuration": "/nowhere.yaml" };
  await writeFile(join(folder, "workspace", ".vscode", "settings.json"), JSON.stringify(settings));
  await inEditor(folder, async (page) => {
    await page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
    await shown(page, ["DL3014", "DL4000"]);
    await picture(page, "5-untrusted");
    assert(!existsSync(proof), "a program of the workspace was run");

    await command(page, "Workspaces: Manage Workspace Trust", "");
    await page.locator(".workspace-trust-editor .monaco-button", { hasText: "Trust" }).first().click();
    await until(async () => existsSync(proof), "the program that the workspace names is run once it is trusted");
    assert.match(await readFile(proof, "utf8"), /^server --version$/m);
  });
  assert.equal(await readFile(file, "utf8"), DOCKERFILE);
}

/** A folder with a workspace, settings of the user and the extension; the path of its Dockerfile. */
async function laidOut(folder, settings) {
  await mkdir(join(folder, "workspace", ".vscode"), { recursive: true });
  await mkdir(join(folder, "data", "User"), { recursive: true });
  const quiet = { "workbench.startupEditor": "none", "window.menuBarVisibility": "hidden", "chat.commandCenter.enabled": false };
  await writeFile(join(folder, "data", "User", "settings.json"), JSON.stringify({ ...quiet, ...settings }));
  const file = join(folder, "workspace", "Dockerfile");
  await writeFile(file, DOCKERFILE);
  const { stdout } = await promisify(execFile)(codeServer, [...folders(folder), "--install-extension", PACKAGE], { env: environment(folder) });
  assert.match(stdout, /successfully installed/);
  return file;
}

function folders(folder) {
  return ["--user-data-dir", join(folder, "data"), "--extensions-dir", join(folder, "extensions")];
}

function environment(folder) {
  return { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, PASSWORD: undefined };
}

async function inEditor(folder, action) {
  const port = await freePort();
  const options = ["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check"];
  const server = spawn(codeServer, [...folders(folder), ...options], { env: environment(folder), stdio: "ignore", detached: true });
  const chrome = await chromium.launch({ executablePath: browser, args: ["--no-sandbox"] });
  const page = await chrome.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(PATIENCE);
  try {
    const address = `http://127.0.0.1:${port}/?folder=${encodeURIComponent(join(folder, "workspace"))}`;
    await until(() => page.goto(address).then(() => true, () => false), "code-server answers");
    await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "Dockerfile" }).dblclick();
    await page.locator(".view-lines", { hasText: "debian" }).waitFor();
    await action(page);
  } catch (error) {
    await picture(page, "failed");
    throw error;
  } finally {
    await chrome.close();
    process.kill(-server.pid);
  }
}

/** The rows of the Problems panel, once all of these codes are among them. */
async function shown(page, codes) {
  await page.locator(".squiggly-warning, .squiggly-info, .squiggly-error").first().waitFor({ state: "attached" });
  await command(page, "View: Toggle Problems", "");
  const rows = page.locator(".markers-panel .monaco-list-row");
  for (const code of codes) {
    await rows.filter({ hasText: code }).first().waitFor();
  }
  await page.locator(".view-lines").first().click();
  return rows.allInnerTexts();
}

/** Runs a command from the palette, then types what it asks for. */
async function command(page, title, answer) {
  const input = page.locator(".quick-input-widget input").first();
  await pressed(page, "F1", input);
  await input.fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title.split(": ").at(-1) }).first().waitFor();
  await page.keyboard.press("Enter");
  if (answer) {
    await page.waitForTimeout(500);
    await page.keyboard.type(answer);
    await page.waitForTimeout(500);
    await page.keyboard.press("Enter");
  }
}

/** Presses a key until something appears: one that comes while the editor is busy is lost. */
async function pressed(page, key, appears) {
  await until(async () => {
    await page.keyboard.press(key);
    return appears.waitFor({ timeout: 10_000 }).then(() => true, () => false);
  }, `${key} does something`);
}

async function saved(page, file) {
  await page.keyboard.press("Control+s");
  await page.waitForTimeout(500);
  return readFile(file, "utf8");
}

async function until(condition, what) {
  const end = Date.now() + PATIENCE;
  while (!(await condition())) {
    assert(Date.now() < end, `in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

async function picture(page, name) {
  if (process.env.SCREENSHOTS) {
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function onPath(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      if (folder && existsSync(join(folder, name))) {
        return join(folder, name);
      }
    }
  }
  return undefined;
}
