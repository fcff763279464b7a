"use strict";
// Speaks the published operations only. Nothing is kept in the browser: a reload forgets the conversation.
const chat = document.getElementById("chat");
const log = document.getElementById("log");
const status = document.getElementById("status");
const form = document.getElementById("form");
const field = document.getElementById("message");
const sendButton = form.querySelector("button[type=submit]");
const positionButton = document.getElementById("position");
const words = chat.dataset;
const answerSeconds = 20;
const listenAgainSeconds = 3;

let conversation = null;
let lastText = "";
let waiting = null;
let socket = null;
let cursor = null;
let idle = 0;

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function entry(by, text, { own = false, language = "" } = {}) {
  const item = element("li", "", own ? { class: "own" } : {});
  item.append(element("span", by, { class: "by" }), " ");
  item.append(element("span", text, language ? { lang: language } : {}));
  log.append(item);
  log.scrollTop = log.scrollHeight;
  return item;
}

// Only addresses that lead to a call, a map or a page; whatever else an answer holds stays text.
function isSafe(url) {
  return /^(tel:|geo:|https?:\/\/)/i.test(url);
}

function listOf(items, className) {
  const list = element("ul", "", { class: className });
  for (const one of items) {
    const item = document.createElement("li");
    item.append(one);
    list.append(item);
  }
  return list;
}

function choiceButton(choice) {
  const button = element("button", choice.title, { type: "button" });
  button.addEventListener("click", () => say(choice.title));
  return button;
}

function pointLink(point) {
  const { latitude, longitude } = point.position;
  const url = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return element("a", point.name, { href: url, rel: "noreferrer", target: "_blank" });
}

function showReply(reply) {
  const item = entry(words.assistant, reply.text, { language: reply.language });
  const links = reply.links.filter((link) => isSafe(link.url));
  if (links.length) item.append(listOf(links.map((link) => element("a", link.title, { href: link.url })), "links"));
  if (reply.points.length) item.append(listOf(reply.points.map(pointLink), "points"));
  if (reply.choices.length) item.append(listOf(reply.choices.map(choiceButton), "choices"));
  positionButton.hidden = !(reply.steps.includes("SHARE_POSITION") && navigator.geolocation);
}

function showLater(later) {
  cursor = later.cursor;
  if (later.kind === "AGENT") entry(words.desk, later.text);
  if (later.kind === "ANSWERED") status.textContent = words.taken;
  if (later.kind === "ENDED") status.textContent = words.ended;
}

function setBusy(isBusy) {
  sendButton.setAttribute("aria-disabled", String(isBusy));
  log.setAttribute("aria-busy", String(isBusy));
}

async function asked(input, signal) {
  const reply = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", "accept-language": document.documentElement.lang },
    body: JSON.stringify({ documentId: words.sending, variables: { input } }),
    credentials: "omit",
    signal,
  });
  const body = await reply.json();
  if (body.errors) throw new Error(body.errors[0].message);
  return body.data.sendChatMessage;
}

function inputOf(text, position) {
  const input = { text, language: document.documentElement.lang, idempotencyKey: crypto.randomUUID() };
  if (conversation) input.conversationId = conversation;
  if (position) input.position = position;
  return input;
}

// One more try under the same key: the answer may have been lost on its way only.
async function askedTwice(input, controller) {
  try {
    return await asked(input, controller.signal);
  } catch (error) {
    if (controller.signal.aborted || !(error instanceof TypeError)) throw error;
    return await asked(input, controller.signal);
  }
}

async function say(text, position = null) {
  if (waiting) return;
  const controller = new AbortController();
  const late = setTimeout(() => controller.abort(), answerSeconds * 1000);
  waiting = controller;
  lastText = text;
  if (!position) entry(words.you, text, { own: true });
  status.textContent = words.waiting;
  setBusy(true);
  try {
    const answer = await askedTwice(inputOf(text, position), controller);
    if (waiting === controller) show(answer);
  } catch {
    if (waiting === controller) unanswered(text);
  } finally {
    clearTimeout(late);
    if (waiting === controller) {
      waiting = null;
      setBusy(false);
    }
  }
}

function unanswered(text) {
  status.textContent = words.unanswered;
  if (!field.value) field.value = text;
}

function show(answer) {
  if (answer.__typename === "ChatError") {
    status.textContent = answer.message;
    return;
  }
  conversation = answer.conversation.id;
  status.textContent = "";
  answer.replies.forEach(showReply);
  if (answer.answeredBy === "PERSON") listen();
}

// graphql-transport-ws; a broken connection is taken up again after the last cursor.
function listen() {
  if (socket) return;
  const url = new URL("/graphql", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const opened = new WebSocket(url, "graphql-transport-ws");
  const listened = conversation;
  socket = opened;
  opened.onopen = () => opened.send(JSON.stringify({ type: "connection_init" }));
  opened.onmessage = ({ data }) => heard(opened, JSON.parse(data));
  opened.onclose = () => {
    if (socket !== opened) return;
    socket = null;
    setTimeout(() => conversation === listened && listen(), listenAgainSeconds * 1000);
  };
}

function heard(opened, message) {
  if (message.type === "connection_ack") {
    const payload = { documentId: words.listening, variables: { conversationId: conversation, after: cursor } };
    opened.send(JSON.stringify({ id: "1", type: "subscribe", payload }));
  } else if (message.type === "ping") {
    opened.send(JSON.stringify({ type: "pong" }));
  } else if (message.type === "next" && message.payload.data) {
    showLater(message.payload.data.chatReplies);
  }
}

function forget(reason = "") {
  if (waiting) waiting.abort();
  const open = socket;
  waiting = socket = conversation = cursor = null;
  if (open) open.close();
  lastText = "";
  log.replaceChildren();
  field.value = "";
  positionButton.hidden = true;
  status.textContent = reason;
  setBusy(false);
  field.focus();
}

function stayAwake() {
  clearTimeout(idle);
  const seconds = Number(words.idleSeconds);
  if (seconds > 0 && (conversation || log.childElementCount || field.value)) {
    idle = setTimeout(() => forget(words.forgotten), seconds * 1000);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (waiting) return;
  if (!text) {
    status.textContent = words.empty;
    field.focus();
    return;
  }
  field.value = "";
  say(text);
});
form.addEventListener("reset", (event) => {
  event.preventDefault();
  forget();
});
field.addEventListener("keydown", (event) => {
  // While a word of Chinese, Japanese or Korean is being put together, Enter chooses it.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
positionButton.addEventListener("click", () => {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => say(lastText, { latitude: coords.latitude, longitude: coords.longitude }),
    () => { status.textContent = words.unplaced; },
    { timeout: 10000 },
  );
});
for (const kind of ["keydown", "pointerdown", "input"]) document.addEventListener(kind, stayAwake);
new MutationObserver(stayAwake).observe(log, { childList: true });
