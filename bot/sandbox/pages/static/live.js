"use strict";
// Keeps the marked parts of a page up to date without loading the page again. The server sends the part
// as HTML with a fingerprint; pieces that carry the same key and are the same stay untouched, so that
// nothing that is being read, selected or announced is disturbed.

const PACE = 800; // milliseconds between two looks

const TOKENS = {
  "{date_num}": (at) => at.toLocaleDateString("sv"),
  "{date_short_pretty}": (at) => near(at) || TOKENS["{date_short}"](at),
  "{date_short}": (at) => at.toLocaleDateString("en", { month: "short", day: "numeric", year: "numeric" }),
  "{date_pretty}": (at) => near(at) || TOKENS["{date}"](at),
  "{date_long_pretty}": (at) => near(at) || TOKENS["{date_long}"](at),
  "{date_long}": (at) =>
    at.toLocaleDateString("en", { weekday: "long", month: "long", day: "numeric", year: "numeric" }),
  "{date}": (at) => at.toLocaleDateString("en", { month: "long", day: "numeric", year: "numeric" }),
  "{day}": (at) => near(at, "Today", "Yesterday") || at.toLocaleDateString("en", { weekday: "long", month: "long", day: "numeric" }),
  "{time_secs}": (at) => at.toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }),
  "{time}": (at) => at.toLocaleTimeString("en", { hour: "numeric", minute: "2-digit" }),
  "{ago}": (at) => at.toLocaleString("en"),
};

function near(at, today = "today", yesterday = "yesterday") {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86400000);
  return days === 0 ? today : days === 1 ? yesterday : "";
}

// Say times in the reader's zone. A day without a clock is a day everywhere.
function localise(root) {
  for (const time of root.querySelectorAll("time[data-format]")) {
    const value = time.dateTime;
    const at = new Date(value.length === 10 ? `${value}T12:00` : value);
    if (!Number.isNaN(at.getTime())) {
      time.textContent = time.dataset.format.replace(/\{[a-z_]+\}/g, (token) => TOKENS[token]?.(at) ?? token);
    }
  }
}

function renew(part, html) {
  const fresh = new DOMParser().parseFromString(`<template>${html}</template>`, "text/html").querySelector("template").content;
  localise(fresh);
  const old = new Map([...part.children].map((piece) => [piece.dataset.key, piece]));
  const pieces = [...fresh.children].map((piece) => {
    const known = old.get(piece.dataset.key);
    if (!known || known.dataset.was !== piece.outerHTML) {
      const was = piece.outerHTML;
      const adopted = document.adoptNode(piece);
      adopted.dataset.was = was;
      return adopted;
    }
    return known;
  });
  const kept = new Set(pieces);
  for (const child of [...part.children]) if (!kept.has(child)) child.remove();
  pieces.forEach((piece, index) => {
    if (part.children[index] !== piece) part.insertBefore(piece, part.children[index] ?? null);
  });
}

async function watch(part) {
  let tag = "";
  const look = async () => {
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(part.dataset.live, { headers, cache: "no-store" });
    if (answer.status !== 200) return;
    tag = answer.headers.get("ETag") ?? "";
    const html = await answer.text();
    const atEnd = part.scrollHeight - part.scrollTop - part.clientHeight < 80;
    renew(part, html);
    if ("stick" in part.dataset && atEnd) part.scrollTop = part.scrollHeight;
  };
  for (;;) {
    // A server that is gone is looked for again, and again.
    if (!document.hidden || !tag) await look().catch(() => {});
    await new Promise((done) => setTimeout(done, PACE));
  }
}

// Buttons do their work without leaving the page.
document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const body = new URLSearchParams(new FormData(form));
  fetch(form.action, { method: "POST", body, headers: { Accept: "text/plain" } }).catch(() => {});
});

// In a frame of the page of the whole sandbox, that page says what this is.
document.documentElement.classList.toggle("framed", window.top !== window);
localise(document);
document.querySelectorAll("[data-live]").forEach(watch);
