// The records opened last on this device, by address only: names are asked of the server, which shows what one may see.
const KEY = "opened";
const MOST = 12;

export function openedLast() {
  try { return JSON.parse(localStorage.getItem(KEY)) ?? []; } catch { return []; }
}

export function remember(path) {
  if (!/^\/[\w-]+\/[\w-]+\/\d+\/$/.test(path)) return;
  localStorage.setItem(KEY, JSON.stringify([path, ...openedLast().filter((one) => one !== path)].slice(0, MOST)));
}

export const forget = () => localStorage.removeItem(KEY);
