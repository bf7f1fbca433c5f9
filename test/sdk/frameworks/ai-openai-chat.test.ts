import { matrix } from '../matrix.ts';
import { aiOpenAIChat } from './ai-packages.ts';

matrix(aiOpenAIChat);
