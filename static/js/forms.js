// Forms: sent once, asked about when grave, typed text never lost, offline entries kept. Works on any <form method="post">.
import { word } from "./words.js";

const PREFIX = "draft:";
const WEEK = 7 * 24 * 3600 * 1000;
const now = () => new Date().toTimeString().slice(0, 5);

// --- sending --------------------------------------------------------------------------------------------------------------
export async function onSubmit(event) {
  const form = event.target;
  if (form.method === "dialog" || form.method === "get" || event.defaultPrevented) return;
  const submitter = event.submitter;
  const question = submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !form.dataset.sure) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const { ask } = await import("./dialogs.js");
    if (!(await ask(question, submitter?.textContent.trim(), submitter?.classList.contains("btn-danger")))) return;
    form.dataset.sure = "1";
    form.requestSubmit(submitter);
    delete form.dataset.sure;
    return;
  }
  if (form.dataset.busy && !("many" in form.dataset)) return event.preventDefault();
  giveKey(form);
  if (form.hasAttribute("data-offline") && !navigator.onLine) {
    event.preventDefault();
    return import("./outbox.js").then((m) => m.keep(form));
  }
  if (form.dataset.inDialog) {
    event.preventDefault();
    return inDialog(form, submitter);
  }
  if (form.hasAttribute("hx-post")) return;
  busy(form, submitter, true);
  // A file download or a page restored from the cache must find the form usable again.
  setTimeout(() => busy(form, submitter, false), 8000);
}

async function inDialog(form, submitter) {
  busy(form, submitter, true);
  try {
    const { sendInDialog } = await import("./dialogs.js");
    await sendInDialog(form, submitter);
  } catch {
    const { toast } = await import("./words.js");
    if (form.hasAttribute("data-offline")) return (await import("./outbox.js")).keep(form);
    toast(word("failed"), "error");
  } finally {
    busy(form, submitter, false);
  }
}

function busy(form, submitter, on) {
  if (on) form.dataset.busy = "1"; else delete form.dataset.busy;
  submitter?.setAttribute("aria-busy", on);
}

addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-busy]").forEach((form) => busy(form, form.querySelector("[aria-busy=true]"), false));
});

// The same key goes with every repeat of the same content, so the server makes one record.
function giveKey(form) {
  if ("many" in form.dataset || !form.querySelector("[name=csrfmiddlewaretoken]")) return;
  let field = form.querySelector("[name=idempotency_key]");
  if (!field) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name: "idempotency_key" });
    form.append(field);
  }
  const content = JSON.stringify([...new FormData(form)].filter(([name]) => name !== "idempotency_key" && name !== "csrfmiddlewaretoken").map(([name, value]) => [name, value.name ?? value]));
  if (form.sentContent !== content || !field.value) {
    form.sentContent = content;
    field.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  }
}

// --- drafts ---------------------------------------------------------------------------------------------------------------
// data-draft="key": text typed here survives an ended session, a conflict, a crash. Dropped after a success.
function draftKey(form) {
  return `${PREFIX}${document.body.dataset.user}:${form.dataset.draft}`;
}

// Kept are the fields touched, with what the page said (the hidden version and initial values) when they were: a row
// that somebody else changes meanwhile is then noticed when the restored draft is sent.
const typed = (form) => [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type));
const memory = (form) => [...form.elements].filter((field) => field.type === "hidden" && (field.name === "version" || field.name.startsWith("initial-")));
const isChoice = (field) => field.type === "radio" || field.type === "checkbox";

function touched(form, name) {
  if (form.querySelector("[aria-invalid=true], .form-errors")) return true; // given back by the server: its defaults are what was typed
  return typed(form).some((field) => field.name === name && (isChoice(field) ? field.checked !== field.defaultChecked
    : field.options ? [...field.options].some((option) => option.selected !== option.defaultSelected) : field.value !== field.defaultValue));
}

function saveDraft(form) {
  const values = {};
  for (const name of new Set(typed(form).map((field) => field.name))) {
    if (touched(form, name)) values[name] = typed(form).filter((field) => field.name === name && (!isChoice(field) || field.checked)).map((field) => field.value);
  }
  const seen = memory(form).map((field) => [field.name, field.value]);
  localStorage.setItem(draftKey(form), JSON.stringify({ at: Date.now(), values, seen }));
  note(form, word("draft", now()));
}

function restoreDraft(form) {
  let draft;
  try { draft = JSON.parse(localStorage.getItem(draftKey(form))); } catch { /* damaged: forget it */ }
  if (!draft || Date.now() - draft.at > WEEK) return localStorage.removeItem(draftKey(form));
  if (form.querySelector("[aria-invalid=true], .form-errors")) return; // the server gave back what was typed
  for (const field of typed(form)) {
    const given = draft.values[field.name];
    if (!given) continue;
    if (isChoice(field)) field.checked = given.includes(field.value);
    else field.value = Array.isArray(given) ? given[0] ?? "" : given;
  }
  const seen = [...(draft.seen ?? [])];
  for (const field of memory(form)) {
    const at = seen.findIndex(([name]) => name === field.name);
    if (at >= 0) field.value = seen.splice(at, 1)[0][1];
  }
  form.dispatchEvent(new Event("draft:restored", { bubbles: true }));
  const at = new Date(draft.at);
  note(form, word("restored", `${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")} ${at.toTimeString().slice(0, 5)}`), true);
}

function note(form, text, discard) {
  const host = form.querySelector("[data-draft-note]");
  if (!host) return;
  host.textContent = text;
  if (!discard) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small btn-plain", textContent: word("discard") });
  button.addEventListener("click", () => { clearDraft(form); form.reset(); host.textContent = ""; });
  host.append(" ", button);
}

export function clearDraft(form) {
  if (form.dataset.draft) localStorage.removeItem(draftKey(form));
}

// A draft is dropped only when the server has answered with another page: the next page says which draft is done.
addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-draft][data-busy]")) sessionStorage.setItem("sent-draft", JSON.stringify([draftKey(form), location.pathname]));
});

function settleDraft() {
  const [key, path] = JSON.parse(sessionStorage.getItem("sent-draft") || "[]");
  if (!key) return;
  sessionStorage.removeItem("sent-draft");
  const refused = location.pathname === path || location.pathname.startsWith("/accounts/login") || document.querySelector("[data-refusal]");
  if (!refused) localStorage.removeItem(key);
}

// --- arriving -------------------------------------------------------------------------------------------------------------
let settled = false;
export function prepareForms(part) {
  if (!settled) { settled = true; settleDraft(); }
  for (const form of part.querySelectorAll("form[data-draft]:not([data-ready])")) {
    form.dataset.ready = "1";
    restoreDraft(form);
    let timer;
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => saveDraft(form), 600); });
  }
  for (const field of part.querySelectorAll("[data-date-chips]:not([data-ready])")) dateChips(field);
}

// Date chips: choosing one fills the date field; the save button may name the date (data-names-date).
function dateChips(group) {
  group.dataset.ready = "1";
  const date = document.getElementById(group.dataset.dateChips) ?? group.parentElement.querySelector("input[type=date]");
  const form = group.closest("form");
  if (!date) return;
  const button = form.querySelector("[data-names-date]");
  const plain = button?.textContent;
  const sync = () => {
    for (const chip of group.querySelectorAll("[data-date]")) chip.setAttribute("aria-pressed", chip.dataset.date === date.value);
    if (button) button.textContent = date.value ? button.dataset.namesDate.replace("%s", date.value.slice(5)) : plain;
  };
  group.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-date]");
    if (chip) { date.value = chip.dataset.date === date.value ? "" : chip.dataset.date; date.dispatchEvent(new Event("input", { bubbles: true })); sync(); }
    if (event.target.closest("[data-pick]")) { date.hidden = false; date.classList.remove("sr"); date.showPicker?.(); }
  });
  date.addEventListener("change", sync);
  form.addEventListener("draft:restored", sync);
  sync();
}
