/** JSON as it is sent, and its validator. */
export interface WrittenText {
  readonly bytes: Buffer;
  readonly etag: string;
}
