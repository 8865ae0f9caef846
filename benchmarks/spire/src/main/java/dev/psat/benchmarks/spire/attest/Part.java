package dev.psat.benchmarks.spire.attest;

/**
 * What an attestation is made of, to be measured by itself.
 */
enum Part {

	KEYS("pair of keys", 2),

	REQUEST("certificate request", 2),

	HTTP_CLIENT("`HttpClient` and TLS context", 3),

	CONNECT("TCP connection", 3),

	HANDSHAKE("TLS 1.3 handshake, blocking socket, no check of the server", 2),

	MUTUAL_HANDSHAKE("the same with a client certificate", 1),

	SERVER("our check of the server, whose signature the JDK has cached", 3),

	SVID("our check of a returned SVID's chain", 2),

	CALL("`GetBundle` on an open connection, with `sendAsync`", 4),

	CALL_WITHOUT_DEADLINE("the same with `send`", 0);

	private final String text;

	private final int count;

	Part(String text, int count) {
		this.text = text;
		this.count = count;
	}

	String text() {
		return this.text;
	}

	/**
	 * Return how many there are in an attestation.
	 * @return the number, 0 if the part is there to be compared with another one
	 */
	int count() {
		return this.count;
	}

}
