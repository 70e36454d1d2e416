/** Pages of rules, shown in the editor: nothing is fetched from anywhere. */

import * as vscode from "vscode";

const SCHEME = "dlint-rule";

/** What the server answers to `dlint.explain`. */
interface Page {
  code: string;
  markdown: string;
}

export class Explanations implements vscode.Disposable {
  /** Whether the server's wish to open a page in the browser is not followed: the page is shown here. */
  quiet = false;
  private readonly pages = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) => this.pages.get(uri.path),
  });

  async quietly<T>(action: () => Promise<T> | undefined): Promise<T | undefined> {
    this.quiet = true;
    try {
      return await action();
    } finally {
      this.quiet = false;
    }
  }

  /** Asks for a rule; those that were found in the file come first. */
  async choose(): Promise<string | undefined> {
    const picker = vscode.window.createQuickPick();
    const found = this.found();
    picker.placeholder = "The code or name of a rule, such as DL3008";
    const show = () => {
      const typed = picker.value.trim();
      picker.items = typed && !found.some((each) => each.label === typed) ? [{ label: typed }, ...found] : found;
    };
    show();
    picker.onDidChangeValue(show);
    const answer = new Promise<string | undefined>((resolve) => {
      picker.onDidAccept(() => resolve(picker.activeItems[0]?.label));
      picker.onDidHide(() => resolve(undefined));
    });
    picker.show();
    const chosen = await answer;
    picker.dispose();
    return chosen;
  }

  async show(answer: unknown): Promise<void> {
    if (isPage(answer)) {
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${answer.code}.md` });
      this.pages.set(uri.path, answer.markdown);
      await vscode.commands.executeCommand("markdown.showPreview", uri);
    }
  }

  dispose(): void {
    this.registration.dispose();
  }

  private found(): vscode.QuickPickItem[] {
    const editor = vscode.window.activeTextEditor;
    const items = new Map<string, vscode.QuickPickItem>();
    for (const each of editor ? vscode.languages.getDiagnostics(editor.document.uri) : []) {
      const code = typeof each.code === "object" ? String(each.code.value) : String(each.code);
      if (each.source === "dlint" && !items.has(code)) {
        items.set(code, { label: code, description: each.message });
      }
    }
    return [...items.values()];
  }
}

function isPage(answer: unknown): answer is Page {
  return typeof (answer as Page | undefined)?.markdown === "string";
}
