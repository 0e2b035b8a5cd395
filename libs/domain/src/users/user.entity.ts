import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

export const USER_ROLES = ['CUSTOMER', 'ADMIN'] as const;
export type UserRole = (typeof USER_ROLES)[number];

/** The languages that people are written to in. */
export const LOCALES = ['en', 'hi'] as const;
export type Locale = (typeof LOCALES)[number];

/** The unique index on `lower(email)` stands in the migration: TypeORM cannot express it. */
@Entity('users')
@Index('users_email_canonical_key', ['emailCanonical'], { unique: true })
@Check('users_sms_needs_phone_check', 'phone IS NOT NULL OR NOT sms_notifications')
export class User {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'users_pkey' })
  id: string;

  /** As it was written. */
  @Column({ type: 'text' })
  email: string;

  /**
   * By which the account is found. Null where the release before opened it and the worker has not
   * filled it yet, and where an old address has no canonical form.
   */
  @Column({ name: 'email_canonical', type: 'text', nullable: true })
  emailCanonical: string | null;

  @Column({ name: 'password_hash', type: 'text' })
  passwordHash: string;

  @Column({ type: 'text', nullable: true })
  name: string | null;

  @Column({ type: 'enum', enum: USER_ROLES, enumName: 'user_role', default: 'CUSTOMER' })
  role: UserRole;

  @Column({ type: 'enum', enum: LOCALES, enumName: 'user_locale', default: 'en' })
  locale: Locale;

  /** E.164, such as `+919876543210`. */
  @Column({ type: 'text', nullable: true })
  phone: string | null;

  @Column({ name: 'email_notifications', type: 'boolean', default: true })
  emailNotifications: boolean;

  @Column({ name: 'sms_notifications', type: 'boolean', default: false })
  smsNotifications: boolean;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
