// A text in which @ names colleagues: while a name is typed, those it may mean are offered below.
export function start(text) {
  const list = Object.assign(document.createElement("div"), { className: "find-list", hidden: true });
  list.setAttribute("role", "listbox");
  const host = Object.assign(document.createElement("div"), { className: "find grow" });
  text.before(host);
  host.append(text, list);

  let timer, asked = 0;
  const typed = () => text.value.slice(0, text.selectionStart).match(/@([^\s@]{0,20})$/);
  const hide = () => { asked += 1; list.hidden = true; };
  const take = (button) => {
    const begun = typed();
    if (begun) text.setRangeText(`@${button.dataset.name} `, begun.index, text.selectionStart, "end");
    hide();
    text.focus();
    text.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const find = async () => {
    const begun = typed();
    if (!begun) return hide();
    const mine = ++asked;
    const answer = await fetch(`${text.dataset.people}?search=${encodeURIComponent(begun[1])}`);
    if (mine !== asked || !answer.ok) return;
    list.innerHTML = await answer.text();
    list.hidden = !list.childElementCount;
  };
  text.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(find, 150);
  });
  text.addEventListener("compositionend", find);
  text.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const all = [...list.querySelectorAll("button")];
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); return hide(); }
    if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") { event.preventDefault(); return take(all[Math.max(at, 0)]); }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const next = all[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), all.length - 1)];
    all.forEach((one) => one.setAttribute("aria-selected", one === next));
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // keep the text focused until the click
  list.addEventListener("click", (event) => { const button = event.target.closest("button"); if (button) take(button); });
  text.addEventListener("blur", hide);
}
