// The offline queue: forms marked data-offline are kept on the device and sent exactly once when the network is back.
// Each entry carries the Idempotency-Key it was made with, so a repeat after a lost answer makes no second record.
import { clearDraft } from "./forms.js";
import { toast, word } from "./words.js";

const owner = () => document.body.dataset.user;

function store(mode, work) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("impeller", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("outbox", { keyPath: "key" });
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const transaction = request.result.transaction("outbox", mode);
      const done = work(transaction.objectStore("outbox"));
      transaction.oncomplete = () => { request.result.close(); resolve(done?.result); };
      transaction.onerror = () => reject(transaction.error);
    };
  });
}

const all = async () => (await store("readonly", (box) => box.getAll())).filter((entry) => entry.owner === owner());

export async function keep(form) {
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const key = fields.find(([name]) => name === "idempotency_key")?.[1] ?? crypto.randomUUID();
  await store("readwrite", (box) => box.put({ key, owner: owner(), url: form.action, fields, at: Date.now() }));
  clearDraft(form);
  form.closest("dialog")?.close();
  if (!form.closest("dialog")) form.reset();
  toast(word("queued"), "success");
  start();
  count();
}

let sending = false;
export async function send() {
  if (sending || !navigator.onLine) return;
  sending = true;
  let sent = 0;
  try {
    const entries = await all();
    if (!entries.length) return;
    const token = await freshToken();
    if (!token) return; // signed out: the entries wait for their owner
    for (const entry of entries) {
      const data = new FormData();
      for (const [name, value] of entry.fields) data.append(name, value);
      data.append("csrfmiddlewaretoken", token);
      const headers = { "Idempotency-Key": entry.key, "X-CSRFToken": token };
      const answer = await fetch(entry.url, { method: "POST", body: data, headers, redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.ok) {
        await store("readwrite", (box) => box.delete(entry.key));
        sent += 1;
      } else if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
        await store("readwrite", (box) => box.put({ ...entry, refused: answer.status }));
        toast(word("refused"), "error");
      }
    }
  } catch { /* the network went away again: the rest stays */ } finally {
    sending = false;
    if (sent) toast(word("sent", sent), "success");
    count();
  }
}

// A page kept open for days, or one from the device's cache, has an old token: ask for a new one.
async function freshToken() {
  const answer = await fetch("/", { redirect: "manual", cache: "no-store" });
  if (!answer.ok) return "";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

async function count() {
  const entries = await all();
  if (entries.length) localStorage.setItem("outbox", "1"); else localStorage.removeItem("outbox");
  document.documentElement.toggleAttribute("data-offline", entries.length > 0 || !navigator.onLine);
  for (const place of document.querySelectorAll("[data-outbox-count]")) place.textContent = entries.length || "";
  const list = document.querySelector("[data-outbox-list]");
  if (list) list.replaceChildren(...entries.map((entry) => {
    const line = document.createElement("li");
    const text = entry.fields.filter(([name, value]) => name !== "idempotency_key" && typeof value === "string" && value.length > 3).map(([, value]) => value).join(" · ");
    line.textContent = `${new Date(entry.at).toLocaleString()} ${text}`;
    return line;
  }));
}

let started = false;
export function start() {
  if (started || !("indexedDB" in window)) return;
  started = true;
  addEventListener("online", () => { toast(word("online"), "success"); send(); });
  count().then(send);
}

export function gone() {
  start();
  toast(word("offline"), "warning");
  count();
}
