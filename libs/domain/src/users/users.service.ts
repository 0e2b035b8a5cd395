import { IsNull, type DataSource } from 'typeorm';
import { readClock } from '../database/database-clock.js';
import { newId } from '../ids/new-id.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { canonicalEmail } from './canonical-email.js';
import { badEmail, emailTaken, smsNeedsPhone, unknownUser } from './user-errors.js';
import { RefreshToken } from './refresh-token.entity.js';
import { User, type UserRole } from './user.entity.js';

export interface NewUser {
  email: string;
  /** Already hashed. */
  passwordHash: string;
  name?: string | null;
  role: UserRole;
}

/** A user's notification settings. */
export type Preferences = Pick<
  User,
  'locale' | 'phone' | 'emailNotifications' | 'smsNotifications'
>;

/** Accounts. E-mail addresses are kept as written, and compared by their canonical form. */
export class UsersService {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws EMAIL_TAKEN, VALIDATION_FAILED if the address has no canonical form */
  async create({ email, passwordHash, name, role }: NewUser): Promise<User> {
    const emailCanonical = canonicalEmail(email);
    if (emailCanonical === null) throw badEmail();
    const id = newId();
    try {
      await this.dataSource.manager.insert(User, {
        id,
        email,
        emailCanonical,
        passwordHash,
        name: name ?? null,
        role,
      });
    } catch (error) {
      throw isUniqueViolation(error) ? emailTaken() : error;
    }
    return this.dataSource.manager.findOneByOrFail(User, { id });
  }

  findById(id: string): Promise<User | null> {
    return this.dataSource.manager.findOneBy(User, { id });
  }

  /** @param email in any spelling; an account without a canonical form is found by its own only */
  findByEmail(email: string): Promise<User | null> {
    return this.dataSource
      .createQueryBuilder(User, 'user')
      .where('user.emailCanonical = :canonical', { canonical: canonicalEmail(email) })
      .orWhere('(user.emailCanonical IS NULL AND lower(user.email) = lower(:email))', { email })
      .orderBy('user.emailCanonical', 'ASC', 'NULLS LAST')
      .limit(1)
      .getOne();
  }

  /**
   * Makes an account an admin's, of whoever knows the new password only: the sessions end with the
   * old one.
   */
  async promote(id: string, passwordHash: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.update(User, { id }, { role: 'ADMIN', passwordHash });
      const open = { userId: id, revokedAt: IsNull() };
      await manager.update(RefreshToken, open, { revokedAt: await readClock(manager) });
    });
  }

  /** Unless the password was changed meanwhile. */
  async renewPasswordHash(id: string, from: string, to: string): Promise<void> {
    await this.dataSource.manager.update(User, { id, passwordHash: from }, { passwordHash: to });
  }

  /** @throws UNAUTHORIZED if the account is gone, VALIDATION_FAILED for SMS without a phone */
  async changePreferences(id: string, changes: Partial<Preferences>): Promise<User> {
    return this.dataSource.transaction(async (manager) => {
      const user = await manager.findOne(User, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      if (!user) throw unknownUser();
      Object.assign(user, changes);
      if (user.smsNotifications && user.phone === null) throw smsNeedsPhone();
      return manager.save(user);
    });
  }
}
