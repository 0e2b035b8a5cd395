import {
  canonicalEmail,
  DomainError,
  RefreshTokensService,
  UsersService,
  type IssuedToken,
  type User,
} from '@modex/domain';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { ACCESS_TOKEN_SECONDS, claimsOf } from '../http/access/access-tokens.js';
import type { Login, Register } from './dto/credentials.dto.js';
import { viewUser, type Session } from './dto/session.dto.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import type { Device } from './sign-in/device-cookie.js';
import { SignInThrottle } from './sign-in/sign-in-throttle.js';

export interface OpenedSession {
  session: Session;
  refreshToken: IssuedToken;
}

@Injectable()
export class AuthService {
  constructor(
    private readonly users: UsersService,
    private readonly refreshTokens: RefreshTokensService,
    private readonly passwords: PasswordHasher,
    private readonly throttle: SignInThrottle,
    private readonly jwt: JwtService,
  ) {}

  /** @throws EMAIL_TAKEN, OVERLOADED */
  async register({ email, password, name }: Register): Promise<OpenedSession> {
    const passwordHash = await this.passwords.hash(password);
    const user = await this.users.create({
      email,
      passwordHash,
      name: name ?? null,
      role: 'CUSTOMER',
    });
    return this.open(user, await this.refreshTokens.issue(user));
  }

  /**
   * @param device from the client's cookie
   * @throws INVALID_CREDENTIALS, RATE_LIMITED, OVERLOADED
   */
  async login({ email, password }: Login, device: Device | null): Promise<OpenedSession> {
    const ofAccount = this.throttle.attempt(
      `account ${canonicalEmail(email) ?? email.toLowerCase()}`,
    );
    // Before any work.
    if (!device) await ofAccount.begin();
    const user = await this.users.findByEmail(email);
    const isKnown = user !== null && device?.userId === user.id;
    const attempt = isKnown ? this.throttle.attempt(`device ${device.id}`) : ofAccount;
    const stored = user?.passwordHash ?? null;
    const verdict = await this.passwords.verify(stored, password, attempt, isKnown);
    if (!user || verdict === 'wrong') throw invalidCredentials();
    if (verdict === 'outdated') await this.renewHash(user, password);
    return this.open(user, await this.refreshTokens.issue(user));
  }

  /** @throws REFRESH_INVALID */
  async refresh(token: string | null): Promise<OpenedSession> {
    const next = token === null ? null : await this.refreshTokens.rotate(token);
    const user = next && (await this.users.findById(next.userId));
    if (!user) throw refreshInvalid();
    return this.open(user, next);
  }

  async logout(token: string | null): Promise<void> {
    if (token !== null) await this.refreshTokens.revoke(token);
  }

  private async renewHash(user: User, password: string): Promise<void> {
    try {
      const renewed = await this.passwords.hash(password);
      await this.users.renewPasswordHash(user.id, user.passwordHash, renewed);
      user.passwordHash = renewed;
    } catch (error) {
      // The next sign-in tries again.
      if (!(error instanceof DomainError && error.code === 'OVERLOADED')) throw error;
    }
  }

  /** @throws INVALID_CREDENTIALS if the password was changed since it was verified */
  private open(user: User, refreshToken: IssuedToken | null): OpenedSession {
    if (!refreshToken) throw invalidCredentials();
    const accessToken = this.jwt.sign(claimsOf(user));
    const session = { user: viewUser(user), accessToken, expiresIn: ACCESS_TOKEN_SECONDS };
    return { session, refreshToken };
  }
}

const invalidCredentials = () =>
  new DomainError('unauthenticated', 'INVALID_CREDENTIALS', 'E-mail address or password is wrong.');

const refreshInvalid = () =>
  new DomainError('unauthenticated', 'REFRESH_INVALID', 'The session has ended; sign in again.');
