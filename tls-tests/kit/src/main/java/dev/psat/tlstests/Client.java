package dev.psat.tlstests;

import java.nio.file.Path;

/**
 * Kinds of clients. A test is skipped if the program of its client is not installed.
 */
public enum Client {

	/** A JDK socket. */
	JAVA,

	/**
	 * {@code openssl s_client}.
	 */
	OPENSSL,

	/**
	 * {@code curl}.
	 */
	CURL;

	Caller caller(Path directory) {
		return switch (this) {
			case JAVA -> new JavaCaller();
			case OPENSSL -> new OpenSslCaller(directory);
			case CURL -> new CurlCaller(directory);
		};
	}

}
