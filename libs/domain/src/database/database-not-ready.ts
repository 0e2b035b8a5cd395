/** The database is missing or not as a process needs it; the message says what to do. */
export class DatabaseNotReadyError extends Error {}
