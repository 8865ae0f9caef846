package dev.psat.spire.internal;

/**
 * How this application introduces itself.
 */
public final class UserAgent {

	private UserAgent() {
	}

	/**
	 * Return the name and version of this library.
	 */
	public static String value() {
		String version = UserAgent.class.getPackage().getImplementationVersion();
		return (version != null) ? "psat-spring-boot/" + version : "psat-spring-boot";
	}

}
