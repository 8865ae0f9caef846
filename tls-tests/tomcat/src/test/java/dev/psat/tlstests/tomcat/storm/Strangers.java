package dev.psat.tlstests.tomcat.storm;

import java.util.List;
import java.util.Map;

import dev.psat.support.soak.Violations;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.HttpPeer;
import dev.psat.tlstests.TlsVersion;

/**
 * Those around a member that nothing of ours has made.
 *
 * @param intruders credentials of clients that it must not let in, by what is wrong with
 * them
 * @param impostors servers that it must not believe, with the same credentials
 */
record Strangers(Map<String, Credential> intruders, List<HttpPeer> impostors) {

	static Strangers of(Map<String, Credential> wrong) {
		return new Strangers(wrong, wrong.values().stream().map(Strangers::server).toList());
	}

	private static HttpPeer server(Credential credential) {
		return new HttpPeer(credential, TlsVersion.TLS_1_3);
	}

	/**
	 * Close all servers.
	 * @param violations is told if anybody has believed an impostor
	 */
	void close(Violations violations) {
		this.impostors.forEach((impostor) -> {
			if (impostor.requests() > 0) {
				violations.add("An impostor was sent %d requests".formatted(impostor.requests()));
			}
			impostor.close();
		});
	}

}
