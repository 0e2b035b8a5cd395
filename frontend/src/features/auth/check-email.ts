/** Rejects what is certainly invalid; the server validates the rest. */
export function checkEmail(value: string): string | null {
  return /^\S+@\S+$/.test(value.trim()) ? null : 'Enter an e-mail address';
}
