// The few sentences scripts say, given by the page in the reader's language; and the toast that says them.
let words = null;

export function word(name, value) {
  words ??= JSON.parse(document.getElementById("words")?.textContent || "{}");
  return (words[name] ?? name).replace("%s", value ?? "");
}

// tone: success, info, warning, error (or danger). Errors stay until dismissed.
export function toast(text, tone = "info") {
  const host = document.getElementById("toasts");
  const template = document.getElementById("toast-template");
  if (!host || !template || !text) return;
  const item = template.content.firstElementChild.cloneNode(true);
  item.className = `toast toast-${tone === "danger" ? "error" : tone}`;
  item.querySelector("span").textContent = text;
  host.append(item);
  fade(item);
}

export function fade(item) {
  if (!item.classList.contains("toast-error")) setTimeout(() => item.remove(), item.classList.contains("toast-warning") ? 10000 : 6000);
}

// The addresses of the records opened last on this device; their names are asked of the server.
export function openedLast() {
  try { return JSON.parse(localStorage.getItem("opened")) ?? []; } catch { return []; }
}
