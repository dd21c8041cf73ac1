/** Conventional Commits; a body may quote what it likes, in lines of any length. */
export default {
  extends: ['@commitlint/config-conventional'],
  rules: { 'body-max-line-length': [0], 'footer-max-line-length': [0] },
};
