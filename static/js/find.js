// A field that takes one customer: typing finds it, arrows and Enter choose, the field itself keeps the number.
export function start(field) {
  const search = Object.assign(document.createElement("input"), { type: "search", className: "input", autocomplete: "off", value: field.dataset.shown || "" });
  const list = Object.assign(document.createElement("div"), { className: "find-list", hidden: true });
  list.setAttribute("role", "listbox");
  search.setAttribute("role", "combobox");
  search.setAttribute("aria-expanded", "false");
  search.setAttribute("aria-label", document.querySelector(`label[for="${field.id}"]`)?.textContent.trim() || "");
  if (field.getAttribute("aria-invalid")) search.setAttribute("aria-invalid", "true");
  const host = Object.assign(document.createElement("div"), { className: "find" });
  field.hidden = true;
  field.before(host);
  host.append(search, list);

  let timer, asked = 0;
  const show = (on) => { list.hidden = !on; search.setAttribute("aria-expanded", on); };
  const choose = (button) => {
    field.value = button.dataset.id;
    search.value = button.dataset.name;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    show(false);
  };
  const find = async () => {
    const mine = ++asked;
    const answer = await fetch(`${field.dataset.find}?search=${encodeURIComponent(search.value)}&without=${field.dataset.without || ""}`);
    if (mine !== asked || !answer.ok) return;
    list.innerHTML = await answer.text();
    show(Boolean(search.value) && list.childElementCount > 0);
  };
  search.addEventListener("input", (event) => {
    event.stopPropagation();
    field.value = "";
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(find, 200);
  });
  search.addEventListener("compositionend", find);
  search.addEventListener("keydown", (event) => {
    const all = [...list.querySelectorAll("button")];
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); event.stopPropagation(); return show(false); }
    if (event.key === "Enter" && !list.hidden && all.length) { event.preventDefault(); return choose(all[Math.max(at, 0)]); }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const next = all[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), all.length - 1)];
    all.forEach((one) => one.setAttribute("aria-selected", one === next));
    next?.scrollIntoView({ block: "nearest" });
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // keep the field focused until the click
  list.addEventListener("click", (event) => { const button = event.target.closest("button"); if (button) choose(button); });
  search.addEventListener("blur", () => { show(false); if (!field.value) search.value = ""; });
}
