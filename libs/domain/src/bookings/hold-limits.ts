/** Limits of the slots that an account holds without buying. */
export interface HoldLimits {
  /** Most slots that one account holds at once, confirmed ones not counted. */
  readonly maxHeldSlots: number;
}

/** How an account gave back slots of a show that it had only held. */
export interface GivenBack {
  /** Holds that lapsed. */
  readonly lapsed: number;
  /** Holds that it cancelled or reduced. */
  readonly returned: number;
  /** The last time of either. */
  readonly lastAt: Date;
}

/** The share of a hold's length that the first wait takes. Each give-back more doubles it, up to all of it. */
const FIRST_WAIT = 1 / 4;

/** So many make the longest wait, one of them being free: older ones change nothing. */
export const MOST_GIVEN_BACK = 4;

/** Under 10 % of its slots are free. */
export function isShort(freeSlots: number, totalSlots: number): boolean {
  return freeSlots * 10 < totalSlots;
}

/**
 * From when on the account may hold slots of the show again while it is short; null: at any time.
 * Every hold that lapsed counts, and of those that were given back in time all but one.
 *
 * @param holdMs the length of the show's holds. Milliseconds
 */
export function reholdAt({ lapsed, returned, lastAt }: GivenBack, holdMs: number): Date | null {
  const counted = lapsed + Math.max(0, returned - 1);
  if (counted === 0) return null;
  const share = Math.min(1, FIRST_WAIT * 2 ** (counted - 1));
  return new Date(lastAt.getTime() + share * holdMs);
}
