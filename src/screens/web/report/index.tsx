/**
 * A report as one page: reads its data out of the page itself, draws the views, asks nobody.
 *
 * Guarantees: no request leaves; text from the network becomes text nodes; without this script the page still has its
 * summary in tables.
 */
import './report.css';
import { render } from 'preact';
import type { ReportData } from '../../api/index.ts';
import { Report } from './report.tsx';
import { reportScreen } from './report-screen.ts';

const data = JSON.parse(document.getElementById('report-data')!.textContent ?? '') as ReportData;
const room = document.getElementById('app')!;
room.replaceChildren();
render(<Report data={data} screen={reportScreen(data)} />, room);
