// File fields one can drop files onto; the keyboard way is the field itself. Shows what was chosen and, while sending, how far.
import { toast, word } from "./words.js";

const size = (bytes) => (bytes > 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} kB`);

export function prepare(part) {
  for (const drop of part.querySelectorAll("[data-drop]:not([data-ready])")) {
    drop.dataset.ready = "1";
    const field = drop.querySelector("input[type=file]");
    const list = drop.querySelector(".drop-files");
    const say = () => {
      list.replaceChildren(...[...field.files].map((file) => Object.assign(document.createElement("span"), { textContent: `${file.name} · ${size(file.size)}` })));
      if (field.files.length && "dropSends" in drop.dataset) field.form.requestSubmit();
    };
    field.addEventListener("change", say);
    for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("is-over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      const all = [...event.dataTransfer.files];
      const kept = new DataTransfer();
      for (const file of field.multiple ? all : all.slice(0, 1)) kept.items.add(file);
      field.files = kept.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    if (field.form?.hasAttribute("data-upload")) field.form.addEventListener("submit", (event) => upload(event, field.form, drop));
  }
}

// data-upload on the form: sends with a progress bar, then goes where the server says.
function upload(event, form, drop) {
  event.preventDefault();
  const bar = Object.assign(document.createElement("progress"), { className: "meter meter-thick", max: 100, value: 0 });
  drop.append(bar);
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (progress) => { if (progress.lengthComputable) bar.value = (100 * progress.loaded) / progress.total; });
  request.addEventListener("load", () => {
    if (request.responseURL && request.responseURL !== form.action && request.status < 400) return location.assign(request.responseURL);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const part = page.querySelector("main .page") ?? page.querySelector("main");
    document.querySelector("main .page")?.replaceChildren(...document.adoptNode(part).childNodes);
    document.dispatchEvent(new CustomEvent("htmx:after:swap"));
  });
  request.addEventListener("error", () => { bar.remove(); delete form.dataset.busy; toast(word("failed"), "error"); });
  request.open("POST", form.action);
  request.send(new FormData(form));
}
