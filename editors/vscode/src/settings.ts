/** From VS Code's settings to those of the server. */

/** One setting: where it was set, if anywhere, and what holds. */
export interface Setting {
  name: string;
  set: boolean;
  value: unknown;
}

/** Settings that only the extension wants to know. */
const OWN = new Set(["path", "interpreter", "importStrategy", "trace.server"]);

/**
 * The settings for the server, as it wants them nested. What nobody set is left out: a default would win over what a
 * configuration file says.
 */
export function serverSettings(settings: readonly Setting[], trusted: boolean): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const { name, set, value } of settings) {
    if (!set || OWN.has(name) || value === null || value === undefined) {
      continue;
    }
    const parts = name.split(".");
    let table = found;
    for (const part of parts.slice(0, -1)) {
      table = (table[part] ??= {}) as Record<string, unknown>;
    }
    table[parts[parts.length - 1] as string] = value;
  }
  return { ...found, workspaceTrusted: trusted };
}

/** What `inspect` says of where a setting was set. */
interface Places {
  globalValue?: unknown;
  workspaceValue?: unknown;
  workspaceFolderValue?: unknown;
  globalLanguageValue?: unknown;
  workspaceLanguageValue?: unknown;
  workspaceFolderLanguageValue?: unknown;
}

/** Whether anybody set it; the workspace's own values count only where they may. */
export function isSet(places: Places | undefined, countsWorkspace: boolean): boolean {
  const user = [places?.globalValue, places?.globalLanguageValue];
  const workspace = [
    places?.workspaceValue,
    places?.workspaceFolderValue,
    places?.workspaceLanguageValue,
    places?.workspaceFolderLanguageValue,
  ];
  return [...user, ...(countsWorkspace ? workspace : [])].some((value) => value !== undefined);
}

/** A list of paths as it holds: without trust, that of the user settings. Anything else than texts is left out. */
export function pathList(value: unknown, places: Places | undefined, trusted: boolean): string[] {
  const found = trusted ? value : places?.globalValue;
  const list = typeof found === "string" ? [found] : Array.isArray(found) ? found : [];
  return list.filter((each): each is string => typeof each === "string" && each !== "");
}
