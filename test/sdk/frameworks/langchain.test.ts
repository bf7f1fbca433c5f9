import { matrix } from '../matrix.ts';
import { langChainChat } from './langchain.ts';

matrix(langChainChat);
