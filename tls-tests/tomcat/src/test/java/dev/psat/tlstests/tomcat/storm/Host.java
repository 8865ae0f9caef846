package dev.psat.tlstests.tomcat.storm;

import dev.psat.tlstests.Credential;
import dev.psat.tlstests.HttpPeer;
import dev.psat.tlstests.TlsVersion;

import org.springframework.web.client.RestClient;

/**
 * The server of a guest that never has another SVID, and is visited for as long as it
 * may. Its port stays the same, since clients keep connections to ports that are gone.
 */
final class Host implements AutoCloseable {

	private final Member visitor;

	private final RestClient client;

	private final HttpPeer server;

	private volatile Credential credential;

	/**
	 * Start a server.
	 * @param visitor the member that visits it
	 * @param credential the credential of a guest
	 */
	Host(Member visitor, Credential credential) {
		this.visitor = visitor;
		this.client = visitor.client();
		this.credential = credential;
		this.server = new HttpPeer(credential, TlsVersion.TLS_1_3);
	}

	/**
	 * End all visits, and have another credential from now on.
	 * @param credential the credential of a guest
	 */
	void renew(Credential credential) {
		this.credential = credential;
		this.server.renew(credential);
	}

	/**
	 * Let the member visit.
	 */
	void receive() {
		Credential before = this.credential;
		this.client.get().uri(this.server.uri()).retrieve().toBodilessEntity();
		if (before == this.credential) {
			this.visitor.doorkeeper().believe(before.leaf());
		}
	}

	@Override
	public void close() {
		this.server.close();
	}

}
