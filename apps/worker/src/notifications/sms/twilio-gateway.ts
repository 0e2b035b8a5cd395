import { SendFailure } from '../send-failure.js';
import type { SmsGateway } from './sms-gateway.js';

/** Well below the time for which a message is claimed. */
const TIMEOUT_MS = 15_000;

/** Refusals that are not about the message: wrong credentials, too many requests, a slow client. */
const NOT_ABOUT_THE_MESSAGE = new Set([401, 408, 429]);

interface TwilioAnswer {
  sid?: unknown;
  /** Twilio's own number for an error. */
  code?: unknown;
  message?: unknown;
}

/** Twilio's HTTP interface, or another service that speaks it. */
export class TwilioGateway implements SmsGateway {
  private readonly address: URL;
  private readonly authorization: string;

  /**
   * @param url `https://<account sid>:<token>@api.twilio.com`
   * @param from the sender: a number in E.164 form or a name that the gateway knows
   */
  constructor(
    url: string,
    private readonly from: string,
  ) {
    const { username, password, origin, pathname } = new URL(url);
    const account = decodeURIComponent(username);
    const base = origin + pathname.replace(/\/+$/, '');
    this.address = new URL(`${base}/2010-04-01/Accounts/${username}/Messages.json`);
    const credentials = `${account}:${decodeURIComponent(password)}`;
    this.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }

  async send(to: string, text: string): Promise<string | null> {
    const { status, answer } = await this.post({ To: to, From: this.from, Body: text });
    if (status >= 200 && status < 300) return typeof answer.sid === 'string' ? answer.sid : null;
    const isRefused = status >= 400 && status < 500 && !NOT_ABOUT_THE_MESSAGE.has(status);
    const { code, message } = answer;
    const said = ['the SMS gateway answered', status, ...(typeof code === 'number' ? [code] : [])];
    const detail = [...said, ...(typeof message === 'string' ? [message] : [])].join(' ');
    throw new SendFailure(said.join(' '), isRefused ? 'refused' : 'away', { detail });
  }

  private async post(
    fields: Record<string, string>,
  ): Promise<{ status: number; answer: TwilioAnswer }> {
    try {
      const response = await fetch(this.address, {
        method: 'POST',
        headers: { authorization: this.authorization, accept: 'application/json' },
        body: new URLSearchParams(fields),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: 'error',
      });
      const answer = (await response.json().catch(() => ({}))) as TwilioAnswer;
      return { status: response.status, answer };
    } catch (cause) {
      throw new SendFailure('the SMS gateway cannot be reached', 'away', { cause });
    }
  }
}
