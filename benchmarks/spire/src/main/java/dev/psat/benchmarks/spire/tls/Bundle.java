package dev.psat.benchmarks.spire.tls;

/**
 * What both sides of a connection have.
 */
enum Bundle {

	/** Ours, which never resumes a session. */
	SVID("SVID bundle"),

	/** The first one again, which tells how much servers of equal settings differ. */
	AGAIN("SVID bundle, once more"),

	/** Ours, whose connections last whatever becomes of their cause. */
	KEPT("SVID bundle, `keep`"),

	/** PEM bundle of Spring Boot, whose client forgets its sessions before each call. */
	PEM("PEM bundle");

	private final String words;

	Bundle(String words) {
		this.words = words;
	}

	@Override
	public String toString() {
		return this.words;
	}

}
