/**
 * The browser's dashboard, and the report made of the same pieces.
 *
 * Guarantees: text from the network becomes text nodes and nothing else; no request leaves for another server; what is
 * looked at is in the address behind `#`; every value is made to look by `screens/present`; colour is never the only sign.
 */
import './look/index.css';
import { start } from './shell/start.tsx';

void start(document.getElementById('app')!);
