import type { Condition } from "./conditions.ts";
import { MINUTE_MS } from "../lib/durations.ts";

/** Ways out. Wire values. */
export const CHANNELS = ["telegram", "webhook"] as const;
export type Channel = (typeof CHANNELS)[number];

/** A trouble from when it was first seen until its end was told. */
export type AlertState = {
  condition: Condition;
  /** When it was first seen, or began where that is known. */
  sinceMs: number;
  seenFirstMs: number;
  /** Null until it held for long enough. */
  raisedAtMs: number | null;
  /** Since when it is not seen any more. */
  goneSinceMs: number | null;
  clearedAtMs: number | null;
  /** Who was told of it, and who of its end. */
  raiseTold: Channel[];
  clearTold: Channel[];
};

/** What one channel has still to be told. */
export type News = { state: AlertState; what: "raised" | "cleared" };

/** Looks come every five minutes or so: one that comes a little early counts. */
const TOLERANCE_MS = 30_000;
/** Nothing has ended before it was absent for so long: twice in a row. */
const CLEAR_HOLD_MS = 5 * MINUTE_MS;

/**
 * The states after a look at what is wrong. The same look twice leaves the same. What comes back after its end was
 * decided is a trouble of its own: it waits for nobody who has not been told of that end. Pure.
 */
export function afterLook(
  known: readonly AlertState[],
  conditions: readonly Condition[],
  nowMs: number,
): AlertState[] {
  const seen = new Map(conditions.map((condition) => [condition.key, condition] as const));
  const going = known.flatMap((state) => {
    if (state.clearedAtMs !== null) return [state];
    const condition = seen.get(state.condition.key);
    return condition ? [present(state, condition, nowMs)] : absent(state, nowMs);
  });
  const keys = new Set(going.filter(({ clearedAtMs }) => clearedAtMs === null).map(keyOf));
  const fresh = conditions.filter(({ key }) => !keys.has(key));
  return [
    ...lastEnds(going),
    ...fresh.map((condition) => present(firstSeen(condition, nowMs), condition, nowMs)),
  ];
}

/** Whoever missed several ends of one trouble is told of the last: what waits to be told does not grow. */
function lastEnds(states: readonly AlertState[]): AlertState[] {
  const ended = states.filter(({ clearedAtMs }) => clearedAtMs !== null);
  const last = new Map(ended.map((state) => [keyOf(state), state] as const));
  return states.filter((state) => state.clearedAtMs === null || last.get(keyOf(state)) === state);
}

function keyOf({ condition }: AlertState): string {
  return condition.key;
}

/** Whether both are of one trouble, from its beginning to its end. */
export function isSame(one: AlertState, other: AlertState): boolean {
  return keyOf(one) === keyOf(other) && one.seenFirstMs === other.seenFirstMs;
}

/** Without those of which there is nothing more to tell. */
export function open(states: readonly AlertState[], channels: readonly Channel[]): AlertState[] {
  return states.filter(
    (state) => state.clearedAtMs === null || channels.some((channel) => newsOf(state, channel)),
  );
}

/**
 * What a channel has still to be told of it. One that could not be told of a trouble before it ended is told of the end
 * alone, which says how long it lasted.
 */
export function newsOf(state: AlertState, channel: Channel): News | undefined {
  if (state.clearedAtMs !== null) {
    return state.clearTold.includes(channel) ? undefined : { state, what: "cleared" };
  }
  if (state.raisedAtMs === null || state.raiseTold.includes(channel)) return undefined;
  return { state, what: "raised" };
}

/** The states after a channel was told these news. */
export function withTold(
  states: readonly AlertState[],
  delivered: readonly News[],
  channel: Channel,
): AlertState[] {
  return states.map((state) => {
    const news = delivered.find((one) => isSame(one.state, state));
    if (!news) return state;
    return news.what === "raised"
      ? { ...state, raiseTold: [...state.raiseTold, channel] }
      : { ...state, clearTold: [...state.clearTold, channel] };
  });
}

export function isActive({ raisedAtMs, clearedAtMs }: AlertState): boolean {
  return raisedAtMs !== null && clearedAtMs === null;
}

function firstSeen(condition: Condition, nowMs: number): AlertState {
  return {
    condition,
    sinceMs: condition.sinceMs ?? nowMs,
    seenFirstMs: nowMs,
    raisedAtMs: null,
    goneSinceMs: null,
    clearedAtMs: null,
    raiseTold: [],
    clearTold: [],
  };
}

function present(state: AlertState, condition: Condition, nowMs: number): AlertState {
  const holds = nowMs - state.seenFirstMs >= condition.holdMs - TOLERANCE_MS;
  return {
    ...state,
    condition,
    goneSinceMs: null,
    raisedAtMs: state.raisedAtMs ?? (holds ? nowMs : null),
  };
}

/** What nobody was to be told of is forgotten at once. */
function absent(state: AlertState, nowMs: number): AlertState[] {
  if (state.raisedAtMs === null) return [];
  const goneSinceMs = state.goneSinceMs ?? nowMs;
  const isOver = nowMs - goneSinceMs >= CLEAR_HOLD_MS - TOLERANCE_MS;
  return [{ ...state, goneSinceMs, clearedAtMs: isOver ? nowMs : null }];
}
