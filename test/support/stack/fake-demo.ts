import { existsSync } from 'node:fs';

if (existsSync('.holdfast/stack.json')) process.stdout.write('The demo found the stack.\n');
