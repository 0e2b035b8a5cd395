import type { ChangePreferences, Locale, Preferences } from '../../lib/api/types';

export interface PreferencesFormValues {
  locale: Locale;
  email: boolean;
  sms: boolean;
  phone: string;
}

export function valuesOfPreferences(preferences: Preferences): PreferencesFormValues {
  return { ...preferences, phone: preferences.phone ?? '' };
}

/** An empty field removes the number. */
export function toChangePreferences(values: PreferencesFormValues): ChangePreferences {
  return { ...values, phone: values.phone.trim() || null };
}
