package dev.psat.tlstests;

/**
 * TLS versions, with their names in Java, openssl and curl.
 */
public enum TlsVersion {

	TLS_1_2("TLSv1.2", "-tls1_2", "1.2"),

	TLS_1_3("TLSv1.3", "-tls1_3", "1.3");

	private final String protocol;

	private final String opensslOption;

	private final String curlVersion;

	TlsVersion(String protocol, String opensslOption, String curlVersion) {
		this.protocol = protocol;
		this.opensslOption = opensslOption;
		this.curlVersion = curlVersion;
	}

	public String protocol() {
		return this.protocol;
	}

	String opensslOption() {
		return this.opensslOption;
	}

	String curlVersion() {
		return this.curlVersion;
	}

}
