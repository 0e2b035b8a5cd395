/** Only what is certainly wrong: the server has the last word. */
export function checkEmail(value: string): string | null {
  return /^\S+@\S+$/.test(value.trim()) ? null : 'Enter an e-mail address';
}
