/** White space and invisible characters. */
const UNSEEN = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}]/gu;

/**
 * A password as it is compared with others, never as it is hashed: `Ｐassword 1234` is as easy to
 * guess as `password1234`.
 */
export function foldPassword(password: string): string {
  return password.normalize('NFKC').toLowerCase().normalize('NFKC').replace(UNSEEN, '');
}
