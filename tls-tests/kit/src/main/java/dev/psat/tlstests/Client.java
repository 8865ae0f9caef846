package dev.psat.tlstests;

import java.nio.file.Path;

/**
 * The kinds of clients. One whose program is not installed skips the test that calls it.
 */
public enum Client {

	/** A socket of the JDK. */
	JAVA,

	/** {@code openssl s_client}. */
	OPENSSL,

	/** {@code curl}. */
	CURL;

	Caller caller(Path directory) {
		return switch (this) {
			case JAVA -> new JavaCaller();
			case OPENSSL -> new OpenSslCaller(directory);
			case CURL -> new CurlCaller(directory);
		};
	}

}
