// Views of the dashboard, in the order of their tabs; each is loaded when it is first opened.

import type { View } from './screen.ts';

export const views: readonly View[] = [
  {
    key: '1',
    name: 'overview',
    title: 'Overview',
    load: async () => (await import('../views/overview/overview.tsx')).Overview,
  },
  { key: '2', name: 'flows', title: 'Flows', load: async () => (await import('../views/flows/flows.tsx')).Flows },
  { key: '3', name: 'hosts', title: 'Hosts', load: async () => (await import('../views/hosts/hosts.tsx')).Hosts },
  {
    key: '4',
    name: 'protocols',
    title: 'Protocols',
    load: async () => (await import('../views/protocols/protocols.tsx')).Protocols,
  },
  { key: '5', name: 'alerts', title: 'Alerts', load: async () => (await import('../views/alerts/alerts.tsx')).Alerts },
  {
    key: '6',
    name: 'performance',
    title: 'Performance',
    load: async () => (await import('../views/performance/performance.tsx')).Performance,
  },
  { key: '7', name: 'map', title: 'Map', load: async () => (await import('../views/map/map.tsx')).MapView },
  { key: '8', name: 'health', title: 'Health', load: async () => (await import('../views/health/health.tsx')).Health },
  {
    key: '9',
    name: 'history',
    title: 'History',
    load: async () => (await import('../views/history/history.tsx')).History,
  },
];
