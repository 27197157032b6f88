import type { Condition } from "./conditions.ts";

/** The ways to notify the owner. Wire values. */
const CHANNELS = ["telegram", "webhook"] as const;
export type Channel = (typeof CHANNELS)[number];

/** An alert, from the first time its condition was found until every channel was notified of its end. Stored in this shape. */
export type AlertState = {
  condition: Condition;
  /** When the condition began, or when it was first found if that is unknown. */
  sinceMs: number;
  seenFirstMs: number;
  /** Null until the condition has held for long enough. */
  raisedAtMs: number | null;
  /** When the condition was missing for the first time; null while it is found. */
  goneSinceMs: number | null;
  clearedAtMs: number | null;
  /** The channels that were notified of the alert, and of its end. */
  raiseTold: Channel[];
  clearTold: Channel[];
};

/** A change of an alert that must be delivered to one channel. */
export type AlertChange = { state: AlertState; kind: "raised" | "cleared" };

/** The job runs about every five minutes. A run that comes a little early counts as on time. */
const TOLERANCE_MS = 30_000;
/** An alert is over when its condition was missing in two runs in a row. */
const CLEAR_HOLD_MS = 5 * 60_000;

/**
 * The states after the conditions were evaluated. Pure and idempotent. A condition that returns after its alert was
 * cleared starts a new alert, also when some channel does not know yet that the earlier one is over.
 */
export function updateAlerts(
  known: readonly AlertState[],
  conditions: readonly Condition[],
  nowMs: number,
): AlertState[] {
  const found = new Map(conditions.map((condition) => [condition.key, condition] as const));
  const updated = known.flatMap((state) => {
    if (state.clearedAtMs !== null) return [state];
    const condition = found.get(state.condition.key);
    return condition ? [keepAlert(state, condition, nowMs)] : releaseAlert(state, nowMs);
  });
  const activeKeys = new Set(
    updated.filter(({ clearedAtMs }) => clearedAtMs === null).map(alertKey),
  );
  const added = conditions.filter(({ key }) => !activeKeys.has(key));
  return [
    ...withoutEarlierEnds(updated),
    ...added.map((condition) => keepAlert(newAlert(condition, nowMs), condition, nowMs)),
  ];
}

/**
 * Keeps only the last cleared alert of each condition. A channel that missed several is notified of that one, so the
 * number of states is bounded.
 */
function withoutEarlierEnds(states: readonly AlertState[]): AlertState[] {
  const cleared = states.filter(({ clearedAtMs }) => clearedAtMs !== null);
  const last = new Map(cleared.map((state) => [alertKey(state), state] as const));
  return states.filter(
    (state) => state.clearedAtMs === null || last.get(alertKey(state)) === state,
  );
}

function alertKey({ condition }: AlertState): string {
  return condition.key;
}

/** Whether both are states of one alert. The same condition may have had an earlier alert. */
export function isSameAlert(one: AlertState, other: AlertState): boolean {
  return alertKey(one) === alertKey(other) && one.seenFirstMs === other.seenFirstMs;
}

/** The alerts that are not over, and those whose end must still be delivered to a channel. */
export function openAlerts(
  states: readonly AlertState[],
  channels: readonly Channel[],
): AlertState[] {
  return states.filter(
    (state) =>
      state.clearedAtMs === null || channels.some((channel) => pendingChange(state, channel)),
  );
}

/**
 * The change that must still be delivered to a channel. A channel that was not notified before the alert was cleared
 * only gets the end, which says how long it lasted.
 */
export function pendingChange(state: AlertState, channel: Channel): AlertChange | undefined {
  if (state.clearedAtMs !== null) {
    return state.clearTold.includes(channel) ? undefined : { state, kind: "cleared" };
  }
  if (state.raisedAtMs === null || state.raiseTold.includes(channel)) return undefined;
  return { state, kind: "raised" };
}

/** The states after a channel was notified of these changes. */
export function markDelivered(
  states: readonly AlertState[],
  delivered: readonly AlertChange[],
  channel: Channel,
): AlertState[] {
  return states.map((state) => {
    const change = delivered.find((one) => isSameAlert(one.state, state));
    if (!change) return state;
    return change.kind === "raised"
      ? { ...state, raiseTold: [...state.raiseTold, channel] }
      : { ...state, clearTold: [...state.clearTold, channel] };
  });
}

export function isActive({ raisedAtMs, clearedAtMs }: AlertState): boolean {
  return raisedAtMs !== null && clearedAtMs === null;
}

function newAlert(condition: Condition, nowMs: number): AlertState {
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

/** The condition was found. Raises the alert when it has held for long enough. */
function keepAlert(state: AlertState, condition: Condition, nowMs: number): AlertState {
  const holds = nowMs - state.seenFirstMs >= condition.holdMs - TOLERANCE_MS;
  return {
    ...state,
    condition,
    goneSinceMs: null,
    raisedAtMs: state.raisedAtMs ?? (holds ? nowMs : null),
  };
}

/** The condition was not found. Clears the alert at the second time; drops one that was never raised. */
function releaseAlert(state: AlertState, nowMs: number): AlertState[] {
  if (state.raisedAtMs === null) return [];
  const goneSinceMs = state.goneSinceMs ?? nowMs;
  const isOver = nowMs - goneSinceMs >= CLEAR_HOLD_MS - TOLERANCE_MS;
  return [{ ...state, goneSinceMs, clearedAtMs: isOver ? nowMs : null }];
}
