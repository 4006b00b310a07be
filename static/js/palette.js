// The search that is everywhere (Ctrl-K): asks while typing, newest answer wins, arrows choose, Enter opens.
import { openDialog } from "./dialogs.js";
import { openedLast, toast, word } from "./words.js";

const dialog = document.getElementById("palette");
const input = document.getElementById("palette-input");
const results = document.getElementById("palette-results");
const WAIT = 140;
let timer, controller;

export function open(typed = "") {
  openDialog(dialog);
  if (typed) return take(typed);
  input.select();
  if (!results.childElementCount) look();
}

// Keys struck while the search opens are kept in their order.
function take(typed) {
  input.value = typed;
  input.focus();
  input.setSelectionRange(typed.length, typed.length);
  look();
}

async function look() {
  controller?.abort();
  controller = new AbortController();
  try {
    const typed = input.value.trim();
    const opened = typed ? "" : `&opened=${encodeURIComponent(openedLast().join(","))}`;
    const url = `${input.dataset.url}?q=${encodeURIComponent(typed)}&live=1${opened}`;
    const answer = await fetch(url, { signal: controller.signal, headers: { "HX-Request": "true", "HX-Target": "palette-results" } });
    if (answer.status === 401 || answer.redirected) return location.reload();
    if (!answer.ok) return;
    results.innerHTML = await answer.text();
    items().forEach((item, index) => { item.id = `found-${index}`; item.setAttribute("role", "option"); item.tabIndex = -1; });
    choose(items()[0]);
  } catch (error) {
    if (error.name !== "AbortError") toast(word(navigator.onLine ? "failed" : "offline"), "error");
  }
}

const items = () => [...results.querySelectorAll("a.palette-item")];

function choose(next) {
  for (const item of items()) item.setAttribute("aria-selected", item === next);
  if (next) { input.setAttribute("aria-activedescendant", next.id); next.scrollIntoView({ block: "nearest" }); }
  else input.removeAttribute("aria-activedescendant");
}

input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, WAIT); });
input.addEventListener("keydown", (event) => {
  const all = items();
  const index = all.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(all[(index + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
  }
  if (event.key === "Enter") {
    event.preventDefault();
    const target = all[index] ?? all[0];
    if (target) location.assign(target.href);
    else location.assign(`${input.dataset.url}?q=${encodeURIComponent(input.value.trim())}`);
  }
});
