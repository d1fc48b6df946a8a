// What the copy's simple rules say of a loan, a return or a renewal. Pure: a book, what is known, a day in; words out.
// The server decides in the end; what is said here is provisional.
const BARRED = ["REFERENCE_ONLY", "IN_PROCESS", "DAMAGED", "WITHDRAWN"];
const DAY = 86_400_000;

export const today = (now = Date.now()) => new Date(now + 7 * 3_600_000).toISOString().slice(0, 10); // Vietnam
export const plus = (day, days) => new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

const DEFAULTS = {
  lendable: true, in_library_only: false, loan_days: 14, fixed_due: null, fixed_due_how: "NOT_AFTER",
  closed_day: "NEXT_OPEN", max_loans: 5, renewals: 1, renewal_days: 14, renewal_from: "DUE", overdue_blocks_after_days: 1,
};

export const rulesFor = (book, category, type) => book.rules[`${category}|${type}`] || DEFAULTS;

export function dueDay(rules, closed, from, days) {
  if (rules.in_library_only) return from;
  let due = plus(from, days);
  if (rules.fixed_due) {
    if (rules.fixed_due_how === "NOT_BEFORE") due = rules.fixed_due > due ? rules.fixed_due : due;
    else if (rules.fixed_due >= from && (rules.fixed_due_how === "EXACT" || due > rules.fixed_due)) due = rules.fixed_due;
  }
  if (rules.closed_day === "KEEP") return due;
  const step = rules.closed_day === "PREVIOUS_OPEN" ? -1 : 1;
  let open = due;
  while (closed.has(open) && open > from) open = plus(open, step);
  return open > from ? open : due;
}

// -> { problems: [[text name, values]], due, unknown: [text name] }
export function checkout(book, { reader, copy, lentTo }, day) {
  const problems = [];
  const unknown = [...(reader ? [] : ["unknownReader"]), ...(copy ? [] : ["unknownTitle"])];
  const rules = rulesFor(book, reader?.category || "", copy?.type || "");
  if (reader) problems.push(...standing(rules, reader, day));
  if (copy) problems.push(...stateOf(copy, lentTo));
  if (reader && copy && !rules.lendable) problems.push(["notLendable", {}]);
  return { problems, unknown, due: dueDay(rules, book.closed, day, rules.loan_days), inLibrary: rules.in_library_only };
}

function standing(rules, reader, day) {
  const found = [];
  if (reader.status !== "ACTIVE") found.push([`card${reader.status}`, { number: reader.replacedBy }]);
  if (reader.expires && reader.expires < day) found.push(["cardExpired", { day: reader.expires }]);
  for (const block of reader.blocks) found.push([block === "GUARDIAN_MISSING" ? "guardian" : "blocked", {}]);
  if (reader.loans >= rules.max_loans) found.push(["tooMany", { most: rules.max_loans, have: reader.loans }]);
  const after = rules.overdue_blocks_after_days;
  if (after && reader.oldestDue && plus(reader.oldestDue, after) <= day) found.push(["overdue", { day: reader.oldestDue }]);
  return found;
}

function stateOf(copy, lentTo) {
  if (lentTo) return [["alreadyNoted", {}]];
  if (copy.status === "ON_LOAN" || copy.status === "CLAIMED") return [["onLoan", {}]];
  if (copy.status === "ON_HOLD_SHELF") return [["kept", {}]];
  return BARRED.includes(copy.status) ? [["barred", {}]] : [];
}

export function renewal(book, copy, day) {
  if (!copy) return { problems: [], unknown: ["unknownTitle"], due: "" };
  if (copy.status !== "ON_LOAN") return { problems: [["notOnLoan", {}]], unknown: [], due: "" };
  const rules = rulesFor(book, copy.category, copy.type);
  const from = rules.renewal_from === "DUE" && copy.due ? copy.due : day;
  const due = dueDay(rules, book.closed, from, rules.renewal_days);
  const problems = [];
  if (copy.renewals >= rules.renewals) problems.push(["tooManyRenewals", { most: rules.renewals }]);
  else if (copy.due && due <= copy.due) problems.push(["nothingGained", { day: copy.due }]);
  return { problems, unknown: [], due };
}
