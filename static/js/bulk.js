// Rows picked in a list: how many, a whole page at a touch, a run of rows with Shift; the form itself works without this.
export function start(bar) {
  const count = bar.querySelector(".bulk-count");
  const boxes = () => [...document.querySelectorAll('#rows input[name="ids"]')];
  let last = null;
  const say = () => {
    const picked = boxes().filter((box) => box.checked);
    count.textContent = `${count.dataset.words} ${picked.length}`;
    const head = document.querySelector("[data-pick-all]");
    if (head) { head.checked = picked.length > 0 && picked.length === boxes().length; head.indeterminate = picked.length > 0 && !head.checked; }
    for (const box of boxes()) box.closest("tr")?.classList.toggle("is-picked", box.checked);
  };
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!box.matches?.('#rows input[name="ids"]')) return;
    const all = boxes(), at = all.indexOf(box);
    if (event.shiftKey && last !== null && last < all.length) for (let i = Math.min(at, last); i <= Math.max(at, last); i += 1) all[i].checked = box.checked;
    last = at;
    say();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-pick-all]")) boxes().forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches?.("[data-pick-all], #rows input[name=ids]")) say();
  });
  document.addEventListener("htmx:after:swap", say);
  bar.addEventListener("reset", () => { boxes().forEach((box) => { box.checked = false; }); setTimeout(say); });
  bar.addEventListener("submit", () => { bar.elements.query.value = location.search.slice(1); });
  say();
}
