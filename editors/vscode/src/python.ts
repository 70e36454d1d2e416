/** The interpreter that is selected in the Python extension, if that is installed. */

import * as vscode from "vscode";

/** What is used of the extension's interface. */
interface PythonExtension {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(
      path: unknown,
    ): Promise<{ readonly executable: { readonly uri: vscode.Uri | undefined } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

export async function selectedPython(note: (line: string) => void): Promise<string | undefined> {
  try {
    const environments = (await python())?.environments;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const active = environments?.getActiveEnvironmentPath(folder);
    return (active && (await environments?.resolveEnvironment(active)))?.executable.uri?.fsPath;
  } catch (error) {
    note(`the Python extension: ${String(error)}`);
    return undefined;
  }
}

/** Calls back when another interpreter is selected. */
export async function onSelection(callback: () => unknown): Promise<vscode.Disposable> {
  const environments = await python().then(
    (found) => found?.environments,
    () => undefined,
  );
  return environments?.onDidChangeActiveEnvironmentPath(callback) ?? { dispose: () => {} };
}

async function python(): Promise<PythonExtension | undefined> {
  return vscode.extensions.getExtension<PythonExtension>("ms-python.python")?.activate();
}
