import { describe, expect, it } from '@jest/globals';
import { readCommonPasswords } from './common-passwords.js';
import { foldPassword } from './fold-password.js';
import { normalisePassword, refusePassword } from './password-rules.js';

const EMAIL = 'Kim.Lee@müller.example';

describe('the rules for a new password', () => {
  it('know thousands of common ones, in the form in which they are compared', () => {
    const common = [...readCommonPasswords()];
    expect(common.length).toBeGreaterThan(10_000);
    expect(common.filter((each) => foldPassword(each) !== each || [...each].length < 10)).toEqual(
      [],
    );
  });

  it.each([
    ['common', '1234567890'],
    ['common', 'password1234'],
    ['common', 'qwertyuiop12'],
    ['common in capitals', 'PassWord1234'],
    ['common in full width', 'ｐａｓｓｗｏｒｄ１２３４'],
    ['common with a space', ' pass word 1234 '],
    ['common with a zero-width space', 'password\u200b1234'],
    ['common, with a decomposed letter', 'contrasen\u0303a'],
    ['one character repeated', 'aaaaaaaaaaaa'],
    ['one character repeated', 'aAaAaAaAaAaA'],
    ['one character repeated', '💃💃💃💃💃💃💃💃💃💃'],
    ['one character repeated, with spaces', 'a a a a a a a a'],
    ['white space', '          '],
    ['white space', '\t\u00a0\u2003\u3000 \u200b\u2028\ufeff\u00a0\u00a0'],
    ['the address', 'kim.lee@müller.example'],
    ['the address', 'KIM.LEE@MU\u0308LLER.EXAMPLE'],
    ['the address', 'kim.lee@xn--mller-kva.example'],
    ['the address and little else', 'kim.lee@müller.example!1'],
    ['the local part twice', 'kim.leekim.lee'],
    ['the name in the address, repeated', 'KimLeeKimLee1'],
    ['the domain', 'müller.example'],
    ['words of the product', 'ModexBooking'],
    ['words of the product and little else', 'modex-tickets-1'],
    ['too short', 'short'],
    ['too short once it is composed', 'e\u0301a\u0300o\u0302'.repeat(3)],
    ['too long', 'ab'.repeat(101)],
    ['half a character', 'long enough\ud800'],
  ])('refuse %s: %j', (_, password) => {
    expect(refusePassword(password, EMAIL)).not.toBeNull();
  });

  it.each([
    'correct horse battery',
    'modex-admin-demo',
    'modex-customer-demo',
    'e\u0301à'.repeat(5),
    'किताबें और चाय',
    '💃🕺💃🕺💃🕺💃🕺💃🕺',
    'ab'.repeat(100),
    'kimono leek soup',
  ])('take %j', (password) => {
    expect(refusePassword(password, 'admin@modex.test')).toBeNull();
    expect(refusePassword(password, EMAIL)).toBeNull();
  });

  it('hash one spelling of a password, whichever was typed', () => {
    expect(normalisePassword('cafe\u0301 au lait 12')).toBe('café au lait 12');
  });
});
