import { describe, expect, it } from '@jest/globals';
import { urlProblem } from './service-url.js';

const DATABASE = ['postgres', 'postgresql'];
const SECRET = 'p@ss/word#1';

describe('the URL of a service', () => {
  it.each([
    ['postgres://modex:secret@localhost:5432/modex', DATABASE],
    ['postgresql://modex@db.example.com/modex?sslmode=require', DATABASE],
    [`postgres://modex:${encodeURIComponent(SECRET)}@[::1]:5432/modex`, DATABASE],
    ['postgres://127.0.0.1:1/x', DATABASE],
    ['postgres://modex:a=b&c;d!$*(e)@postgres_1:5432/modex', DATABASE],
    ['redis://:secret@redis:6379/0', ['redis', 'rediss']],
    ['amqps://guest:guest@rabbit:5671/%2Fmodex', ['amqp', 'amqps']],
    ['smtp://mail:1025', ['smtp', 'smtps']],
    ['https://AC1:token@api.twilio.com', ['http', 'https']],
  ])('is accepted: %s', (url, schemes) => expect(urlProblem(url, schemes)).toBeNull());

  it.each([
    ['localhost:5432/modex', 'it has no scheme (postgres://…)'],
    ['modex:secret@localhost/modex', 'it has no scheme'],
    ['//localhost/modex', 'it has no scheme'],
    ['localhost', 'it has no scheme'],
    ['', 'it has no scheme'],
    ['mysql://root:secret@db/x', 'must be a postgres:// or postgresql:// URL'],
    ['"postgres://localhost/modex"', 'quotation mark'],
    [' postgres://localhost/modex', 'a space'],
    ['postgres:///modex', 'it names no host'],
    ['postgres://modex:secret@/modex', 'it names no host'],
    ['postgres://modex:secret@:5432/modex', 'it names no host'],
    ['postgres://localhost:port/modex', 'its host or port is none'],
    ['postgres://localhost:99999/modex', 'its host or port is none'],
    ...[SECRET, 'a@b', 'a/b', 'a#b', 'a?b', 'a%b', '100%', '@', 'a/b@c', 'a?b@c', '#', '%zz'].map(
      (password) => [
        `postgres://modex:${password}@localhost:5432/modex`,
        'have to be written %40, %2F, %3F, %23 and %25',
      ],
    ),
    ['postgres://mo#dex:secret@localhost/modex', 'have to be written'],
  ])('is refused, and nothing of it is shown: %s', (url, problem) => {
    const message = urlProblem(url, DATABASE);
    expect(message).toContain(problem);
    expect(message).not.toMatch(/secret|ss.word|localhost/);
  });
});
