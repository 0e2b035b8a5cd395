/**
 * @typedef {object} Instruction
 * @property {string} name in capitals
 * @property {string} rest
 */

/**
 * @param {string} text of a Dockerfile
 * @returns {Instruction[]}
 */
export function readDockerfile(text) {
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
      return { name: name.toUpperCase(), rest };
    });
}
