// Dialogs: any page with a form can open over the present one; its refusals are shown inside, its success refreshes the page.
import { clearDraft, prepareForms } from "./forms.js";
import { toast, word } from "./words.js";

export function openDialog(dialog, opener) {
  if (!dialog || dialog.open) return;
  dialog.opener = opener ?? document.activeElement;
  dialog.showModal();
}

export function closeDialog(dialog) {
  dialog?.close();
  dialog?.opener?.focus?.();
}

// A question before something that cannot be undone; resolves to true or false.
export function ask(question, label, danger) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("h2").textContent = question || word("sure");
  const yes = dialog.querySelector("[value=yes]");
  yes.textContent = label || word("confirm");
  yes.classList.toggle("btn-danger", Boolean(danger));
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

// <a data-dialog[="panel"]>: the target page's form, shown over this page. Without script it is an ordinary link.
export async function openLink(link) {
  const dialog = document.getElementById("dialog");
  dialog.classList.toggle("dialog-panel", link.dataset.dialog === "panel");
  dialog.dataset.done = link.dataset.done || "reload";
  title(dialog, link.dataset.title || link.getAttribute("aria-label") || link.textContent.trim());
  body(dialog).innerHTML = '<span class="skeleton"></span><span class="skeleton"></span><span class="skeleton"></span>';
  openDialog(dialog, link);
  if ("withQuery" in link.dataset) link.search = `?query=${encodeURIComponent(location.search.slice(1))}`; // filters change without a new page
  try {
    const answer = await fetch(link.href, { headers: { "X-Dialog": "1" } });
    if (answer.redirected && !new URL(answer.url).pathname.startsWith(new URL(link.href).pathname)) return location.assign(answer.url);
    await show(dialog, await answer.text(), answer);
  } catch {
    location.assign(link.href); // the service worker may still have the page
  }
}

const body = (dialog) => dialog.querySelector(".dialog-body");
const title = (dialog, text) => { dialog.querySelector("h2").textContent = text; };

// The part may need the sheet of its own page.
async function dress(page) {
  const missing = [...page.querySelectorAll("head link[rel=stylesheet]")].filter((link) => !document.querySelector(`link[href="${CSS.escape(link.getAttribute("href"))}"]`) && !link.media);
  await Promise.all(missing.map((link) => new Promise((done) => {
    const own = Object.assign(document.createElement("link"), { rel: "stylesheet", href: link.getAttribute("href"), onload: done, onerror: done });
    document.head.append(own);
  })));
}

async function show(dialog, html, answer) {
  const page = new DOMParser().parseFromString(html, "text/html");
  await dress(page);
  const part = page.querySelector("[data-dialog-content]") ?? page.querySelector("main .page");
  if (!part) return refuse(page, answer);
  const heading = page.querySelector("main h1");
  if (heading) title(dialog, heading.textContent.trim());
  const host = body(dialog);
  host.replaceChildren(...document.adoptNode(part).childNodes);
  const sub = page.querySelector(".page-head .page-sub");
  if (sub) { sub.className = "dialog-sub"; host.prepend(document.adoptNode(sub)); }
  host.scrollTop = 0;
  for (const form of host.querySelectorAll("form[method=post]")) {
    form.action = form.getAttribute("action") || answer.url;
    // htmx attributes serve the page itself; inside a dialog we send.
    for (const name of ["hx-post", "hx-target", "hx-swap", "hx-select"]) form.removeAttribute(name);
    form.dataset.inDialog = "1";
  }
  prepareForms(host);
  window.htmx?.process(host);
  document.dispatchEvent(new CustomEvent("part:ready", { detail: host }));
  if (host.querySelector("[data-drop]")) import("./drop.js").then((m) => m.prepare(host));
  const first = host.querySelector("[aria-invalid=true], [autofocus]") ?? host.querySelector("textarea, input:not([type=hidden], [type=radio], [type=checkbox]), select") ?? host.querySelector(".btn-primary");
  if (first && !matchMedia("(max-width: 760px)").matches) first.focus();
}

function refuse(page, answer) {
  const sentence = page.querySelector("[data-sentence]")?.textContent.trim();
  toast(sentence || word("failed"), "error");
  if (answer.ok) location.assign(answer.url);
}

// Sends a form that lives in the dialog; called by forms.js after its own guards.
export async function sendInDialog(form, submitter) {
  const dialog = form.closest("dialog");
  const data = new FormData(form, submitter);
  const headers = { "X-Dialog": "1" };
  const done = dialog.dataset.done;
  const plain = form.enctype !== "multipart/form-data";
  const answer = await fetch(form.action, { method: "POST", body: plain ? new URLSearchParams(data) : data, headers, redirect: done === "follow" ? "follow" : "manual" });
  if (answer.type === "opaqueredirect" || answer.redirected || answer.status === 204) {
    clearDraft(form);
    dialog.close();
    if (answer.redirected) return location.assign(answer.url);
    return location.reload();
  }
  const html = await answer.text();
  if (answer.status === 401) return location.reload();
  if (answer.status === 409 && html.includes("form-errors")) return show(dialog, html, answer); // a form to decide on
  if ([403, 404, 409, 413, 428, 429].includes(answer.status) || answer.status >= 500) {
    return refuse(new DOMParser().parseFromString(html, "text/html"), answer);
  }
  return show(dialog, html, answer);
}
