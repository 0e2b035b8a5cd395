import {
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
import { PasswordHasher } from './password-hasher.js';

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
    return this.open(user, await this.refreshTokens.issue(user.id));
  }

  /** @throws INVALID_CREDENTIALS, OVERLOADED */
  async login({ email, password }: Login): Promise<OpenedSession> {
    const user = await this.users.findByEmail(email);
    const matches = await this.passwords.verify(user?.passwordHash ?? null, password);
    if (!user || !matches) throw invalidCredentials();
    return this.open(user, await this.refreshTokens.issue(user.id));
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

  private open(user: User, refreshToken: IssuedToken): OpenedSession {
    const accessToken = this.jwt.sign(claimsOf(user));
    const session = { user: viewUser(user), accessToken, expiresIn: ACCESS_TOKEN_SECONDS };
    return { session, refreshToken };
  }
}

const invalidCredentials = () =>
  new DomainError('unauthenticated', 'INVALID_CREDENTIALS', 'E-mail address or password is wrong.');

const refreshInvalid = () =>
  new DomainError('unauthenticated', 'REFRESH_INVALID', 'The session has ended; sign in again.');
