// The first page of a server without a dashboard.

export const headlessPage = (version: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Taplight ${version}</title>
<h1>Taplight ${version}</h1>
<p>This server runs without a dashboard. It answers programs:</p>
<ul>
<li><a href="/api/v1/status">/api/v1/status</a> what runs here</li>
<li><a href="/api/v1/live">/api/v1/live</a> the latest snapshot</li>
<li><a href="/api/v1/alerts">/api/v1/alerts</a> alerts that were kept</li>
<li><a href="/metrics">/metrics</a> counters for Prometheus</li>
<li><a href="/api/v1/openapi.json">/api/v1/openapi.json</a> all of it, described</li>
</ul>
</html>
`;
