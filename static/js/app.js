// Entry: what every page needs. Dialogs, keys, search, charts and the offline queue are loaded at their first use.
import { onSubmit, prepareForms } from "./forms.js";
import { fade, openedLast, toast, word } from "./words.js";

const root = document.documentElement;
const dialogs = () => import("./dialogs.js");
const fold = matchMedia("(max-width: 760px)");

// --- clicks -------------------------------------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  if (event.defaultPrevented) return;
  let element;
  if ((element = at("[data-dismiss]"))) return element.closest(".toast, .note, .chip")?.remove();
  if (at("[data-back]")) return history.length > 1 ? history.back() : location.assign("/");
  if (at("[data-reload]")) return location.reload();
  if (at("[data-fold]")) return foldNavigation();
  if (at("[data-help]")) return dialogs().then((m) => m.openDialog(document.getElementById("keys")));
  if ((element = at("[data-open]"))) return dialogs().then((m) => m.openDialog(document.getElementById(element.dataset.open), element));
  if ((element = at("[data-close]"))) return dialogs().then((m) => m.closeDialog(element.closest("dialog")));
  if ((element = at("[data-palette]"))) { event.preventDefault(); return import("./palette.js").then((m) => m.open()); }
  if ((element = at("[data-copy]"))) return navigator.clipboard?.writeText(element.dataset.copy).then(() => toast(word("copied"), "success"));
  if ((element = at("[data-print]"))) return window.print();
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if ((element = at("a[data-of-list]"))) element.search = filtersFor(element.dataset.ofList);
  if ((element = at("a[data-dialog]"))) { event.preventDefault(); return dialogs().then((m) => m.openLink(element)); }
  // A click anywhere in a row opens it; controls inside keep their own meaning.
  if ((element = at("[data-href]")) && !at("a, button, input, label, select, summary") && !String(getSelection())) location.assign(element.dataset.href);
});

// The filters of a list change without a new page: a link that takes them along reads them when it is followed.
function filtersFor(resource) {
  const query = new URLSearchParams(location.search);
  query.delete("cursor");
  query.set("resource", resource);
  return `?${query}`;
}

// What is typed into the field of the top bar goes on in the search that is everywhere.
const toPalette = async (event) => {
  const field = event.target;
  if (!field.matches?.("[data-palette-field]") || event.isComposing) return;
  const palette = await import("./palette.js");
  const typed = field.value;
  field.value = "";
  if (typed) palette.open(typed);
};
document.addEventListener("input", toPalette);
document.addEventListener("compositionend", toPalette);

// A click on the backdrop closes; what was typed stays in its draft.
document.addEventListener("mousedown", (event) => {
  if (event.target.matches?.("dialog.dialog[open]")) {
    const box = event.target.getBoundingClientRect();
    const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
    if (outside) dialogs().then((m) => m.closeDialog(event.target));
  }
});

function foldNavigation() {
  const folded = root.dataset.nav !== "folded";
  root.dataset.nav = folded ? "folded" : "";
  document.cookie = `nav=${folded ? "folded" : "open"};path=/;max-age=31536000;samesite=lax`;
}

for (const group of document.querySelectorAll("details[data-remember]")) {
  if (localStorage[group.dataset.remember] === "closed") group.open = false;
  group.addEventListener("toggle", () => { localStorage[group.dataset.remember] = group.open ? "open" : "closed"; });
}

// --- forms --------------------------------------------------------------------------------------------------------------
document.addEventListener("submit", onSubmit);
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form && !form.hasAttribute("hx-get")) form.requestSubmit();
});

// --- htmx ---------------------------------------------------------------------------------------------------------------
document.addEventListener("htmx:config:request", (event) => {
  const request = event.detail.ctx.request;
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (token) request.headers["X-CSRFToken"] = token;
  // Filters left empty stay out of the address.
  if (event.target.matches?.("[data-filter]")) for (const [name, value] of [...request.body]) if (!value) request.body.delete(name, value);
});
document.addEventListener("htmx:response:error", (event) => {
  const { status, headers } = event.detail.ctx.response;
  if (status === 401) return location.reload();
  if (![400, 409, 422].includes(status) && !headers.get("HX-Trigger")) toast(word("failed"), "error");
});
document.addEventListener("htmx:error", () => toast(word(navigator.onLine ? "failed" : "offline"), "error"));
document.addEventListener("htmx:after:swap", () => prepare(document));
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.tone));

// --- every page, and every part that arrives later ----------------------------------------------------------------------
export function prepare(part) {
  prepareForms(part);
  if (part.querySelector("[data-chart]")) import("./charts.js").then((m) => m.draw(part));
  if (part.querySelector("form[data-offline]")) import("./outbox.js").then((m) => m.start()); // here before the network goes
  if (part.querySelector("[data-drop]")) import("./drop.js").then((m) => m.prepare(part));
  for (const field of part.querySelectorAll("input[data-find]:not([data-ready])")) {
    field.dataset.ready = "1";
    import("./find.js").then((m) => m.start(field));
  }
  for (const element of part.querySelectorAll("[data-module]")) {
    const module = element.dataset.module;
    element.removeAttribute("data-module");
    import(module).then((m) => m.start(element));
  }
}

prepare(document);
document.addEventListener("part:ready", (event) => prepare(event.detail));
// Once the module is there its promise settles before the key's own effect, so it can still prevent that.
let keys;
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") event.preventDefault();
  keys ??= import("./keyboard.js");
  keys.then((module) => module.press(event));
});
document.querySelectorAll("#toasts .toast").forEach(fade);
document.querySelector("main [aria-invalid=true]")?.focus();
for (const kept of JSON.parse(sessionStorage.getItem("toasts") || "[]")) toast(kept.text, kept.tone);
sessionStorage.removeItem("toasts");
if (fold.matches) document.querySelector(".tabs [aria-current], .stage-now")?.scrollIntoView({ block: "nearest", inline: "center" });

// What was opened stands first in the search, kept by address only; who signs out leaves nothing behind.
const here = location.pathname;
if (!document.body.dataset.user) localStorage.removeItem("opened");
else if (/^\/[\w-]+\/[\w-]+\/\d+\/$/.test(here)) {
  localStorage.setItem("opened", JSON.stringify([here, ...openedLast().filter((one) => one !== here)].slice(0, 12)));
}

// Entries kept offline are sent as soon as a page sees the network; the frame itself is kept only on phones and tablets.
const outbox = () => import("./outbox.js");
if (document.body.dataset.user) {
  if (localStorage.getItem("outbox") || !navigator.onLine) outbox().then((m) => m.start());
  addEventListener("offline", () => outbox().then((m) => m.gone(), () => toast(word("offline"), "warning")));
  if ("serviceWorker" in navigator && matchMedia("(pointer: coarse), (display-mode: standalone)").matches) {
    addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));
  }
}
