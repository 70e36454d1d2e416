/** The extension: finds the server, runs it, and hands over settings and commands. */

import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import * as vscode from "vscode";
import {
  DidChangeConfigurationNotification,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  type ShowDocumentResult,
  State,
} from "vscode-languageclient/node";

import { Explanations } from "./explanations";
import { locate, OLDEST_PYTHON, type Server, type Wanted, type World } from "./locate";
import { onSelection, selectedPython } from "./python";
import { isSet, pathList, serverSettings, type Setting } from "./settings";
import { Status } from "./status";

const SELECTOR = [
  { language: "dockerfile", scheme: "file" },
  { language: "dockerfile", scheme: "untitled" },
];
/** Settings after which another server may have to be run. */
const RESTARTING = ["dlint.path", "dlint.interpreter", "dlint.importStrategy"];
/** Milliseconds in which a program must tell its version. */
const PATIENCE = 30_000;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const dlint = new Dlint(context);
  context.subscriptions.push(
    vscode.commands.registerCommand("dlint.restart", () => dlint.restart()),
    vscode.commands.registerCommand("dlint.fixAll", () => dlint.fixAll()),
    vscode.commands.registerCommand("dlint.explainRule", (code?: string) => dlint.explain(code)),
    vscode.commands.registerCommand("dlint.showOutput", () => dlint.output.show()),
    vscode.commands.registerCommand("dlint.showDebugInformation", () => dlint.showDebugInformation()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => dlint.restart()),
    vscode.workspace.onDidChangeConfiguration((change) =>
      RESTARTING.some((name) => change.affectsConfiguration(name)) ? dlint.restart() : undefined,
    ),
    { dispose: () => dlint.stop() },
  );
  await dlint.restart();
}

class Dlint {
  readonly output = vscode.window.createOutputChannel("dlint", { log: true });
  private readonly trace = vscode.window.createOutputChannel("dlint (trace)");
  private readonly explanations = new Explanations();
  private readonly status = new Status(SELECTOR);
  private client: LanguageClient | undefined;
  /** Tells of another selected Python. */
  private selection: vscode.Disposable | undefined;
  /** What starts and stops one after the other. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly context: vscode.ExtensionContext) {
    context.subscriptions.push(this.output, this.trace, this.explanations, this.status, {
      dispose: () => this.selection?.dispose(),
    });
  }

  restart(): Promise<void> {
    return this.next(async () => {
      await this.end();
      await this.begin();
    });
  }

  stop(): Promise<void> {
    return this.next(() => this.end());
  }

  async fixAll(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (document) {
      await this.ask("dlint.applyAutofix", document.uri.toString());
    }
  }

  async explain(code?: string): Promise<void> {
    const wanted = code ?? (await this.explanations.choose());
    if (wanted) {
      await this.explanations.show(await this.ask("dlint.explain", wanted));
    }
  }

  async showDebugInformation(): Promise<void> {
    this.output.info(String(await this.ask("dlint.printDebugInformation")));
    this.output.show();
  }

  private async ask(command: string, ...args: unknown[]): Promise<unknown> {
    if (this.client?.state !== State.Running) {
      void vscode.window.showWarningMessage("dlint: the server does not run; see the output.");
      return undefined;
    }
    try {
      return await this.explanations.quietly(() =>
        this.client?.sendRequest(ExecuteCommandRequest.type, { command, arguments: args }),
      );
    } catch (error) {
      void vscode.window.showErrorMessage(`dlint: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  private next(action: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(action).catch((error: unknown) => {
      this.output.error(String(error));
      this.status.failed("dlint: the server does not start");
    });
    return this.turn;
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client) {
      await client.dispose().catch((error: unknown) => this.output.warn(String(error)));
    }
  }

  private async begin(): Promise<void> {
    this.status.starting();
    if (vscode.workspace.isTrusted) {
      this.selection ??= await onSelection(() => this.restart());
    }
    const server = await locate(await this.wanted(), world(this.context.extensionPath), (line) =>
      this.output.warn(line),
    );
    if (!server) {
      this.missing();
      return;
    }
    this.output.info(`server: ${[server.program, ...server.args].join(" ")} (${server.origin}, ${server.version})`);
    this.client = this.made(server);
    await this.client.start();
  }

  private missing(): void {
    this.status.failed("dlint: no server");
    const message = `dlint needs a Python of version ${OLDEST_PYTHON.join(".")} or later to run its server, and found none.`;
    void vscode.window.showErrorMessage(message, "Open Settings", "Show Output").then((answer) => {
      if (answer === "Open Settings") {
        void vscode.commands.executeCommand("workbench.action.openSettings", "dlint.interpreter");
      } else if (answer) {
        this.output.show();
      }
    });
  }

  private async wanted(): Promise<Wanted> {
    const trusted = vscode.workspace.isTrusted;
    const settings = vscode.workspace.getConfiguration("dlint");
    const list = (name: string) => pathList(settings.get(name), settings.inspect(name), trusted);
    return {
      trusted,
      paths: list("path"),
      interpreters: list("interpreter"),
      strategy: settings.get("importStrategy") === "useBundled" ? "useBundled" : "fromEnvironment",
      selected: trusted ? await selectedPython((line) => this.output.warn(line)) : undefined,
      folders: (vscode.workspace.workspaceFolders ?? []).map((each) => each.uri.fsPath),
      bundled: this.context.asAbsolutePath("bundled/server.py"),
    };
  }

  private made(server: Server): LanguageClient {
    // a program of the workspace must not be found before the one that is meant
    const folder = vscode.workspace.isTrusted ? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath : undefined;
    const executable = { command: server.program, args: [...server.args], options: { cwd: folder ?? homedir() } };
    const client = new LanguageClient("dlint", "dlint", executable, this.options());
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Stopped && this.client === client) {
        this.status.failed("dlint: the server has stopped");
      } else if (newState === State.Running) {
        this.status.running(server, vscode.workspace.isTrusted);
      }
    });
    return client;
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: SELECTOR,
      outputChannel: this.output,
      traceOutputChannel: this.trace,
      initializationOptions: this.settings(),
      middleware: {
        workspace: {
          configuration: (params) =>
            params.items.map((item) => this.settings(item.scopeUri ? vscode.Uri.parse(item.scopeUri) : undefined)),
          // the server asks for what holds in each folder
          didChangeConfiguration: async () =>
            this.client?.sendNotification(DidChangeConfigurationNotification.type, { settings: null }),
        },
        window: {
          showDocument: async (params, next) =>
            this.explanations.quiet ? { success: true } : ((await next(params, NEVER)) as ShowDocumentResult),
        },
        executeCommand: (command, args, next) =>
          command === "dlint.explain" ? this.explain(String(args[0])) : next(command, args),
      },
    };
  }

  /** What the server is told of the settings for `scope`. */
  private settings(scope?: vscode.Uri): Record<string, unknown> {
    const trusted = vscode.workspace.isTrusted;
    const manifest = this.context.extension.packageJSON as Manifest;
    const restricted = new Set(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations);
    const settings = vscode.workspace.getConfiguration("dlint", scope ?? null);
    const list = Object.keys(manifest.contributes.configuration.properties).map((full): Setting => {
      const name = full.slice("dlint.".length);
      const set = isSet(settings.inspect(name), trusted || !restricted.has(full));
      return { name, set, value: settings.get(name) };
    });
    return serverSettings(list, trusted);
  }
}

interface Manifest {
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: { configuration: { properties: Record<string, unknown> } };
}

const NEVER = new vscode.CancellationTokenSource().token;

function world(folder: string): World {
  return {
    platform: process.platform,
    env: process.env,
    isFile: (file) =>
      stat(file).then(
        (found) => found.isFile(),
        () => false,
      ),
    run: (program, args) =>
      new Promise((resolve, reject) => {
        const options = { cwd: folder, timeout: PATIENCE, windowsHide: true };
        execFile(program, [...args], options, (error, stdout, stderr) =>
          error ? reject(new Error(lastLine(stderr) || error.message)) : resolve(stdout),
        );
      }),
  };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
