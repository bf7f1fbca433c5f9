/** What vendors of the chat completions format do their own way, said as data. */
export { type ChatHabits, compatible } from './habits.ts';
export { messagesRule } from './messages.ts';
export { reasoningRule } from './reasoning.ts';
