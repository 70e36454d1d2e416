import assert from "node:assert/strict";
import test from "node:test";

import { isSet, pathList, serverSettings } from "../src/settings";

test("what nobody set and what only the extension wants is not sent", () => {
  const settings = [
    { name: "lint.profile", set: false, value: "default" },
    { name: "lint.ignore", set: true, value: ["DL3007"] },
    { name: "lint.severity", set: true, value: null },
    { name: "codeAction.disableRuleComment.enable", set: true, value: false },
    { name: "path", set: true, value: ["/opt/dlint"] },
    { name: "trace.server", set: true, value: "verbose" },
  ];
  assert.deepEqual(serverSettings(settings, true), {
    lint: { ignore: ["DL3007"] },
    codeAction: { disableRuleComment: { enable: false } },
    workspaceTrusted: true,
  });
});

test("the server is told that the workspace is not trusted, whatever is set", () => {
  assert.deepEqual(serverSettings([{ name: "workspaceTrusted", set: true, value: true }], false), {
    workspaceTrusted: false,
  });
});

test("without trust only the user's paths count", () => {
  const places = { globalValue: ["/opt/dlint", 7, ""], workspaceValue: ["/work/evil"] };
  assert.deepEqual(pathList(["/work/evil"], places, true), ["/work/evil"]);
  assert.deepEqual(pathList(["/work/evil"], places, false), ["/opt/dlint"]);
  assert.deepEqual(pathList(["/work/evil"], { workspaceValue: ["/work/evil"] }, false), []);
  assert.deepEqual(pathList("/opt/dlint", undefined, true), ["/opt/dlint"]);
});

test("a setting of the workspace counts as set only where it may", () => {
  assert(isSet({ workspaceFolderValue: false }, true));
  assert(!isSet({ workspaceFolderValue: false }, false));
  assert(isSet({ globalLanguageValue: "" }, false));
  assert(!isSet(undefined, true));
});
