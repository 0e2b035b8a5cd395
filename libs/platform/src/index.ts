export * from './config/load-config.js';
export * from './config/process-config.js';
export * from './feed/feed-adapter.js';
export * from './health/health-checks.js';
export * from './logging/logger.js';
export * from './metrics/operator-server.js';
export * from './shutdown/fail-start.js';
export * from './shutdown/run-until-signal.js';
