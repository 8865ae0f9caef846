package dev.psat.benchmarks.spire.tls;

/**
 * What the client is made of.
 */
enum HttpLibrary {

	JDK("JDK"), HTTP_COMPONENTS("HttpComponents");

	private final String words;

	HttpLibrary(String words) {
		this.words = words;
	}

	@Override
	public String toString() {
		return this.words;
	}

}
