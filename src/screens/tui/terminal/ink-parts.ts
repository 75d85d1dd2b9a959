// What is taken of Ink and React. scripts/build.mjs makes a file of its own of this one, in production mode, which is
// loaded when a screen is opened and not before.

export { render, Text, Transform, useInput } from 'ink';
export { createElement } from 'react';
