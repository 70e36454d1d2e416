/** The item in the status bar's language menu. */

import * as vscode from "vscode";

import type { Server } from "./locate";

export class Status implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;

  constructor(selector: vscode.DocumentSelector) {
    this.item = vscode.languages.createLanguageStatusItem("dlint", selector);
    this.item.name = "dlint";
    this.item.command = { command: "dlint.showOutput", title: "Show Output" };
  }

  starting(): void {
    this.set("dlint", "starting", vscode.LanguageStatusSeverity.Information);
    this.item.busy = true;
  }

  running(server: Server, trusted: boolean): void {
    const limited = trusted ? "" : "; the workspace is not trusted: bundled or user's server only, no ShellCheck";
    const severity = trusted ? vscode.LanguageStatusSeverity.Information : vscode.LanguageStatusSeverity.Warning;
    this.set(`dlint ${server.version}`, `${server.origin}${limited}`, severity);
  }

  failed(text: string): void {
    this.set(text, "", vscode.LanguageStatusSeverity.Error);
  }

  dispose(): void {
    this.item.dispose();
  }

  private set(text: string, detail: string, severity: vscode.LanguageStatusSeverity): void {
    this.item.busy = false;
    this.item.text = text;
    this.item.detail = detail;
    this.item.severity = severity;
  }
}
