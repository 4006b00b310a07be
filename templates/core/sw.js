// Keeps the frame on the device: pages come from the network first, from the last good copy without it, else the offline page.
const FILES = [{% for file in files %}"{{ file|escapejs }}",{% endfor %} "/offline/"];
const SHELL = "shell-{{ files|join:''|length }}-" + FILES.join("").split("").reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);
const PAGES = "pages";
const KEPT_PAGES = 30;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => Promise.allSettled(FILES.map((file) => cache.add(file)))).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== SHELL && name !== PAGES).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => { if (event.data === "forget") event.waitUntil(caches.delete(PAGES)); });

self.addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) return event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  // Sign-in begins a new person: nothing of the last one stays on the device.
  if (url.pathname.startsWith("/accounts/login")) event.waitUntil(caches.delete(PAGES));
  if (request.mode === "navigate" || request.headers.get("X-Dialog")) event.respondWith(page(request));
});

async function page(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && keep(request)) {
      const copy = answer.clone();
      caches.open(PAGES).then(async (cache) => {
        await cache.put(request.url, copy);
        const keys = await cache.keys();
        for (const old of keys.slice(0, Math.max(0, keys.length - KEPT_PAGES))) cache.delete(old);
      });
    }
    return answer;
  } catch {
    return (await caches.match(request.url)) ?? (await caches.match("/offline/")) ?? Response.error();
  }
}

// Only what a person on the road needs: the start page, customers and the log form. Never files, exports or administration.
function keep(request) {
  const path = new URL(request.url).pathname;
  return path === "/" || /^\/crm\/(customers\/(\d+\/)?|activities\/.*)$/.test(path);
}
