/** The role that API and worker use in tests, as the parts of its URL. */
export const APPLICATION = { username: 'modex_app', password: 'of-the-tests' };
