// Where the API begins: known without loading it.

export const apiBase = '/api/v1';
