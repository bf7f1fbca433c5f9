import { matrix } from '../matrix.ts';
import { aiAnthropic } from './ai-packages.ts';

matrix(aiAnthropic);
