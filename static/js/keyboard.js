// Keys: j/k/Enter/E/P/X in lists, / to search the list, Ctrl-K everywhere, [ folds, ? helps, and data-key on any control.
import { openDialog } from "./dialogs.js";

const typing = (element) => element.closest?.("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-rows] > [data-href], [data-rows] > [data-row], tr[data-href]")].filter((row) => row.offsetParent);

// Every key of a page arrives here through app.js, which loads this module with the first one.
export function press(event) {
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && key === "k") {
    return import("./palette.js").then((m) => m.open());
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = event.target.closest("form");
    if (form) { event.preventDefault(); form.requestSubmit(form.querySelector(".btn-primary:not([type=button])")); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (handle(event.key, event)) event.preventDefault();
}

function handle(key, event) {
  const lower = key.toLowerCase();
  if (key === "?") return openDialog(document.getElementById("keys")), true;
  if (key === "/") return focus("[data-list-search]");
  if (lower === "j" || key === "ArrowDown" && selected()) return move(1);
  if (lower === "k" || key === "ArrowUp" && selected()) return move(-1);
  const row = selected();
  if (row && key === "Enter" && !event.target.closest("a, button, summary")) return openRow(row);
  const pick = lower === "x" && row?.querySelector("input[type=checkbox]");
  if (pick) return pick.click(), true;
  const inRow = row?.querySelector(`[data-act="${CSS.escape(lower)}"]`);
  if (inRow) return inRow.click(), true;
  const control = [...document.querySelectorAll(`[data-key="${CSS.escape(lower)}"]`)].find((element) => element.offsetParent);
  if (control) return control.click(), true;
  return false;
}

const selected = () => document.querySelector("[data-href][aria-selected=true], [data-row][aria-selected=true]");

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const index = all.indexOf(selected());
  const next = all[Math.min(Math.max(index + step, 0), all.length - 1)];
  for (const row of all) row.setAttribute("aria-selected", row === next);
  next.setAttribute("tabindex", "-1");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  next.dispatchEvent(new CustomEvent("row:selected", { bubbles: true }));
  return true;
}

function openRow(row) {
  const act = row.querySelector("[data-act=open], [data-act=enter]");
  if (act) act.click(); else if (row.dataset.href) location.assign(row.dataset.href);
  return true;
}

function focus(selector) {
  const field = document.querySelector(selector);
  field?.focus();
  field?.select?.();
  return Boolean(field);
}
