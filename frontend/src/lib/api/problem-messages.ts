import { ConnectionError, ProblemError } from './problem';

export interface Explanation {
  title: string;
  detail: string;
  requestId?: string;
}

type Sentence = { title: string; detail: string };
type Sentences = Record<string, Sentence | ((problem: ProblemError['problem']) => Sentence)>;

const sentences: Sentences = {
  EMAIL_TAKEN: {
    title: 'This e-mail address is taken',
    detail: 'There is an account with this address already. Sign in instead.',
  },
  INVALID_CREDENTIALS: {
    title: 'Could not sign you in',
    detail: 'E-mail address and password do not match.',
  },
  REFRESH_INVALID: { title: 'You were signed out', detail: 'Please sign in again.' },
  UNAUTHORIZED: { title: 'You are not signed in', detail: 'Please sign in and try again.' },
  FORBIDDEN: { title: 'Not allowed', detail: 'Your account may not do this.' },
  SHOW_NOT_FOUND: { title: 'Show not found', detail: 'It may have been removed.' },
  CAPACITY_BELOW_BOOKED: {
    title: 'Too few slots',
    detail: 'More slots than that are held or confirmed already. Choose a higher total.',
  },
  START_IN_PAST: {
    title: 'This show has bookings',
    detail: 'It cannot be moved into the past. Choose a later start, or cancel the show.',
  },
  SHOW_HAS_BOOKINGS: {
    title: 'This show has bookings',
    detail: 'A show that was ever booked cannot be deleted. Cancel it instead.',
  },
  SOLD_OUT: (problem) => soldOut(problem),
  LIMIT_PER_USER: (problem) => limitPerUser(problem),
  TOO_MANY_HELD: (problem) => tooManyHeld(problem),
  REHOLD_TOO_SOON: (problem) => reholdTooSoon(problem),
  NOT_OPEN_YET: {
    title: 'Booking has not opened yet',
    detail: 'Wait for the countdown to end and try again.',
  },
  SHOW_CLOSED: {
    title: 'Booking has closed',
    detail: 'This show has started, was cancelled, or its sale has ended.',
  },
  BOOKING_NOT_FOUND: {
    title: 'Booking not found',
    detail: 'It does not exist, or it belongs to another account.',
  },
  HOLD_EXPIRED: {
    title: 'Your hold ran out',
    detail: 'The slots went back before the booking was confirmed. You can try to hold them again.',
  },
  BOOKING_CANCELLED: {
    title: 'This booking was cancelled',
    detail: 'A cancelled booking cannot be changed any more.',
  },
  CANCEL_CLOSED: {
    title: 'Too late to cancel',
    detail: 'The time until which this booking could be cancelled or reduced has passed.',
  },
  PRECONDITION_FAILED: {
    title: 'Somebody else changed this show meanwhile',
    detail: 'Your changes were not saved. Load the newest version and make them again.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    title: 'Could not repeat this booking',
    detail: 'It differs from the one tried before. Start again from the show.',
  },
  RATE_LIMITED: (problem) => rateLimited(problem),
  OVERLOADED: {
    title: 'Very many people are booking right now',
    detail: 'Nothing was booked. Please try again in a few seconds.',
  },
  UNAVAILABLE: {
    title: 'Not available at the moment',
    detail: 'Nothing was changed. Please try again in a few seconds.',
  },
  OUTCOME_UNKNOWN: {
    title: 'We could not learn the outcome',
    detail: 'It may have worked. Trying again is safe: nothing is ever booked twice.',
  },
};

/** By status, where the code is none of the above. */
const byStatus: Record<number, Sentence> = {
  400: { title: 'Please check your entries', detail: 'Something in them is not valid.' },
  401: sentences.UNAUTHORIZED as Sentence,
  403: sentences.FORBIDDEN as Sentence,
  412: sentences.PRECONDITION_FAILED as Sentence,
  422: { title: 'Please check your entries', detail: 'They cannot be used like this.' },
  429: rateLimited({}),
  502: sentences.UNAVAILABLE as Sentence,
  504: sentences.OUTCOME_UNKNOWN as Sentence,
};

/** Explains an error in plain words; unknown codes keep the problem's own title and detail. */
export function explain(error: unknown): Explanation {
  if (error instanceof ProblemError) {
    const { problem } = error;
    const known = sentences[problem.code] ?? byStatus[problem.status];
    const sentence = typeof known === 'function' ? known(problem) : known;
    return {
      title: sentence?.title ?? problem.title,
      detail: firstFieldError(problem) ?? sentence?.detail ?? problem.detail ?? '',
      // Support needs it after a failure, not after a refusal.
      ...(problem.requestId && problem.status >= 500 ? { requestId: problem.requestId } : {}),
    };
  }
  if (error instanceof ConnectionError) {
    return {
      title: 'No connection',
      detail: 'The server could not be reached. Check your connection and try again.',
    };
  }
  return { title: 'Something went wrong', detail: 'Please try again, or reload the page.' };
}

function soldOut({ availableSlots: free = 0, heldSlots = 0 }: ProblemError['problem']): Sentence {
  if (free > 0) {
    return {
      title: 'Not enough slots are left',
      detail: `Only ${free} ${free === 1 ? 'is' : 'are'} still free. Choose fewer.`,
    };
  }
  if (heldSlots > 0) {
    return {
      title: 'All slots are held right now',
      detail: 'Some may come back within minutes, when a hold runs out. Watch the counter.',
    };
  }
  return { title: 'Sold out', detail: 'Somebody was faster: no slot is left.' };
}

function rateLimited({ retryAfter }: { retryAfter?: number }): Sentence {
  const title = 'Too many tries';
  if (retryAfter === undefined) {
    return { title, detail: 'Please wait a moment before trying again.' };
  }
  const [count, unit] =
    retryAfter < 60 ? [retryAfter, 'second'] : [Math.ceil(retryAfter / 60), 'minute'];
  const wait = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return { title, detail: `Please wait ${wait} before trying again.` };
}

function limitPerUser({ maxSlotsPerUser, bookedSlots }: ProblemError['problem']): Sentence {
  const title = 'Limit per person reached';
  if (typeof maxSlotsPerUser !== 'number') {
    return { title, detail: 'With your other bookings this would be more than one may have here.' };
  }
  const have = typeof bookedSlots === 'number' ? ` You hold or have booked ${bookedSlots}.` : '';
  return { title, detail: `One person may have at most ${maxSlotsPerUser} here.${have}` };
}

function tooManyHeld({ held, limit }: ProblemError['problem']): Sentence {
  const title = 'You hold too many slots';
  const next = 'Confirm or cancel what you hold under My bookings, then hold more.';
  if (typeof held !== 'number' || typeof limit !== 'number') return { title, detail: next };
  return {
    title,
    detail: `One account may hold ${limit} at a time, and yours holds ${held}. ${next}`,
  };
}

function reholdTooSoon({ retryAt }: ProblemError['problem']): Sentence {
  const at = typeof retryAt === 'string' ? new Date(retryAt) : null;
  const when =
    at && !Number.isNaN(at.getTime())
      ? `after ${at.toLocaleTimeString(undefined, { timeStyle: 'medium' })}`
      : 'in a minute or two';
  return {
    title: 'Others go first for a moment',
    detail:
      'Few slots are left, and slots that you held have gone back. ' +
      `You can hold some again ${when}.`,
  };
}

function firstFieldError(problem: ProblemError['problem']): string | undefined {
  const first = problem.errors?.[0];
  return first && `${first.path}: ${first.message}`;
}
