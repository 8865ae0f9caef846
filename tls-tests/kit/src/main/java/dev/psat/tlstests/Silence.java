package dev.psat.tlstests;

/**
 * When a client falls silent.
 */
public enum Silence {

	/** Once its handshake is over. */
	AFTER_HANDSHAKE,

	/** In the middle of the head of its first request. */
	IN_HEAD,

	/** Once a request has been answered. */
	BETWEEN_REQUESTS,

	/** Once it hears events. */
	AMONG_EVENTS,

	/** Once it has a WebSocket. */
	ON_WEB_SOCKET,

	/** Once its handshake has chosen HTTP/2. */
	BEFORE_PREFACE,

	/** Over HTTP/2, before it has opened a stream. */
	WITHOUT_STREAM;

	boolean isHttp2() {
		return this == BEFORE_PREFACE || this == WITHOUT_STREAM;
	}

}
