// The copy in memory: cards and books by their numbers, with what was noted here since the copy was made laid over it.
import { eventsAfter } from "./journal.js";
import { open } from "./sealing.js";
import * as store from "./store.js";

export const norm = (number) => number.trim().replace(/\s+/g, " ").toUpperCase();
const cardKey = (number) => number.replace(/\s+/g, "").toUpperCase();

export class Book {
  constructor() {
    this.cards = new Map();
    this.copies = new Map();
    this.rules = {};
    this.categories = {};
    this.closed = new Set();
    this.noted = new Map(); // copy -> { card, due } | null (returned) | { due } (renewed)
    this.extra = new Map(); // card -> loans noted here
  }

  take(name, content) {
    const rows = JSON.parse(content);
    if (name === "rules") ({ rules: this.rules, categories: this.categories } = rows);
    else if (name === "days") this.closed = new Set(rows);
    else if (name.startsWith("cards-")) for (const row of rows) this.cards.set(cardKey(row[0]), row);
    else for (const row of rows) this.copies.set(norm(row[0]), row);
  }

  reader(number) {
    const row = this.cards.get(cardKey(number));
    if (!row) return null;
    const [card, status, replacedBy, name, category, expires, blocks, loans, oldestDue] = row;
    const have = Math.max(0, loans + (this.extra.get(cardKey(number)) || 0));
    return { card, status, replacedBy, name, category, expires, blocks, loans: have, oldestDue };
  }

  copy(number) {
    const row = this.copies.get(norm(number));
    if (!row) return null;
    const [, title, status, type, due, renewals, category] = row;
    const found = { number: row[0], title, status, type, due, renewals, category };
    const noted = this.noted.get(norm(number));
    if (noted === null) return { ...found, status: "AVAILABLE", due: "" };
    if (noted?.card !== undefined) return { ...found, status: "ON_LOAN", due: noted.due, renewals: 0, category: noted.category };
    return noted ? { ...found, due: noted.due, renewals: renewals + 1 } : found;
  }

  lentHere(number) {
    return this.noted.get(norm(number))?.card;
  }

  // Lays an event over the copy.
  note({ k, card, copy, due }) {
    const key = norm(copy);
    const before = this.noted.get(key);
    if (k === "CHECKOUT") {
      this.noted.set(key, { card, due, category: this.reader(card)?.category || "" });
      this.extra.set(cardKey(card), (this.extra.get(cardKey(card)) || 0) + 1);
    } else if (k === "CHECKIN") {
      if (before?.card !== undefined) this.extra.set(cardKey(before.card), (this.extra.get(cardKey(before.card)) || 0) - 1);
      this.noted.set(key, null);
    } else if (before?.card === undefined) this.noted.set(key, { due });
    else before.due = due;
  }
}

// The whole copy from what is kept, and what was noted since.
export async function read(session) {
  const book = new Book();
  for (const part of await store.all("parts")) book.take(part.name, await open(session.key, part.name, part));
  for (const event of await eventsAfter(session, session.device.copyAfter || 0)) book.note(event);
  return book;
}
