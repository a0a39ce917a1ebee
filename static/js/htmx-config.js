// How htmx behaves here: CSRF header, which answers are shown, what an error says and how it is tried again.
// Answers 409 and 422 are swapped in: see the meta tag "htmx-config" in shell_base.html.

import { word } from "./words.js";

const READING = ["get", "head", "options"];

function csrfToken() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return cookie ? decodeURIComponent(cookie.slice("csrftoken=".length))
    : document.querySelector('meta[name="csrf-token"]')?.content;
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (READING.includes(detail.verb)) return;
  detail.headers["X-CSRFToken"] = csrfToken();
  // A page from before the last log-in holds an old token in its forms, which would count before the header.
  if (detail.parameters.csrfmiddlewaretoken) detail.parameters.csrfmiddlewaretoken = csrfToken();
});

// A boosted link replaces the body's content but not its attributes: another shell, another language or an
// error page of another shell is loaded as a page of its own.
function isOtherShell(html) {
  const found = /<body[^>]*data-shell="([^"]*)"/.exec(html);
  return !found || found[1] !== document.body.dataset.shell;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  if (!detail.boosted) return;
  const isPage = detail.xhr.status < 400 || detail.xhr.status === 404 || detail.xhr.status === 403;
  if (!isPage) return;
  if (isOtherShell(detail.serverResponse)) {
    if (detail.xhr.status >= 400 && detail.requestConfig.verb !== "get") return;
    detail.shouldSwap = false;
    detail.isError = false;
    window.location.assign(detail.xhr.responseURL);
  } else if (detail.requestConfig.verb === "get") {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

// --- errors ---

function explain(xhr) {
  const page = new DOMParser().parseFromString(xhr?.responseText ?? "", "text/html");
  const said = page.querySelector("[data-alert]")?.textContent.trim();
  if (said) return said;
  if (xhr?.status === 401) return word("ended");
  if (xhr?.status === 403) return word("refused");
  if (xhr?.status === 404) return word("missing");
  const code = xhr?.getResponseHeader("X-Request-Id");
  return code ? `${word("failed")} ${word("reference", { code })}` : word("failed");
}

function sendAgain(config) {
  const { verb, path, elt, target } = config;
  if (elt?.isConnected && elt.tagName === "FORM") elt.requestSubmit();
  else window.htmx.ajax(verb.toUpperCase(), path, { source: elt?.isConnected ? elt : document.body, target });
}

function showAlert(text, config) {
  const region = document.getElementById("alerts");
  if (!region) return;
  const note = document.createElement("div");
  note.className = "note crit";
  const words = document.createElement("div");
  words.textContent = text;
  note.append(words);
  if (config) {
    const retry = document.createElement("button");
    retry.className = "btn sm";
    retry.type = "button";
    retry.textContent = word("retry");
    retry.dataset.retry = "";
    retry.addEventListener("click", () => { note.remove(); sendAgain(config); });
    note.append(retry);
  }
  region.replaceChildren(note);
}

// What asks by itself every so often (data-poll) neither reports a refusal nor clears what somebody has to read.
const isPoll = (detail) => detail.elt.matches("[data-poll]");

// What the page keeps by itself, such as a draft, does not take away the way to repeat what the reader did.
const isOwnDeed = ({ requestConfig }) => ["submit", "click"].includes(requestConfig?.triggeringEvent?.type);
const maySay = (detail) => isOwnDeed(detail) || !document.querySelector("#alerts [data-retry]");

document.addEventListener("htmx:responseError", ({ detail }) => {
  if (isPoll(detail) || !maySay(detail)) return;
  const canRetry = detail.xhr.status >= 500 || detail.xhr.status === 401;
  showAlert(explain(detail.xhr), canRetry ? detail.requestConfig : null);
});

function sayOffline({ detail }) {
  if (!maySay(detail)) return;
  showAlert(word("offline"), isPoll(detail) ? null : detail.requestConfig);
}

document.addEventListener("htmx:sendError", sayOffline);
document.addEventListener("htmx:timeout", sayOffline);

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isPoll(event.detail)) {
    if (document.hidden) event.preventDefault(); // a page that nobody looks at asks for nothing
  } else if (maySay(event.detail)) document.getElementById("alerts")?.replaceChildren();
});
